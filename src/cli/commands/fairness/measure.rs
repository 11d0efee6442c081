//! `launchgate fairness FILE`.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};

use super::progress::Line;
use crate::cli::ERROR;
use crate::cli::args::{MeasureArgs, Missing};
use crate::cli::output::{self, ListFormat, Output};
use crate::cli::session::Session;
use crate::evidence::fairness::{
    Basis, Breakdown, Choices, Material, Metric, MissingPolicy, Reference, Settings, shown,
};
use crate::evidence::table::{self, CountColumns, Counted, Limits, Literal, Request};
use crate::finding::did_you_mean;
use crate::render::fairness::{Claims, Sheet, render_claims, render_json};
use crate::render::terminal::render_fairness;

/// What is measured where nothing is said: what fairness policies ask for.
const USUAL: [Metric; 12] = [
    Metric::DemographicParityRatio,
    Metric::DemographicParityDifference,
    Metric::EqualOpportunityRatio,
    Metric::EqualOpportunityDifference,
    Metric::EqualizedOddsRatio,
    Metric::EqualizedOddsDifference,
    Metric::PredictiveParityDifference,
    Metric::AccuracyScoreDifference,
    Metric::ScoringRateImpactRatio,
    Metric::RocAucScoreDifference,
    Metric::CalibrationDifference,
    Metric::StandardisedMeanDifference,
];

/// What is claimed where nothing is said.
const CLAIMED: [Metric; 2] = [
    Metric::DemographicParityRatio,
    Metric::EqualOpportunityDifference,
];

/// What stands in the way: the fact and the next action.
struct Refused(String, Option<String>);

/// Measures, and shows what came out.
pub(super) fn run(args: &MeasureArgs, session: &mut Session<'_>) -> u8 {
    match measure(args, session) {
        Ok(code) => code,
        Err(Refused(message, help)) => {
            output::complain(&message, help.as_deref());
            ERROR
        }
    }
}

fn measure(args: &MeasureArgs, session: &Session<'_>) -> Result<u8, Refused> {
    let name = utf8(args.file.as_deref().unwrap_or(Path::new("")))?;
    let path = session.environment.current.join(name);
    let wanted = metrics(args)?;
    let request = request(args, wanted.as_deref().unwrap_or_default())?;
    let counted = count(name, &path, &request, session)?;
    let settings = settings(args);
    let metrics: Vec<Metric> = match wanted {
        Some(metrics) => metrics,
        None => usual(args, &counted),
    };
    let choices = Choices {
        metrics: &metrics,
        reference: &args.reference,
        excluded: &args.exclude,
        without_missing: matches!(args.missing, None | Some(Missing::Show)),
        settings: &settings,
    };
    let material = Material {
        counts: &counted.counts,
        decided: counted.decided,
        scores: &counted.scores,
        moments: counted.moments.as_ref(),
    };
    let breakdowns: Vec<Breakdown> = sets(args)
        .iter()
        .filter_map(|by| Breakdown::new(&material, by, &choices))
        .collect();
    known(args, &breakdowns)?;
    let sheet = Sheet {
        path: name.as_str(),
        request: &request,
        counted: &counted,
        choices: &choices,
        breakdowns: &breakdowns,
    };
    if let Some(card) = &args.as_claims {
        let path = relative(&path, card.as_deref(), session)?;
        let day = args.as_of.unwrap_or(session.environment.today);
        let claims = Claims {
            path: &path,
            model_version: args.model_version.as_deref(),
            evaluated_on: args.evaluated_on.unwrap_or(day),
        };
        return Ok(Session::print(&render_claims(&sheet, &claims), 0));
    }
    let output = args.output.clone().unwrap_or(Output {
        format: ListFormat::Table,
        path: None,
    });
    let text = match output.format {
        ListFormat::Json => render_json(&sheet),
        ListFormat::Table => {
            let mut options = session.terminal(false);
            options.color &= output.path.is_none();
            render_fairness(&sheet, &options)
        }
    };
    Ok(if output.put(&text, session) { 0 } else { ERROR })
}

