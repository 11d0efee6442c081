//! `check` against reading and parsing alone, in one run: `cargo bench --bench check`.
//!
//! Prints ratios of medians, never judges them: machines are shared and noisy.
//! `LAUNCHGATE_BENCH_DOCUMENTS` sets how many documents there are (10,000 by default).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, is told its size by the environment, and may stop at what is odd"
)]

mod specs;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use launchgate::config::Config;
use launchgate::discover::{Discovered, Request, discover};
use launchgate::engine::{CheckOptions, Gate, Inputs};
use launchgate::files::Disk;
use launchgate::finding::Report;
use launchgate::policy::{Named, OffSetting};
use launchgate::source::{FileId, Location, SourceFile, SourceMap, Span};
use launchgate::value::{Limits, Syntax, read};
use rayon::prelude::*;

const ROUNDS: usize = 5;

/// The argument with which the benchmark starts itself to measure memory.
const CHILD: &str = "--check-alone";

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(CHILD) {
        let root = arguments.next().unwrap();
        return check_alone(Utf8Path::new(&root));
    }
    let documents = std::env::var("LAUNCHGATE_BENCH_DOCUMENTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000);
    speed(documents);
    for documents in [documents / 10, documents, documents * 5] {
        if let Some(peak) = peak_of(documents) {
            let megabytes = peak as f64 / 1e6;
            println!("peak resident memory: {megabytes:>5.0} MB for {documents} documents");
        }
    }
}

fn speed(documents: usize) {
    let folder = tempfile::tempdir().unwrap();
    let root = canonical(folder.path());
    let (paths, bytes) = specs::write(&root, documents, true);
    println!(
        "{documents} documents, {:.1} KB each, {} threads, median of {ROUNDS} rounds\n",
        bytes as f64 / 1000.0 / documents as f64,
        rayon::current_num_threads()
    );
    let gate = gate(&root);

    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(time(|| {
            paths
                .par_iter()
                .map(|path| fs::read_to_string(path).unwrap().len())
                .sum::<usize>()
        }));
        times[1].push(time(|| {
            paths
                .par_iter()
                .map(|path| events(&fs::read_to_string(path).unwrap()))
                .sum::<usize>()
        }));
        times[2].push(time(|| {
            paths.par_iter().map(|path| nodes(path)).sum::<usize>()
        }));
        times[3].push(time(|| find(&gate, &root).inputs.len()));
        times[4].push(time(|| check(&gate, &root).findings.len()));
    }
    let [reading, parsing, tree, discovering, checking] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    let report = check(&gate, &root);
    println!("{:<44} {:>9} {:>22}", "", "time", "against YAML events");
    let row = |name: &str, time: Duration| {
        println!(
            "{name:<44} {:>6.0} ms {:>21.2}x",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() / parsing.as_secs_f64()
        );
    };
    row("read", reading);
    row("read, YAML events alone", parsing);
    row("read, spanned tree", tree);
    row("discover", discovering);
    row(
        &format!(
            "check: discover, read, judge by {} rules",
            report.summary.rules
        ),
        checking,
    );
    let summary = report.summary;
    println!(
        "\noutcomes: {} pass, {} fail, {} unknown, {} not applicable\n",
        summary.pass, summary.fail, summary.unknown, summary.not_applicable
    );
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn canonical(folder: &Path) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(folder.canonicalize().unwrap()).unwrap()
}

/// Every built-in rule but those that the generated specs do not answer: with them most specs would
/// fail, and the figure would be that of findings.
fn gate(root: &Utf8Path) -> Gate {
    let folder = tempfile::tempdir().unwrap();
    let sample = canonical(folder.path());
    specs::write(&sample, 300, false);
    let all = Gate::new(Config::empty(sample.clone()), SourceMap::default(), &Disk);
    let unanswered: BTreeSet<String> = check(&all.unwrap(), &sample)
        .findings
        .iter()
        .map(|finding| finding.rule.to_string())
        .collect();
    let mut config = Config::empty(root.to_owned());
    let off = |rule: &String| OffSetting {
        rule: Named {
            text: rule.clone(),
            location: Location {
                file: FileId(0),
                span: Span::default(),
            },
            layer: 0,
        },
        reason: Some("the generated specs do not answer it".to_owned()),
    };
    config.settings.off = unanswered.iter().map(off).collect();
    Gate::new(config, SourceMap::default(), &Disk).unwrap()
}

fn find(gate: &Gate, folder: &Utf8Path) -> Discovered {
    let request = Request {
        current: folder.to_owned(),
        paths: Vec::new(),
        stdin: None,
    };
    discover(&request, gate.config(), &Disk, &mut SourceMap::default())
}

fn check(gate: &Gate, folder: &Utf8Path) -> Report {
    let inputs = Inputs {
        discovered: find(gate, folder),
        sources: SourceMap::default(),
        files: &Disk,
    };
    gate.check(inputs, &CheckOptions::on(jiff::civil::date(2026, 11, 22)))
}

/// The floor: what the YAML parser alone takes, building nothing.
fn events(text: &str) -> usize {
    granit_parser::Parser::new_from_str(text)
        .inspect(|event| assert!(event.is_ok()))
        .count()
}

fn nodes(path: &Utf8Path) -> usize {
    let source: Arc<SourceFile> =
        SourceFile::new(FileId(0), path, fs::read_to_string(path).unwrap());
    read(&source, Syntax::Yaml, &Limits::default()).tree.len()
}

/// The peak of resident memory of a check of so many passing documents, in bytes. Measured in a
/// process of its own, so that nothing that other rounds left behind counts; only Linux tells.
fn peak_of(documents: usize) -> Option<u64> {
    let folder = tempfile::tempdir().ok()?;
    let root = canonical(folder.path());
    specs::write(&root, documents, false);
    let child = Command::new(std::env::current_exe().ok()?)
        .arg(CHILD)
        .arg(&root)
        .output()
        .ok()?;
    String::from_utf8(child.stdout).ok()?.trim().parse().ok()
}

/// The child's part: one check, then its peak on standard output.
fn check_alone(root: &Utf8Path) {
    let report = check(&gate(root), root);
    assert_eq!(report.summary.fail + report.summary.unknown, 0);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB"));
    if let Some(kilobytes) = peak.and_then(|peak| peak.trim().parse::<u64>().ok()) {
        println!("{}", kilobytes * 1024);
    }
}
