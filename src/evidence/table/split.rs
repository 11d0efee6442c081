//! Cuts a CSV file into chunks that end where records end, so that they can be parsed apart.
//!
//! A line break inside quotes ends no record, so whether a byte is quoted must be known from the
//! beginning of the file on. That takes only the quotes, which `memchr` finds far faster than fields
//! can be parsed; and it is right only where quotes stand as RFC 4180 has them, so others are refused.

use std::io;

use memchr::{memchr_iter, memrchr};

use super::source::Source;

/// What some programs put before UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Why no chunk came.
#[derive(Debug)]
pub(super) enum Stop {
    /// The source gave an error.
    Io(io::Error),
    /// A quote stands inside a field that does not begin with one.
    QuoteInside,
    /// Something else than a comma or a line break follows the closing quote.
    AfterQuote,
    /// The file ends within quotes.
    Unclosed,
    /// A record is longer than allowed.
    TooLong,
}

/// The chunks of a source.
pub(super) struct Splitter<R> {
    source: R,
    /// Bytes that are read and not given out.
    held: Vec<u8>,
    /// Up to where in `held` quotes were looked for.
    scanned: usize,
    /// Where in `held` the last record ends that ends there.
    end: usize,
    begun: bool,
    quoted: bool,
    at_end: bool,
    chunk: usize,
    longest: usize,
    /// Found while there were records before it to be given out.
    stop: Option<Stop>,
}

impl<R: Source> Splitter<R> {
    /// Chunks of about `chunk` bytes; a record may have `longest`.
    pub(super) fn new(source: R, chunk: usize, longest: usize) -> Self {
        Self {
            source,
            held: Vec::new(),
            scanned: 0,
            end: 0,
            begun: false,
            quoted: false,
            at_end: false,
            chunk,
            longest,
            stop: None,
        }
    }

    /// Where the bytes come from.
    pub(super) fn source(&self) -> &R {
        &self.source
    }

    pub(super) fn into_source(self) -> R {
        self.source
    }

    /// The next whole records, into `chunk`, whose room is used again. False at the end. After an
    /// error there is nothing more.
    pub(super) fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, Stop> {
        chunk.clear();
        while self.end == 0 {
            if let Some(stop) = self.stop.take() {
                return Err(stop);
            }
            if self.at_end {
                return Ok(false);
            }
            if self.held.len() >= self.longest.max(self.chunk) {
                self.at_end = true;
                return Err(Stop::TooLong);
            }
            if let Err(stop) = self.fill() {
                self.at_end = true;
                if self.end == 0 {
                    return Err(stop);
                }
                self.stop = Some(stop);
            }
        }
        // The tail is the beginning of a record: short, so cheaper to copy than the records.
        chunk.extend_from_slice(self.held.get(self.end..).unwrap_or_default());
        self.held.truncate(self.end);
        std::mem::swap(chunk, &mut self.held);
        // After a wrong quote nothing more is scanned.
        self.scanned = self.scanned.saturating_sub(self.end);
        self.end = 0;
        Ok(true)
    }

    /// Reads on, and looks for the ends of records in what came.
    fn fill(&mut self) -> Result<(), Stop> {
        let more = if self.held.len() < self.chunk {
            self.chunk - self.held.len()
        } else {
            self.held.len()
        };
        self.held.reserve(more);
        let read = self
            .source
            .append(more as u64, &mut self.held)
            .map_err(Stop::Io)?;
        self.at_end = read < more;
        if !self.begun {
            if self.held.len() < BOM.len() && !self.at_end {
                return Ok(());
            }
            self.begun = true;
            if self.held.starts_with(BOM) {
                self.held.drain(..BOM.len());
            }
        }
        self.scan()?;
        if self.at_end {
            if self.quoted {
                return Err(Stop::Unclosed);
            }
            self.end = self.held.len();
        }
        Ok(())
    }