fn settings(args: &MeasureArgs) -> Settings {
    let defaults = Settings::default();
    let largest = args.reference.iter().any(|name| name == "largest");
    Settings {
        reference: if largest {
            Reference::Largest
        } else {
            Reference::Highest
        },
        minimum_group: args.minimum_group.unwrap_or(defaults.minimum_group),
        missing: if args.missing == Some(Missing::Refuse) {
            MissingPolicy::Refuse
        } else {
            MissingPolicy::Group
        },
        ..defaults
    }
}

fn utf8(path: &Path) -> Result<&Utf8Path, Refused> {
    Utf8Path::from_path(path).ok_or_else(|| {
        Refused(
            format!("the path `{}` is not UTF-8", path.display()),
            Some("Rename the file".to_owned()),
        )
    })
}

/// The metrics that were asked for by name; `None` where none was.
fn metrics(args: &MeasureArgs) -> Result<Option<Vec<Metric>>, Refused> {
    if args.metric.is_empty() {
        return Ok(None);
    }
    let mut metrics = Vec::new();
    for name in &args.metric {
        if name == "all" {
            let fits = |metric: &Metric| match metric.basis() {
                Basis::Decisions => true,
                Basis::Scores => args.score.is_some(),
                Basis::Regression => false,
            };
            metrics.extend(Metric::ALL.into_iter().filter(fits));
            continue;
        }
        let names = || Metric::ALL.iter().map(|metric| metric.name());
        let metric = Metric::named(name).ok_or_else(|| {
            let near = did_you_mean(name, names());
            let all: Vec<&str> = names().collect();
            Refused(
                format!("there is no metric `{name}`{near}"),
                Some(format!("There are: {}", all.join(", "))),
            )
        })?;
        metrics.push(metric);
    }
    let mut seen = Vec::new();
    metrics.retain(|metric| {
        let new = !seen.contains(metric);
        seen.push(*metric);
        new
    });
    Ok(Some(metrics))
}

/// The metrics that make sense for what was counted, of those that are usual.
fn usual(args: &MeasureArgs, counted: &Counted) -> Vec<Metric> {
    let total = counted.counts.total();
    let labels = total.is_some_and(|total| total.confusion.is_some()) || args.label.is_some();
    let usual: &[Metric] = if args.as_claims.is_some() {
        &CLAIMED
    } else {
        &USUAL
    };
    let possible = |metric: &&Metric| {
        let basis = match metric.basis() {
            Basis::Decisions => counted.decided,
            Basis::Scores => !counted.scores.is_empty(),
            Basis::Regression => false,
        };
        basis && (labels || !metric.needs_labels())
    };
    usual.iter().filter(possible).copied().collect()
}

fn request(args: &MeasureArgs, metrics: &[Metric]) -> Result<Request, Refused> {
    let of_numbers = |metric: &Metric| metric.basis() == Basis::Regression;
    let quantities = metrics.iter().any(of_numbers);
    if let Some(other) = metrics
        .iter()
        .find(|metric| quantities && !of_numbers(metric))
    {
        return Err(Refused(
            format!(
                "`{}` is about decisions, and other metrics here are about predicted numbers",
                other.name()
            ),
            Some("Measure the two in two runs".to_owned()),
        ));
    }
    let score_over = sets(args)
        .into_iter()
        .map(|set| set.into_iter().map(str::to_owned).collect());
    Ok(Request {
        label: args.label.clone(),
        prediction: args.prediction.clone(),
        score: args.score.clone(),
        score_over: score_over.collect(),
        favourable: args.favourable.clone().unwrap_or(Literal::Int(1)),
        unfavourable: args.unfavourable.clone(),
        quantities,
        counts: args.counts.then(CountColumns::default),
        ..Request::by(args.by.iter().cloned())
    })
}

