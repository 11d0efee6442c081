//! Checks of sign-offs and of what they are trusted by.

use super::{Check, check};

pub(super) const SIGN_OFFS: &[Check] = &[
    check(
        "signoff/malformed",
        "A statement can be read",
        "The file holds no statement of a sign-off. It counts for nothing; if it was a refusal, that is lost.",
        "Restore it, or write and sign it anew.",
    ),
    check(
        "signoff/contradiction",
        "A statement says one thing",
        "Two parts of the statement cannot both be meant, such as conditions beside a plain approval.",
        "Write the statement anew, and sign it.",
    ),
    check(
        "signoff/file-name",
        "A statement lies in the file of its role and principal",
        "The file is named for another role or person than the statement inside. It counts for nothing, so that \
         whoever lists the folder sees who signed.",
        "Rename the file as the finding says, and its signature with it.",
    ),
    check(
        "signoff/unsigned",
        "A statement is signed",
        "There is a statement and no signature beside it. Anybody could have written it, so it does not count.",
        "Sign it as the finding says, or remove it.",
    ),
    check(
        "signoff/signature",
        "A signature is one of its statement",
        "The signature cannot be read, or it is one of other bytes: the statement was edited after it was signed.",
        "Restore what was signed, or have it signed again.",
    ),
    check(
        "signoff/stray",
        "What lies with the sign-offs is one",
        "The file looks like a statement or a signature and lies where none is read.",
        "Move it to `<folder>/<document id>/<role>.<principal>.json`, or remove it.",
    ),
    check(
        "signoff/no-document",
        "What was signed off is there",
        "No document has the id for which the statement was signed. Perhaps the document got another id; its \
         sign-offs do not follow it.",
        "Give the document its id back, or remove the statement.",
    ),
    check(
        "signoff/unknown-role",
        "Sign-offs are given in roles that there are",
        "The config lists the roles, and the one of this statement is not among them.",
        "Correct the role and sign again, or list it under `sign_offs`.",
    ),
    check(
        "signoff/valid-in-scope",
        "What was signed off is all that stands there",
        "The sign-off is for a part of the document. That part is unchanged, and something else has changed since, \
         which can make an unchanged answer wrong.",
        "Look at what has changed, and have the role sign again where it bears on what was reviewed.",
    ),
    check(
        "signoff/deleted",
        "Sign-offs stay where they are",
        "Where this change began there was a sign-off that it has taken away, or put an earlier one in its place, \
         while the document is still there. A refusal that is gone from the files still counts.",
        "Restore the file. Whoever decides anew signs a statement that supersedes it; one that has expired may go.",
    ),
    check(
        "signoff/roots-changed",
        "Whose sign-offs count is no part of the change",
        "The change alters roles, signers or revocations. Its own sign-offs are judged by what stood there before, \
         so nobody lets themselves in; what it alters takes effect once it is merged.",
        "Have it reviewed by somebody who answers for the sign-offs.",
    ),
    check(
        "signoff/policies-changed",
        "Policies and what they judge change one after the other",
        "The change alters rules, parameters or severities. That is a warning by itself and an error where the same \
         change alters a document or a sign-off, which could pass by rules made for it.",
        "Make two changes of it: the policies first, and by themselves.",
    ),
    check(
        "signoff/signers",
        "The signers' file can be read whole",
        "A line of the allowed signers is wrong. Nobody can tell whose keys count, so no sign-off does.",
        "Correct the line that is shown.",
    ),
    check(
        "signoff/revocations",
        "Lists of revoked keys can be read whole",
        "A list of what is revoked is broken. Whatever it revoked could count again, so no sign-off counts.",
        "Restore the list.",
    ),
    check(
        "signoff/revocation",
        "A revocation names a key or a person",
        "An entry of the list of revocations names both or neither.",
        "Write one entry for each.",
    ),
    check(
        "signoff/several-documents",
        "A list of revocations is one YAML document",
        "Behind a line `---` a second list begins, which would not be read.",
        "Keep one list.",
    ),
    check(
        "signoff/encoding",
        "Statements and trusted files are UTF-8",
        "The file holds bytes that are no UTF-8 text.",
        "Save it as UTF-8, or restore it as it was signed.",
    ),
    check(
        "signoff/limit",
        "Statements and trusted files keep to their limits",
        "The file is larger than any of its kind.",
        "Remove it, or restore it as it was.",
    ),
    check(
        "signoff/unreadable",
        "Sign-offs can be read",
        "A file or folder of sign-offs is there and cannot be read, so nothing is known about it.",
        "Make it readable, or restore it.",
    ),
    check(
        "signoff/outside-root",
        "Sign-offs lie inside the root",
        "A link leads out of the repository, where nothing is read.",
        "Put the files themselves there.",
    ),
];
