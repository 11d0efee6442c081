//! `launchgate sign`.

mod key;
mod place;

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;

use super::review::{Reviewed, collect, render, state};
use crate::cli::args::SignArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::ssh_keygen::{self, Unsigned};
use crate::cli::{ERROR, git};
use crate::engine::Review;
use crate::expr::time::IsoDuration;
use crate::signoff::ssh::{Refused, SshSignature};
use crate::signoff::statement::{
    Decision, Identity, NAMESPACE, PolicyDigest, ScopePart, SignOff, Statement,
};
use crate::signoff::store::{SIGNATURE, file_name};
use crate::signoff::verdict::{Standing, last_day};
use crate::signoff::{Idle, Remedy};
use crate::source::display_safe;

/// The exit code where it is signed and does not count.
const IDLE: u8 = 1;

/// Why nothing is signed: a sentence, and what to do.
struct Stop(String, String);

impl Stop {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(message.into(), help.into())
    }
}

/// Signs a document off.
pub(in crate::cli) fn run(args: &SignArgs, session: &mut Session<'_>) -> u8 {
    let prepared = words(args)
        .and_then(|()| principal(args, session))
        .map_err(|stop| complain(&stop));
    let principal = match prepared {
        Ok(principal) => principal,
        Err(code) => return code,
    };
    let reviewed = match collect(&args.subject, session) {
        Ok(reviewed) => reviewed,
        Err(code) => return code,
    };
    match sign(args, session, &reviewed, &principal) {
        Ok(code) => code,
        Err(stop) => complain(&stop),
    }
}

fn complain(Stop(message, help): &Stop) -> u8 {
    output::complain(message, Some(help));
    ERROR
}

/// Says something on standard error, where the review is as well.
fn say(text: &str) {
    output::print_error(&display_safe(text));
}

/// What contradicts itself on the command line.
fn words(args: &SignArgs) -> Result<(), Stop> {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    match args.decision {
        Decision::ApprovedWithConditions if blank(&args.conditions) => Err(Stop::new(
            "an approval with conditions has to name them",
            "Say them with `--conditions TEXT`",
        )),
        Decision::Rejected | Decision::NotApplicable if blank(&args.reason) => Err(Stop::new(
            format!("`{}` needs a reason", args.decision),
            "Say it with `--reason TEXT`",
        )),
        decision if decision != Decision::ApprovedWithConditions && args.conditions.is_some() => {
            Err(Stop::new(
                "only an approval with conditions has conditions",
                "Add `--decision approved-with-conditions`, or leave `--conditions` out",
            ))
        }
        _ => Ok(()),
    }
}

/// Who signs.
fn principal(args: &SignArgs, session: &Session<'_>) -> Result<String, Stop> {
    let given = args.principal.clone().or_else(|| {
        let words = ["config", "--get", "user.email"];
        let said = git::git(&session.environment.current, &words).ok()?;
        Some(String::from_utf8(said).ok()?.trim().to_owned())
    });
    match given.filter(|name| !name.trim().is_empty()) {
        Some(name) => Ok(name.trim().to_owned()),
        None => Err(Stop::new(
            "it is not known who signs: git has no `user.email` here",
            "Say it with `--as`, as the signers' file names you: `--as ann@bank.example`",
        )),
    }
}

