//! CSV files, plain or compressed, read pass by pass.

use super::Progress;
use super::counts::CountShard;
use super::csv::{Consumer, Halt, Table};
use super::error::Cause;
use super::outcome::{self, Counted};
use super::part::Part;
use super::personal::{self, Sample};
use super::plan::{CountPlan, Plan};
use super::request::{Limits, Request};
use super::scores::Passes;
use super::shard::Shard;
use super::source::{Digested, Form, Text, cause};
use crate::files::{Content, Opened};

/// An open file.
pub(super) struct File<'a> {
    content: Box<dyn Content>,
    bytes: u64,
    form: Form,
    limits: Limits,
    progress: &'a (dyn Fn(Progress) + Sync),
    passes: u32,
    /// What the columns of the request were looked up in.
    header: Vec<String>,
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
            header: Vec::new(),
            sha256: Box::default(),
        }
    }

    pub(super) fn count(mut self, request: &Request) -> Result<Counted, Cause> {
        let limits = self.limits;
        let (header, lines) = {
            let (header, table) = self.open()?;
            (header, table.header_lines())
        };
        self.header.clone_from(&header);
        let plan = Plan::new(header, request, &limits)?;
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
        let samples: Vec<Sample> = shards.iter_mut().map(Shard::take_sample).collect();
        let merged = outcome::merge(&plan, shards)?;
        self.judge(&plan, &whole, halt)?;
        self.sha256 = sha256?;
        let (bytes, sha256) = (self.bytes, self.sha256.clone());
        let counted = outcome::rows(&plan, merged, &mut self, |counts| {
            outcome::counted(counts, whole.rows, bytes, sha256)
        })?;
        Ok(Counted {
            personal: personal::columns(&plan, samples),
            ..counted
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
        Ok(Counted {
            personal: personal::columns(plan, []),
            ..shard.into_counted(whole.rows, self.bytes, sha256?)
        })
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
        Table::open(text, self.limits.chunk, self.limits.record)
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
        let known = std::mem::take(&mut self.header);
        let (header, table) = self.open()?;
        if header != known {
            return Err(Cause::Changed);
        }
        let (text, halt) = table.records(consumers, fold, |text: &Text<'_>| {
            progress(Progress {
                read: text.bytes(),
                bytes,
                pass,
            });
        });
        let source = text.into_source();
        let same = source.bytes == bytes;
        let sha256 = if same {
            Ok(source.sha256())
        } else {
            Err(Cause::Changed)
        };
        self.header = known;
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
