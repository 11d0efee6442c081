//! The counts of groups: all that a metric on decisions needs, however many rows it came from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settings::Key;

/// How many rows of a group were right and wrong. Positive is the favourable outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Got it and deserved it.
    pub tp: u64,
    /// Got it and did not deserve it.
    pub fp: u64,
    /// Did not get it and did not deserve it.
    pub tn: u64,
    /// Did not get it and deserved it.
    pub fn_: u64,
}

/// What was counted of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub n: u64,
    /// Rows with the favourable prediction.
    pub selected: u64,
    /// Right and wrong; `None` where the evidence has no labels.
    pub confusion: Option<Confusion>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its value of each attribute, in the order of [`Counts::attributes`]; `None` where missing.
    pub key: Key,
    /// What was counted.
    pub tally: Tally,
}

/// The counts of every group of an intersection of attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The attributes, as their columns are named.
    pub attributes: Vec<Arc<str>>,
    /// The groups that occur, sorted by key, each once; a missing value sorts first.
    pub groups: Vec<Group>,
}

/// Some of the attributes of a group, by their places.
pub(super) struct Columns {
    pub(super) names: Vec<Arc<str>>,
    places: Vec<usize>,
}

impl Columns {
    /// `None` where one of them is not there.
    pub(super) fn of<S: AsRef<str>>(has: &[Arc<str>], wanted: &[S]) -> Option<Self> {
        let places: Vec<usize> = wanted
            .iter()
            .map(|wanted| has.iter().position(|has| **has == *wanted.as_ref()))
            .collect::<Option<_>>()?;
        let names = places.iter().filter_map(|&at| has.get(at).cloned());
        Some(Self {
            names: names.collect(),
            places,
        })
    }

    /// The values of these attributes.
    pub(super) fn of_key(&self, key: &Key) -> Key {
        self.places
            .iter()
            .map(|&at| key.get(at).cloned().flatten())
            .collect()
    }
}

impl Confusion {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            tp: self.tp.saturating_add(other.tp),
            fp: self.fp.saturating_add(other.fp),
            tn: self.tn.saturating_add(other.tn),
            fn_: self.fn_.saturating_add(other.fn_),
        }
    }
}

impl Tally {
    /// The sum of both. Without labels in one of them there are none in the sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            selected: self.selected.saturating_add(other.selected),
            confusion: match (self.confusion, other.confusion) {
                (Some(a), Some(b)) => Some(a.plus(b)),
                _ => None,
            },
        }
    }
}

impl Counts {
    /// The counts over some of the attributes, in the order given: what a pass over the finest
    /// groups gives for every assessment. `None` where one of them was not counted.
    pub fn over<S: AsRef<str>>(&self, attributes: &[S]) -> Option<Self> {
        let columns = Columns::of(&self.attributes, attributes)?;
        let mut sums: BTreeMap<Key, Tally> = BTreeMap::new();
        for group in &self.groups {
            sums.entry(columns.of_key(&group.key))
                .and_modify(|sum| *sum = sum.plus(group.tally))
                .or_insert(group.tally);
        }
        Some(Self {
            attributes: columns.names,
            groups: sums
                .into_iter()
                .map(|(key, tally)| Group { key, tally })
                .collect(),
        })
    }

    /// All groups together; `None` where there is none.
    pub fn total(&self) -> Option<Tally> {
        self.groups
            .iter()
            .map(|group| group.tally)
            .reduce(Tally::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn group(key: &[&str], [tp, fp, tn, fn_]: [u64; 4]) -> Group {
        let some = |value: &&str| (!value.is_empty()).then(|| Arc::from(*value));
        Group {
            key: key.iter().map(some).collect(),
            tally: Tally {
                n: tp + fp + tn + fn_,
                selected: tp + fp,
                confusion: Some(Confusion { tp, fp, tn, fn_ }),
            },
        }
    }

    #[test]
    fn an_attribute_alone_is_the_sum_over_the_others() {
        let fine = Counts {
            attributes: vec!["sex".into(), "age".into()],
            groups: vec![
                group(&["", "old"], [1, 0, 0, 0]),
                group(&["f", "old"], [1, 2, 3, 4]),
                group(&["f", "young"], [10, 20, 30, 40]),
                group(&["m", "old"], [5, 5, 5, 5]),
            ],
        };
        let by_sex = fine.over(&["sex"]).unwrap();
        assert_eq!(
            by_sex.groups,
            [
                group(&[""], [1, 0, 0, 0]),
                group(&["f"], [11, 22, 33, 44]),
                group(&["m"], [5, 5, 5, 5]),
            ]
        );
        assert_eq!(fine.over(&["race"]), None);
        assert_eq!(by_sex.total().map(|tally| tally.n), Some(131));
        let turned = fine.over(&["age", "sex"]).unwrap();
        assert_eq!(turned.over(&["sex"]).unwrap().groups, by_sex.groups);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_on_the_way_to_fewer_attributes(
            groups in proptest::collection::btree_map(
                (0_u8..3, 0_u8..3, 0_u8..3), [0_u64..1000, 0_u64..1000, 0_u64..1000, 0_u64..1000], 1..20,
            ),
        ) {
            let name = |n: u8| (n > 0).then(|| Arc::from(n.to_string()));
            let fine = Counts {
                attributes: ["a", "b", "c"].map(Arc::from).to_vec(),
                groups: groups
                    .into_iter()
                    .map(|((a, b, c), cells)| Group {
                        key: vec![name(a), name(b), name(c)],
                        tally: group(&[], cells).tally,
                    })
                    .collect(),
            };
            let pair = fine.over(&["c", "a"]).unwrap();
            prop_assert_eq!(pair.total(), fine.total());
            prop_assert_eq!(pair.over(&["a"]), fine.over(&["a"]));
            prop_assert_eq!(fine.over(&fine.attributes), Some(fine.clone()));
            prop_assert!(pair.groups.is_sorted_by(|one, next| one.key < next.key));
        }
    }
}