fn sign(
    args: &SignArgs,
    session: &mut Session<'_>,
    reviewed: &Reviewed,
    principal: &str,
) -> Result<u8, Stop> {
    let review = &reviewed.review;
    let issued = args.subject.as_of.unwrap_or(session.environment.today);
    may_sign(review, principal)?;
    let statement = statement(args, review, principal, issued)?;
    will_count(review, &statement)?;
    let folder = place::folder(&reviewed.folder, &review.document.id)?;
    let file = folder.join(file_name(&args.subject.role, principal));
    say(&render(review, false));
    say(&summary(&statement));
    let json = statement.to_json();
    if args.dry_run {
        return Ok(crate::cli::session::Session::print(&json, 0));
    }
    let has_tool = ssh_keygen::is_there();
    let key = if has_tool {
        Some(key::key(args.key.as_deref(), session)?)
    } else {
        None
    };
    confirm(args, principal)?;
    place::make(&folder, &reviewed.root)?;
    let Some(key) = key else {
        return Err(by_hand(&file, &json, args)?);
    };
    let signature = ssh_keygen::sign(json.as_bytes(), NAMESPACE, &key).map_err(unsigned)?;
    let parsed = SshSignature::parse(&signature)
        .and_then(|parsed| parsed.check(json.as_bytes(), NAMESPACE).map(|_| parsed));
    let parsed = parsed.map_err(|error| {
        Stop::new(
            format!("what `ssh-keygen` wrote is no signature that holds: {error}"),
            "Nothing was written; try another key",
        )
    })?;
    // What was parsed is armoured, which is text.
    let signature = String::from_utf8_lossy(&signature);
    place::put(&file, &json, &signature)?;
    let shown = crate::files::paths::relative(&file, &reviewed.root);
    say(&format!("Signed: {shown}, with its signature beside it\n"));
    // Judged anew, as `check` will judge it.
    let judged = collect(&args.subject, session)
        .map_err(|_| Stop::new("what was signed cannot be judged", "See above"))?;
    Ok(outcome(&judged, principal, &parsed))
}

/// Stops who could not sign anyway.
fn may_sign(review: &Review, principal: &str) -> Result<(), Stop> {
    let role = &review.rules_of_role;
    if !role.has_member(principal) {
        return Err(Stop::new(
            format!("`{principal}` is not a member of the role `{}`", role.name),
            format!(
                "Its members are: {}. Sign as one of them with `--as`, or list the address under \
                 `sign_offs.roles.{}.members`",
                role.members.join(", "),
                role.name
            ),
        ));
    }
    if !review.unreadable.is_empty() {
        return Err(Stop::new(
            format!(
                "evidence cannot be read, so nobody can sign it: {}",
                review.unreadable.join(", ")
            ),
            "Put the files there, or take them out of the document",
        ));
    }
    Ok(())
}

/// Stops before a signature that would count for nothing, whatever key makes it.
fn will_count(review: &Review, statement: &Statement) -> Result<(), Stop> {
    let Err(Idle { reason, remedy }) = review.foresee(statement) else {
        return Ok(());
    };
    let given = &statement.predicate;
    let role = &given.role;
    let allow = format!("allow it with `sign_offs.roles.{role}.authors_may_sign`");
    let help = match remedy {
        Some(Remedy::Authors) => format!("Ask another member, or {allow}"),
        Some(Remedy::History) => format!("Fetch the whole history, or {allow}"),
        Some(Remedy::Distinct) => {
            "Ask another member: `sign_offs.distinct` keeps these roles apart".to_owned()
        }
        None => format!(
            "See what stands in the way with `launchgate review {} --role {role}`",
            review.document.path
        ),
    };
    let who = &given.principal;
    Err(Stop::new(
        format!("a sign-off by `{who}` in the role `{role}` would not count: {reason}"),
        help,
    ))
}

fn statement(
    args: &SignArgs,
    review: &Review,
    principal: &str,
    issued: Date,
) -> Result<Statement, Stop> {
    let mut scope: Vec<ScopePart> = Vec::new();
    for name in &args.scope {
        let part = review
            .part(name)
            .map_err(|(message, help)| Stop(message, help))?;
        if !scope.contains(&part) {
            scope.push(part);
        }
    }
    let mut acknowledged: Vec<String> = review
        .open
        .iter()
        .map(|finding| finding.fingerprint.clone())
        .collect();
    acknowledged.sort();
    acknowledged.dedup();
    let given = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let predicate = SignOff {
        role: args.subject.role.clone(),
        principal: principal.to_owned(),
        decision: args.decision,
        conditions: given(&args.conditions),
        reason: given(&args.reason),
        document: Identity {
            kind: review.document.kind.to_string(),
            id: review.document.id.to_string(),
        },
        stage: review.stage,
        scope,
        contents: review.contents(),
        policies: PolicyDigest {
            sha256: review.policies.clone(),
        },
        acknowledged,
        issued,
        expires: expires(args, review, issued)?,
        supersedes: supersedes(args, review, principal)?,
    };
    let mut subjects = review.subjects.iter().cloned();
    let Some(document) = subjects.next() else {
        return Err(Stop::new("there is nothing to sign", "Name a document"));
    };
    Ok(Statement::new(document, subjects.collect(), predicate))
}

