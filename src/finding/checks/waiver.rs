//! Checks of waivers and of the baseline.

use super::{Check, check};

/// What ends the run: the gate's own input is broken.
pub(super) const FILES: &[Check] = &[
    check(
        "waiver/malformed",
        "A waiver can be read",
        "A value of the waiver or of the baseline cannot be read. Nothing of the file counts until it is mended, \
         since nobody can tell what else was meant.",
        "Correct the value.",
    ),
    check(
        "waiver/inline",
        "A comment that begins with `launchgate:` is a waiver",
        "The comment speaks to the gate and cannot be read: a rule, a day or a reason is missing, or stands where it \
         does not belong.",
        "Write `launchgate: allow RULE until YYYY-MM-DD -- reason`, with `by NAME` behind the day where somebody \
         approved it.",
    ),
    check(
        "waiver/contradiction",
        "A waiver begins before it ends",
        "It expires before the day on which it is granted.",
        "Correct `granted` or `expires`.",
    ),
    check(
        "waiver/duplicate",
        "Nothing is waived or frozen twice",
        "Two entries of one file are about the same finding, and nobody can tell which holds.",
        "Keep one of the two.",
    ),
    check(
        "waiver/several-documents",
        "A file of waivers is one YAML document",
        "What stands behind a second `---` could be passed over.",
        "Put everything into one list.",
    ),
    check(
        "waiver/empty",
        "A baseline says something",
        "The file is there and empty, as where its writing was cut short.",
        "Write it with `launchgate baseline create`, or remove it.",
    ),
    check(
        "waiver/name",
        "A file of waivers is called `launchgate.waivers.yaml`",
        "Under the other name it would be passed over.",
        "Rename it, or name it under `waivers.files`.",
    ),
    check(
        "waiver/unreadable",
        "Waivers and baseline can be read",
        "The file is there and cannot be read.",
        "Make it a readable file, or remove it.",
    ),
    check(
        "waiver/encoding",
        "Waivers and baseline are UTF-8",
        "The bytes are no text.",
        "Save the file as UTF-8.",
    ),
    check(
        "waiver/limit",
        "Waivers and baseline are of a size that is read",
        "The file is larger than what is read of one.",
        "Split it, and name the parts under `waivers.files`.",
    ),
    check(
        "waiver/outside-root",
        "Waivers and baseline lie inside the root",
        "The file is a link that leads out of the root, and nothing outside is read.",
        "Put the file itself there.",
    ),
];

/// What is wrong with waivers that can be read.
pub(super) const WAIVERS: &[Check] = &[
    check(
        "waivers/expired",
        "A waiver has not ended",
        "Its last day is over and what it covered is still there, so it blocks again.",
        "Mend the finding and remove the waiver, or have it approved anew.",
    ),
    check(
        "waivers/not-yet",
        "A waiver is not granted in the future",
        "`granted` is a day to come, so that the term would be longer than it may be.",
        "Correct `granted`.",
    ),
    check(
        "waivers/over-long",
        "A waiver holds for no longer than it may",
        "Exceptions that never end are no exceptions. Each severity has a longest term: 90 days for errors, 180 for \
         warnings, a year for notes, unless `waivers.max_term` says otherwise.",
        "Let it end earlier; it can be approved again then.",
    ),
    check(
        "waivers/locked",
        "A locked rule is not waived",
        "The rule, or a rule that hinges on the finding, is `locked`: no config lowers it and no waiver covers it.",
        "Mend the finding, and remove the waiver.",
    ),
    check(
        "waivers/not-waivable",
        "What is waived can be waived",
        "Findings about the gate's own input, about text that cannot be read, about what sign-offs are trusted by, \
         and about waivers themselves cannot be waived. Nor can a finding on which other rules hinge: the waiver \
         would silently cover those as well.",
        "Mend the finding, and remove the waiver.",
    ),
    check(
        "waivers/self-approved",
        "Somebody else approves a waiver",
        "The approver is the owner of the waiver, or an author of the document.",
        "Have it approved by somebody else.",
    ),
    check(
        "waivers/unapproved",
        "Somebody approves a waiver who may",
        "The approver is in no role that may approve it, counts for nothing any more, or there is none although one \
         is needed.",
        "Have it approved by somebody of a role that may; `launchgate config show` lists them.",
    ),
    check(
        "waivers/unsigned",
        "A waiver is signed where it must be",
        "The config asks for the approver's signature over the waiver, and there is none.",
        "Write what is to be signed with `launchgate waivers --statements` and have it signed.",
    ),
    check(
        "waivers/signature",
        "The signature of a waiver holds",
        "The signature is not one of the approver over the waiver as it stands.",
        "Have it signed again.",
    ),
    check(
        "waivers/inline",
        "Comments waive only where they may",
        "The config forbids waivers in comments of documents.",
        "Move it into the file of waivers: `launchgate waive`.",
    ),
    check(
        "waivers/ambiguous",
        "A waiver means one document",
        "Documents with one id have the same finding, so it covers none of them.",
        "Give the documents ids of their own, or name the `kind`.",
    ),
    check(
        "waivers/unmatched",
        "A waiver meets a finding",
        "There is nothing that it covers: it is mended, the value has changed since, or a name is misspelt. A waiver \
         that is left behind would cover what comes back.",
        "Remove it, or correct what it names.",
    ),
    check(
        "waivers/ends-soon",
        "No waiver ends soon",
        "It ends within the time that `--warn-before` or `waivers.warn_before` says; then the finding blocks.",
        "Mend the finding, or have the waiver approved anew.",
    ),
];

/// What is wrong with a baseline that can be read.
pub(super) const BASELINE: &[Check] = &[
    check(
        "baseline/stale",
        "The baseline has nothing that is mended",
        "An entry matches no finding any more. Left behind, it would cover what comes back.",
        "Remove it: `launchgate baseline prune`.",
    ),
    check(
        "baseline/ended",
        "The baseline has not ended",
        "Its last day is over; what it covered counts again.",
        "Mend what it covered and remove it, or agree on another day.",
    ),
    check(
        "baseline/refused",
        "The baseline covers what it may",
        "Locked rules, the gate's own input, text that cannot be read, and what sign-offs are trusted by cannot be \
         frozen.",
        "Mend the finding, and remove the entry.",
    ),
];
