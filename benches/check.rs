//! `check` against reading and parsing alone, in one run: `cargo bench --bench check`.
//!
//! Prints ratios of medians, never judges them: machines are shared and noisy.
//! `LAUNCHGATE_BENCH_DOCUMENTS` sets how many documents there are (10,000 by default).

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use launchgate::config::{Config, Disk};
use launchgate::discover::{Discovered, Request, discover};
use launchgate::engine::{CheckOptions, Gate, Inputs};
use launchgate::finding::Report;
use launchgate::source::{FileId, SourceFile, SourceMap};
use launchgate::value::{Limits, Syntax, read};
use rayon::prelude::*;

const ROUNDS: usize = 5;

fn main() {
    let documents = std::env::var("LAUNCHGATE_BENCH_DOCUMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    let bytes = generate(&root, documents);
    let tenth = root.join("part-0");
    println!(
        "{documents} documents, {:.1} KB each, {} threads, median of {ROUNDS} rounds\n",
        bytes as f64 / 1000.0 / documents as f64,
        rayon::current_num_threads()
    );

    let gate = Gate::new(Config::empty(root.clone()), SourceMap::default(), &Disk).unwrap();
    let found = find(&gate, &root);
    let paths: Vec<Utf8PathBuf> = found.inputs.iter().map(|input| root.join(&input.path)).collect();
    assert_eq!(paths.len(), documents);

    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(time(|| paths.par_iter().map(|path| fs::read_to_string(path).unwrap().len()).sum::<usize>()));
        times[1].push(time(|| paths.par_iter().map(|path| events(&fs::read_to_string(path).unwrap())).sum::<usize>()));
        times[2].push(time(|| paths.par_iter().map(|path| nodes(path)).sum::<usize>()));
        times[3].push(time(|| check(&gate, &root).findings.len()));
    }
    let [reading, parsing, tree, checking] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    let report = check(&gate, &root);
    println!("{:<44} {:>9} {:>22}", "", "time", "against YAML events");
    let row = |name: &str, time: Duration| {
        println!("{name:<44} {:>6.0} ms {:>21.2}x", time.as_secs_f64() * 1e3, time.as_secs_f64() / parsing.as_secs_f64());
    };
    row("read", reading);
    row("read, YAML events alone", parsing);
    row("read, spanned tree", tree);
    row(&format!("check: discover, read, judge by {} rules", report.summary.rules), checking);
    println!("\ncheck found {} of {} outcomes failing", report.summary.fail, outcomes(&report));

    if let (Some(small), Some(large)) = (peak_of(|| drop(check(&gate, &tenth))), peak_of(|| drop(check(&gate, &root)))) {
        println!(
            "peak resident memory: {:.0} MB for {} documents, {:.0} MB for {documents}",
            small as f64 / 1e6,
            documents / 10,
            large as f64 / 1e6
        );
    }
}

fn outcomes(report: &Report) -> usize {
    let summary = report.summary;
    summary.pass + summary.fail + summary.unknown + summary.not_applicable
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn find(gate: &Gate, folder: &Utf8Path) -> Discovered {
    let request = Request { current: folder.to_owned(), paths: Vec::new(), stdin: None };
    discover(&request, gate.config(), &Disk, &mut SourceMap::default())
}

fn check(gate: &Gate, folder: &Utf8Path) -> Report {
    let inputs = Inputs { discovered: find(gate, folder), sources: SourceMap::default(), files: &Disk };
    gate.check(inputs, &CheckOptions::on(jiff::civil::date(2026, 11, 22)))
}

/// The floor: what the YAML parser alone takes, building nothing.
fn events(text: &str) -> usize {
    granit_parser::Parser::new_from_str(text).map(|event| event.unwrap()).count()
}

fn nodes(path: &Utf8Path) -> usize {
    let source: Arc<SourceFile> = SourceFile::new(FileId(0), path, fs::read_to_string(path).unwrap());
    read(&source, Syntax::Yaml, &Limits::default()).tree.len()
}

/// The peak of resident memory while `work` runs, in bytes; only Linux tells.
fn peak_of(work: impl FnOnce()) -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    work();
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Writes feature specs of about 3 KB, one in ten with a retention that is too long. The same
/// texts each time.
fn generate(root: &Utf8Path, documents: usize) -> usize {
    let mut random = Random(0x5EED);
    let mut bytes = 0;
    for number in 0..documents {
        let folder = root.join(format!("part-{}", number * 10 / documents));
        fs::create_dir_all(Path::new(&folder)).unwrap();
        let text = spec(number, &mut random);
        bytes += text.len();
        fs::write(folder.join(format!("spec-{number:05}.yaml")), text).unwrap();
    }
    bytes
}

fn spec(number: usize, random: &mut Random) -> String {
    let years = if number.is_multiple_of(10) { 7 } else { 1 };
    let mut text = format!(
        "kind: feature-spec\nid: feature-{number}\ntitle: Feature number {number}\nversion: 1.{}.0\n\
         owner: Product team {}\nstatus: in-review\nrisk_tier: limited\nuse_case: payments\njurisdictions: [EU, GB]\n\
         summary: What the feature does for whom, in a sentence or two that nobody reads twice.\ndata:\n",
        random.below(9),
        random.below(40)
    );
    for item in 0..6 {
        let _ = write!(
            text,
            "  - name: record-{item}-{}\n    category: financial\n    subjects: [customers, applicants]\n    personal: true\n    \
             special_category: false\n    purpose: Settle the payment and answer questions about it\n    \
             lawful_basis: contract\n    retention: P{years}Y\n    deletion: Deleted by a nightly job\n    \
             recipients: [payment processor, bank]\n",
            random.below(1000)
        );
    }
    text.push_str("privacy:\n  children:\n    likely_accessed: false\n");
    while text.len() < 3000 {
        let _ = writeln!(text, "# A remark of the author's, number {}, that explains a decision.", random.below(100_000));
    }
    text
}

/// A linear congruential generator (Numerical Recipes): small, seeded, the same everywhere.
struct Random(u32);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }
}