/// The last day: no later than the role grants.
fn expires(args: &SignArgs, review: &Review, issued: Date) -> Result<Date, Stop> {
    let year = IsoDuration::default();
    let year = "P1Y".parse().unwrap_or(year);
    let validity = args
        .validity
        .or(review.rules_of_role.validity)
        .unwrap_or(year);
    let last = |validity: IsoDuration| {
        last_day(issued, validity).ok_or_else(|| {
            Stop::new(
                format!("{validity} from {issued} leads out of the calendar"),
                "Name a shorter time with `--validity`",
            )
        })
    };
    let wanted = match args.expires {
        Some(day) => day,
        None => last(validity)?,
    };
    if wanted < issued {
        return Err(Stop::new(
            format!("it would expire on {wanted}, before it is issued on {issued}"),
            "Name a later day with `--expires`",
        ));
    }
    if let Some(granted) = review.rules_of_role.validity {
        let most = last(granted)?;
        if wanted > most {
            return Err(Stop::new(
                format!(
                    "sign-offs of the role `{}` hold for {granted} at most, which is until {most}",
                    review.role.name
                ),
                "Name an earlier day with `--expires`, or leave it out",
            ));
        }
    }
    Ok(wanted)
}

/// The statement that this one takes the place of.
fn supersedes(args: &SignArgs, review: &Review, principal: &str) -> Result<Option<String>, Stop> {
    let of = |name: &str| {
        let mut earlier = review.earlier.iter();
        earlier.find(|it| it.statement.predicate.principal == name)
    };
    let Some(name) = &args.supersedes else {
        return Ok(of(principal).map(|own| own.digest.clone()));
    };
    of(name).map(|it| Some(it.digest.clone())).ok_or_else(|| {
        let names: Vec<&str> = review
            .earlier
            .iter()
            .map(|it| it.statement.predicate.principal.as_str())
            .collect();
        let near = crate::finding::did_you_mean(name, names.iter().copied());
        let help = match names.as_slice() {
            [] => "Leave `--supersedes` out".to_owned(),
            names => format!("There are statements of: {}", names.join(", ")),
        };
        Stop::new(
            format!(
                "there is no statement of `{name}` in the role `{}`{near}",
                review.role.name
            ),
            help,
        )
    })
}

/// What will be signed, in a few lines.
fn summary(statement: &Statement) -> String {
    let given = &statement.predicate;
    let scope = if given.scope.is_empty() {
        "the whole document".to_owned()
    } else {
        let parts: Vec<_> = given.scope.iter().map(|it| it.part.to_string()).collect();
        format!("{}, and the evidence", parts.join(", "))
    };
    let mut text = format!(
        "\nThe statement\n  {} as {}, by {}\n  for the stage {}, from {} until {}\n  bound to {scope}\n",
        given.decision, given.role, given.principal, given.stage, given.issued, given.expires
    );
    for (what, words) in [("conditions", &given.conditions), ("reason", &given.reason)] {
        if let Some(words) = words {
            let _ = writeln!(text, "  {what}: {words}");
        }
    }
    if given.supersedes.is_some() {
        text += "  in place of an earlier statement\n";
    }
    text.push('\n');
    text
}

/// Asks, unless that was answered before.
fn confirm(args: &SignArgs, principal: &str) -> Result<(), Stop> {
    if args.yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Stop::new(
            "nobody can be asked: standard input is no terminal",
            "Add `--yes` to sign without being asked, or `--dry-run` to see the statement",
        ));
    }
    let role = &args.subject.role;
    say(&format!("Sign as {principal} for {role}? [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    let answer = answer.trim().to_ascii_lowercase();
    if read.is_ok() && matches!(answer.as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Stop::new("nothing was signed", "Answer `y` to sign"))
    }
}

