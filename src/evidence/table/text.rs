//! CSV files, plain or compressed, read pass by pass.

use super::Progress;
use super::counts::CountShard;
use super::csv::{Consumer, Halt, Table};
use super::error::Cause;
use super::outcome::{self, Counted};
use super::plan::{CountPlan, Plan};
use super::request::{Limits, Request};
use super::scores::Passes;
use super::shard::{Part, Shard};
use super::source::{Digested, Form, Text, cause};
use super::split::CHUNK;
use crate::files::{Content, Opened};

/// An open file.
pub(super) struct File<'a> {
    content: Box<dyn Content>,
    bytes: u64,
    form: Form,
    limits: Limits,
    progress: &'a (dyn Fn(Progress) + Sync),
    passes: u32,
    /// What every pass must have read.
    sha256: Box<str>,
}

impl<'a> File<'a> {
    pub(super) fn new(
        opened: Opened,
        form: Form,
        limits: Limits,
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Self {
        Self {
            content: opened.content,
            bytes: opened.bytes,
            form,
            limits,
            progress,
            passes: 0,
            sha256: Box::default(),
        }
    }

    pub(super) fn count(mut self, request: &Request) -> Result<Counted, Cause> {
        let limits = self.limits;
        let (plan, lines) = {
            let (header, table) = self.open()?;
            let lines = table.header_lines();
            (Plan::new(header, request, &limits)?, lines)
        };
        let mut whole = Part {
            lines,
            ..Part::default()
        };
        if let Some(columns) = &plan.counts {
            return self.groups(&plan, columns, whole);
        }
        let threads = limits.threads.max(1);
        let mut shards: Vec<Shard<'_>> = (0..threads).map(|_| Shard::new(&plan, threads)).collect();
        let (halt, sha256) = self.read(&mut shards, |part: Part| whole.append(&part))?;
        let merged = outcome::merge(&plan, shards)?;
        self.judge(&plan, &whole, halt)?;
        self.sha256 = sha256?;
        let (bytes, sha256) = (self.bytes, self.sha256.clone());
        outcome::rows(&plan, merged, &mut self, |counts| {
            outcome::counted(counts, whole.rows, bytes, sha256)
        })
    }

    /// Counts evidence.
    fn groups(
        mut self,
        plan: &Plan,
        columns: &CountPlan,
        mut whole: Part,
    ) -> Result<Counted, Cause> {
        let mut shard = [CountShard::new(plan, columns)];
        let (halt, sha256) = self.read(&mut shard, |part: Part| whole.append(&part))?;
        let [shard] = shard;
        shard.overflow()?;
        self.judge(plan, &whole, halt)?;
        Ok(shard.into_counted(whole.rows, self.bytes, sha256?))
    }

    fn judge(&self, plan: &Plan, whole: &Part, halt: Option<Halt>) -> Result<(), Cause> {
        if let Some(halt) = halt {
            return Err(halt.cause(whole.rows, whole.lines, self.limits.record));
        }
        whole.verdict(plan)?;
        if whole.rows == 0 {
            return Err(Cause::NoRows);
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(Vec<String>, Table<Text<'_>>), Cause> {
        let source = Digested::new(self.content.as_mut()).map_err(|error| cause(&error))?;
        let text = Text::new(source, self.form, self.limits.bytes);
        Table::open(text, CHUNK, self.limits.record)
    }

    /// One pass, with the digest of what it read.
    #[expect(
        clippy::type_complexity,
        reason = "a digest of a file that was not read to its end means nothing"
    )]
    fn read<C: Consumer>(
        &mut self,
        consumers: &mut [C],
        fold: impl FnMut(C::Part) + Send,
    ) -> Result<(Option<Halt>, Result<Box<str>, Cause>), Cause> {
        self.passes += 1;
        let (bytes, pass, progress) = (self.bytes, self.passes, self.progress);
        let (_, table) = self.open()?;
        let (text, halt) = table.records(consumers, fold, |text: &Text<'_>| {
            progress(Progress {
                read: text.bytes(),
                bytes,
                pass,
            });
        });
        let source = text.into_source();
        let sha256 = if source.bytes == bytes {
            Ok(source.sha256())
        } else {
            Err(Cause::Changed)
        };
        Ok((halt, sha256))
    }
}

impl Passes for File<'_> {
    fn pass<C: Consumer<Part = ()>>(&mut self, consumers: &mut [C]) -> Result<(), Cause> {
        let (halt, sha256) = self.read(consumers, |()| ())?;
        if halt.is_some() || sha256? != self.sha256 {
            return Err(Cause::Changed);
        }
        Ok(())
    }
}