    fn scan(&mut self) -> Result<(), Stop> {
        let mut upto = self.held.len();
        // What follows a closing quote must be known when it is judged.
        if !self.at_end && self.held.last() == Some(&b'"') {
            upto -= 1;
            while upto > self.scanned && self.held.get(upto - 1) == Some(&b'"') {
                upto -= 1;
            }
        }
        let mut from = self.scanned;
        let held = self.held.as_slice();
        let new = held.get(from..upto).unwrap_or_default();
        for at in memchr_iter(b'"', new).map(|at| at + self.scanned) {
            if self.quoted {
                let after = held.get(at + 1);
                if !matches!(after, None | Some(b',' | b'\n' | b'\r' | b'"')) {
                    return Err(Stop::AfterQuote);
                }
            } else {
                if let Some(end) = held.get(from..at).and_then(|part| memrchr(b'\n', part)) {
                    self.end = from + end + 1;
                }
                let before = at.checked_sub(1).and_then(|before| held.get(before));
                if !matches!(before, None | Some(b',' | b'\n' | b'\r' | b'"')) {
                    return Err(Stop::QuoteInside);
                }
            }
            self.quoted = !self.quoted;
            from = at + 1;
        }
        if !self.quoted
            && let Some(end) = held.get(from..upto).and_then(|part| memrchr(b'\n', part))
        {
            self.end = from + end + 1;
        }
        self.scanned = upto;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(text: &str, size: usize) -> (Vec<String>, Option<String>) {
        let mut splitter = Splitter::new(text.as_bytes(), size, 1 << 20);
        let mut chunk = Vec::new();
        let mut all = Vec::new();
        loop {
            match splitter.next(&mut chunk) {
                Ok(true) => all.push(String::from_utf8(chunk.clone()).unwrap()),
                Ok(false) => return (all, None),
                Err(stop) => return (all, Some(format!("{stop:?}"))),
            }
        }
    }

    #[test]
    fn chunks_end_where_records_end_at_every_size() {
        let text = "a,\"b\n\"\"c\"\"\n\",d\r\n\"\",\"\"\n1,\"x\"\n\"\n\"\n\"\"\"\"\nlast";
        for size in 1..text.len() + 2 {
            let (chunks, stop) = chunks(text, size);
            assert_eq!(stop, None, "{size}");
            assert_eq!(chunks.concat(), text, "{size}");
            for chunk in chunks {
                assert_eq!(chunk.matches('"').count() % 2, 0, "{size}: {chunk:?}");
            }
        }
    }

    #[test]
    fn quotes_that_rfc_4180_does_not_have_are_refused_at_every_size() {
        for (text, wanted) in [
            ("a,b\nc\"d,e\n", "QuoteInside"),
            ("a,b\n\"c\"d,e\n", "AfterQuote"),
            ("a,b\n\"c\" ,e\n", "AfterQuote"),
            ("a,b\n \"c\",e\n", "QuoteInside"),
            ("a,b\n\"c,e\n", "Unclosed"),
            ("a,b\n\"c\"\"\n", "Unclosed"),
            ("a,b\n\"", "Unclosed"),
        ] {
            for size in 1..text.len() + 2 {
                let (chunks, stop) = chunks(text, size);
                assert_eq!(stop.as_deref(), Some(wanted), "{text:?} {size}");
                assert_eq!(chunks.concat(), "a,b\n", "{text:?} {size}");
            }
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_field() {
        for size in 1..12 {
            let (chunks, stop) = chunks("\u{FEFF}\"a\",b\n1,2\n", size);
            assert_eq!(stop, None, "{size}");
            assert_eq!(chunks.concat(), "\"a\",b\n1,2\n", "{size}");
        }
    }

    #[test]
    fn a_record_over_the_limit_stops() {
        let text = format!("a\n\"{}\"\n", "x\n".repeat(500));
        let mut splitter = Splitter::new(text.as_bytes(), 16, 100);
        let mut chunk = Vec::new();
        assert!(splitter.next(&mut chunk).unwrap());
        assert!(matches!(splitter.next(&mut chunk), Err(Stop::TooLong)));
    }
}