/// Writes the statement for somebody to sign where OpenSSH is, and says how.
fn by_hand(file: &Utf8Path, json: &str, args: &SignArgs) -> Result<Stop, Stop> {
    let key = args.key.as_deref().and_then(Utf8Path::from_path);
    let key = key.map_or_else(|| "~/.ssh/id_ed25519".to_owned(), ssh_keygen::quoted);
    let written = place::unsigned(file, json)?;
    let signed = |path: &Utf8Path| Utf8PathBuf::from(format!("{path}{SIGNATURE}"));
    let quoted = |path: &Utf8Path| ssh_keygen::quoted(path);
    let mut command = format!(
        "ssh-keygen -Y sign -n {NAMESPACE} -f {key} {}",
        quoted(&written)
    );
    if written != *file {
        // What is signed already stays until the new signature is there.
        for (from, to) in [
            (signed(&written), signed(file)),
            (written.clone(), file.to_owned()),
        ] {
            let _ = write!(command, " && mv {} {}", quoted(&from), quoted(&to));
        }
    }
    Ok(Stop::new(
        format!("`ssh-keygen` is not to be found, so `{written}` is not signed and does not count"),
        format!(
            "Install OpenSSH 8.2 or later; or sign the file where it is, leave its bytes as they are, \
             and put the signature beside it: {command}"
        ),
    ))
}

fn unsigned(why: Unsigned) -> Stop {
    match why {
        Unsigned::Absent => Stop::new("`ssh-keygen` is not to be found", "Install OpenSSH"),
        Unsigned::Failed(message, help) => Stop::new(message, help),
    }
}

/// Says what the signature is worth, and gives the exit code.
fn outcome(judged: &Reviewed, principal: &str, signature: &SshSignature) -> u8 {
    let review = &judged.review;
    let role = &review.role;
    say(&format!("The role {} now: {}\n", role.name, state(role)));
    if !role.asked {
        say("No rule asks this role to sign off this document\n");
    }
    let mut earlier = review.earlier.iter();
    let own = earlier.find(|it| it.statement.predicate.principal == principal);
    let standing = own.and_then(|own| own.standing.as_ref());
    if standing.is_some_and(Standing::counts) {
        if let (Some(refusal), true) = (
            role.verdict
                .principals
                .first()
                .filter(|by| *by != principal),
            role.verdict.status == crate::signoff::verdict::Status::Rejected,
        ) {
            say(&format!(
                "  help: Take the place of the refusal, where you may: --supersedes {refusal}\n"
            ));
            return IDLE;
        }
        return 0;
    }
    let why = standing.and_then(Standing::reason);
    let why = why.unwrap_or_else(|| "it was not found among the sign-offs".to_owned());
    say(&format!("It does not count yet: {why}\n"));
    if is_unlisted(judged, principal, signature) {
        let line = signature.key().line();
        let signers = judged.signers.as_ref();
        let place = match signers {
            Some(file) => format!("Add this line to {file}"),
            None => "Name a file as `sign_offs.allowed_signers` in the config, with this line"
                .to_owned(),
        };
        say(&format!(
            "  help: {place}, once it is clear whose key it is:\n{principal} namespaces=\"launchgate/*\" {line}\n"
        ));
    }
    IDLE
}

/// Whether the signers' file does not name the key for the principal.
fn is_unlisted(judged: &Reviewed, principal: &str, signature: &SshSignature) -> bool {
    let unknown = Refused::UnknownPrincipal(principal.to_owned()).to_string();
    let other = Refused::OtherKey {
        fingerprint: signature.key().fingerprint(),
        principal: principal.to_owned(),
    };
    let mut earlier = judged.review.earlier.iter();
    let own = earlier.find(|it| it.statement.predicate.principal == principal);
    let reason = own.and_then(|own| own.standing.as_ref()?.reason());
    reason.is_some_and(|reason| reason == unknown || reason == other.to_string())
}
