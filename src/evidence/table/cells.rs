//! Columns of Parquet as cells: a value of few is a number in a list of texts, a quantity its own bytes.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, Decimal128Array};
use arrow_schema::DataType;
use csv::ByteRecord;
use rustc_hash::FxHashMap;

use super::batch::{Column, Text};

impl Column<'_> {
    /// Adds the cell of a row to a record: a text, or the eight bytes of a number.
    pub(super) fn cell(&self, row: usize, record: &mut ByteRecord) {
        match self {
            Self::Codes { texts, rows } => {
                let text = rows.get(row).and_then(|&code| texts.get(code as usize));
                record.push_field(text.map(Text::bytes).unwrap_or_default());
            }
            Self::Numbers(numbers) => match numbers.get(row).copied().flatten() {
                Some(number) => record.push_field(&number.to_le_bytes()),
                None => record.push_field(b""),
            },
        }
    }
}

/// Whether values of a type can be read.
pub(super) fn readable(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8
            | DataType::Binary
            | DataType::Boolean
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal128(_, _)
    )
}

/// Whether the values of a column that nobody asked for can be looked at.
pub(super) fn shown(kind: &DataType) -> bool {
    readable(kind) || matches!(kind, DataType::Dictionary(_, _) | DataType::Date32)
}

/// The column of an array; of numbers where `number`. `None` where the type is none of
/// [`readable`], texts as dictionaries.
pub(super) fn codes(array: &dyn Array, number: bool) -> Option<Column<'_>> {
    let column = match array.data_type() {
        DataType::Dictionary(_, _) => dictionary(array)?,
        DataType::Utf8 => {
            let values = array.as_string_opt::<i32>()?;
            each(values.iter().map(|value| value.map(str::as_bytes)))
        }
        DataType::Binary => each(array.as_binary_opt::<i32>()?.iter()),
        DataType::Date32 => {
            let values = array.as_primitive_opt::<Date32Type>()?;
            let mut texts = vec![Text::Lent(b"")];
            texts.extend((0..values.len()).map(|row| {
                let day = values.is_valid(row).then(|| values.value_as_date(row));
                Text::Own(
                    day.flatten()
                        .map_or_else(String::new, |day| day.to_string()),
                )
            }));
            let rows = (1..).take(values.len()).collect();
            Column::Codes { texts, rows }
        }
        DataType::Boolean => {
            let values = array.as_boolean_opt()?;
            let rows = values.iter().map(|value| match value {
                None => 0,
                Some(false) => 1,
                Some(true) => 2,
            });
            let own = |text: &str| Text::Own(text.to_owned());
            Column::Codes {
                rows: rows.collect(),
                texts: vec![own(""), own("false"), own("true")],
            }
        }
        DataType::Int8 => ints::<Int8Type>(array, number)?,
        DataType::Int16 => ints::<Int16Type>(array, number)?,
        DataType::Int32 => ints::<Int32Type>(array, number)?,
        DataType::Int64 => ints::<Int64Type>(array, number)?,
        DataType::UInt8 => ints::<UInt8Type>(array, number)?,
        DataType::UInt16 => ints::<UInt16Type>(array, number)?,
        DataType::UInt32 => ints::<UInt32Type>(array, number)?,
        DataType::UInt64 => ints::<UInt64Type>(array, number)?,
        DataType::Float32 => {
            let values = array.as_primitive_opt::<Float32Type>()?;
            floats(
                values.iter().map(|value| value.map(f64::from)),
                number,
                |value| {
                    // As short as the narrow type allows.
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "it was that narrow before"
                    )]
                    let narrow = value as f32;
                    format!("{narrow:?}")
                },
            )
        }
        DataType::Float64 => {
            let values = array.as_primitive_opt::<Float64Type>()?;
            floats(values.iter(), number, |value| format!("{value:?}"))
        }
        DataType::Decimal128(_, _) => {
            let values = array.as_any().downcast_ref::<Decimal128Array>()?;
            let mut found = Found::default();
            let rows = (0..values.len()).map(|row| {
                if values.is_null(row) {
                    return 0;
                }
                found.code(values.value(row).cast_unsigned(), || {
                    values.value_as_string(row)
                })
            });
            let rows = rows.collect();
            Column::Codes {
                rows,
                texts: found.texts,
            }
        }
        _ => return None,
    };
    Some(match column {
        Column::Codes { texts, rows } if number => {
            // A number that is written as a text; what is none becomes one that is not finite.
            let numbers: Vec<Option<f64>> = texts
                .iter()
                .map(|text| {
                    let text = std::str::from_utf8(text.bytes()).unwrap_or("?");
                    (!text.is_empty()).then(|| super::decision::number(text).unwrap_or(f64::NAN))
                })
                .collect();
            let rows = rows.iter();
            Column::Numbers(
                rows.map(|&code| numbers.get(code as usize).copied().flatten())
                    .collect(),
            )
        }
        column => column,
    })
}