fn count(
    name: &Utf8Path,
    path: &Utf8Path,
    request: &Request,
    session: &Session<'_>,
) -> Result<Counted, Refused> {
    let line = Line::new(name.as_str(), session);
    let progress = |progress| line.show(progress);
    let counted = table::count(session.files, path, request, &Limits::default(), &progress);
    line.clear();
    let counted = counted.map_err(|error| {
        // As it was typed, not as it lies.
        Refused(format!("{name}: {}", error.cause), help(&error.cause))
    })?;
    if !counted.decided && !request.quantities && counted.scores.is_empty() {
        return Err(Refused(
            format!("{name}: no column of predictions is named"),
            Some("Name it with `--prediction`".to_owned()),
        ));
    }
    Ok(counted)
}

fn help(cause: &table::Cause) -> Option<String> {
    use table::Cause;
    let help = match cause {
        Cause::NotFound => "Name the file from the current folder",
        Cause::Outside { .. } => {
            "Say which values there are with `--favourable` and `--unfavourable`"
        }
        Cause::TooManyGroups { .. } => "Name attributes that part people into groups with `--by`",
        _ => return None,
    };
    Some(help.to_owned())
}

/// The sets of attributes to measure by: each alone, and all together.
fn sets(args: &MeasureArgs) -> Vec<Vec<&str>> {
    let all: Vec<&str> = args.by.iter().map(String::as_str).collect();
    let mut sets: Vec<Vec<&str>> = Vec::new();
    if !args.intersection {
        sets.extend(all.iter().map(|name| vec![*name]));
    }
    if args.intersection || all.len() > 1 {
        sets.push(all);
    }
    sets
}

/// Refuses a group that occurs nowhere.
fn known(args: &MeasureArgs, breakdowns: &[Breakdown]) -> Result<(), Refused> {
    let references = args
        .reference
        .iter()
        .filter(|name| !matches!(name.as_str(), "highest" | "largest"));
    let options = references
        .map(|name| ("--reference", name))
        .chain(args.exclude.iter().map(|name| ("--exclude", name)));
    for (option, name) in options {
        if breakdowns.iter().any(|breakdown| breakdown.has(name)) {
            continue;
        }
        let groups: Vec<String> = breakdowns
            .iter()
            .flat_map(|breakdown| &breakdown.counts.groups)
            .map(|group| shown(&group.key))
            .collect();
        let near = did_you_mean(name, groups.iter().map(String::as_str));
        return Err(Refused(
            format!("no group is called `{name}`, as `{option}` has it{near}"),
            Some(there_are(groups)),
        ));
    }
    Ok(())
}

/// The first few of what there is.
fn there_are(mut groups: Vec<String>) -> String {
    const FEW: usize = 10;
    let more = groups.len().saturating_sub(FEW);
    groups.truncate(FEW);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("There are: {}{more}", groups.join("; "))
}

/// The path of the file from a card, or from the current folder.
fn relative(
    file: &Utf8Path,
    card: Option<&Path>,
    session: &Session<'_>,
) -> Result<String, Refused> {
    let current = &session.environment.current;
    let folder = match card {
        None => current.clone(),
        Some(card) => {
            let card = current.join(utf8(card)?);
            card.parent()
                .map_or_else(|| current.clone(), Utf8Path::to_owned)
        }
    };
    let real = |path: &Utf8Path| {
        let real = session.files.canonical(path);
        real.unwrap_or_else(|_| crate::files::paths::normal(path))
    };
    Ok(from(&real(&folder), &real(file)).into_string())
}

/// The way from a folder to a file, with `/` on every system.
fn from(folder: &Utf8Path, file: &Utf8Path) -> Utf8PathBuf {
    let (mut here, mut there) = (folder.components().peekable(), file.components().peekable());
    while here.peek().is_some() && here.peek() == there.peek() {
        here.next();
        there.next();
    }
    let up = here.map(|_| "..");
    let down = there.map(|part| part.as_str());
    let parts: Vec<&str> = up.chain(down).collect();
    Utf8PathBuf::from(parts.join("/"))
}