/// Texts that are not looked up.
fn each<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> Column<'a> {
    let mut texts = vec![Text::Lent(b"")];
    texts.extend(values.map(|value| Text::Lent(value.unwrap_or_default())));
    let rows = (1..).take(texts.len() - 1).collect();
    Column::Codes { texts, rows }
}

fn dictionary(array: &dyn Array) -> Option<Column<'_>> {
    let array = array.as_dictionary_opt::<Int32Type>()?;
    let values = array.values();
    let mut texts = vec![Text::Lent(b"")];
    if let Some(values) = values.as_string_opt::<i32>() {
        texts.extend((0..values.len()).map(|at| Text::Lent(values.value(at).as_bytes())));
    } else {
        let values = values.as_binary_opt::<i32>()?;
        texts.extend((0..values.len()).map(|at| Text::Lent(values.value(at))));
    }
    let keys = array.keys();
    let code = |key: i32| u32::try_from(key).map_or(0, |key| key + 1);
    let rows = if keys.null_count() == 0 {
        keys.values().iter().map(|&key| code(key)).collect()
    } else {
        keys.iter().map(|key| key.map_or(0, code)).collect()
    };
    Some(Column::Codes { texts, rows })
}

/// Values that have occurred, in the order in which they did.
struct Found<'a> {
    codes: FxHashMap<u128, u32>,
    last: (u128, u32),
    texts: Vec<Text<'a>>,
}

impl Default for Found<'_> {
    fn default() -> Self {
        Self {
            codes: FxHashMap::default(),
            last: (0, 0),
            texts: vec![Text::Lent(b"")],
        }
    }
}

impl Found<'_> {
    fn code(&mut self, value: u128, text: impl FnOnce() -> String) -> u32 {
        if self.last.1 != 0 && self.last.0 == value {
            return self.last.1;
        }
        let next = u32::try_from(self.texts.len()).unwrap_or(0);
        let code = *self.codes.entry(value).or_insert(next);
        if code == next {
            self.texts.push(Text::Own(text()));
        }
        self.last = (value, code);
        code
    }
}

fn ints<T>(array: &dyn Array, number: bool) -> Option<Column<'_>>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i128> + Copy,
{
    /// Values so small are looked up in a table.
    const SMALL: usize = 256;
    let values = array.as_primitive_opt::<T>()?;
    if number {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a quantity is reckoned with as a double"
        )]
        let float = |value: T::Native| value.into() as f64;
        return Some(Column::Numbers(
            values.iter().map(|value| value.map(float)).collect(),
        ));
    }
    let mut found = Found::default();
    let mut small = [0_u32; SMALL];
    let mut code = |value: T::Native| {
        let value: i128 = value.into();
        let known = usize::try_from(value)
            .ok()
            .and_then(|value| small.get_mut(value));
        let text = || {
            let mut text = String::new();
            // Writing to a string does not fail.
            let _ = write!(text, "{value}");
            text
        };
        match known {
            Some(known) => {
                if *known == 0 {
                    *known = found.code(value.cast_unsigned(), text);
                }
                *known
            }
            None => found.code(value.cast_unsigned(), text),
        }
    };
    let rows = if values.null_count() == 0 {
        values.values().iter().map(|&value| code(value)).collect()
    } else {
        values
            .iter()
            .map(|value| value.map_or(0, &mut code))
            .collect()
    };
    Some(Column::Codes {
        texts: found.texts,
        rows,
    })
}

fn floats<'a>(
    values: impl Iterator<Item = Option<f64>>,
    number: bool,
    text: impl Fn(f64) -> String,
) -> Column<'a> {
    if number {
        return Column::Numbers(values.collect());
    }
    let mut found = Found::default();
    let rows = values.map(|value| {
        value.map_or(0, |value| {
            found.code(u128::from(value.to_bits()), || text(value))
        })
    });
    let rows = rows.collect();
    Column::Codes {
        rows,
        texts: found.texts,
    }
}
