//! Checks of documents: their texts, what they are, their shapes.

use super::{Check, check};

/// What readers say of a text, whether it is a document, a config or a policy.
pub(super) const TEXTS: &[Check] = &[
    check(
        "document/syntax",
        "The text can be parsed",
        "The text breaks the rules of YAML, JSON, TOML, XML or Markdown front matter at the place shown. \
         What stands behind that place cannot be trusted, so no rule is decided for the documents of \
         the file.",
        "Correct the place that is shown. The mistake may stand a line earlier, such as a bracket \
         or a quote that was never closed.",
    ),
    check(
        "document/duplicate-key",
        "Every key of a mapping is there once",
        "Most parsers keep the last of two equal keys and drop the first without a word. A reviewer \
         who reads the first would then approve another value than the gate judged.",
        "Remove one of the two, or merge their values.",
    ),
    check(
        "document/non-string-key",
        "Every key is a text",
        "A number, a truth value, a list or null as a key cannot be named by a policy, and `1:` and \
         `'1':` would be two keys that look alike.",
        "Put the key in quotes, or make it an entry of a list.",
    ),
    check(
        "document/tab-indentation",
        "Lines are indented with spaces",
        "YAML allows no tabs for indentation. How deep such a line belongs depends on the editor, so it \
         is not guessed.",
        "Replace the tabs by spaces.",
    ),
    check(
        "document/encoding",
        "The file is UTF-8",
        "Bytes that are no UTF-8 could be read as different texts by different tools.",
        "Save the file as UTF-8. Editors often call other encodings Latin-1, Windows-1252 or UTF-16.",
    ),
    check(
        "document/limit",
        "The file keeps to the limits",
        "The file is larger, nests deeper, holds more values, expands more aliases or gives more \
         findings than launchgate handles for one file. What lies beyond the limit was not looked at, \
         or is not shown; it blocks as it would have blocked.",
        "Split the file, or leave it out with `exclude` if it is no document. The sizes are `limits` in \
         launchgate.yaml. Where there are too many findings, mend those that are shown first.",
    ),
    check(
        "document/unresolved-alias",
        "Every alias has an anchor before it",
        "`*name` stands for what `&name` marked earlier in the same document, and there is no such \
         mark. A merge key `<<` needs an alias of a mapping.",
        "Add the anchor, correct the name, or write the value out. Quote a text that begins with `*`.",
    ),
    check(
        "document/tag",
        "Tags say no more than the value does",
        "A YAML tag such as `!!int` or `!secret` asks a parser to turn the value into something else. A \
         document is judged as it stands, so a tag that would change it is refused.",
        "Remove the tag, or correct the value so that it fits.",
    ),
    check(
        "document/entity",
        "XML declares no entities",
        "A DOCTYPE can declare entities that stand for other files, or for more text than fits into any \
         memory. What such a document says depends on who reads it.",
        "Remove the DOCTYPE, and write out what the entities stand for.",
    ),
    check(
        "document/front-matter",
        "Front matter is one mapping between `---` lines at the top",
        "The metadata of a Markdown document stands between two lines `---`, the first of them on the \
         first line. Otherwise it is plain text, and every key in it would be missed in silence.",
        "Begin the file with `---`, close the block with `---`, and keep one mapping in it.",
    ),
];

/// What is said of a file that can be read: which documents it holds.
pub(super) const DOCUMENTS: &[Check] = &[
    check(
        "document/empty",
        "A file that has to be a document is not empty",
        "The file was named, or its place in the config makes it a document, and there is nothing in it.",
        "Write the document; `launchgate schema feature-spec` shows the keys of a kind. Or leave the file out.",
    ),
    check(
        "document/missing-kind",
        "A document says its kind",
        "The keys are those of a document, but `kind` is missing or misspelt, so no rule would be held \
         against it.",
        "Add `kind: feature-spec` or `kind: model-card`, or give the file a kind in `documents` of \
         launchgate.yaml.",
    ),
    check(
        "document/unknown-kind",
        "The kind is one that is known",
        "`kind` names nothing that launchgate or your config defines, so it is not known which rules hold.",
        "Correct the name, or define the kind under `kinds` in launchgate.yaml.",
    ),
    check(
        "document/nested",
        "A document stands at the top of its file",
        "In a list of the file, or under one of its keys, stands what has the kind of a document. Only the \
         top of a file, or of a part between `---` lines, is read as a document, so nothing would be \
         checked.",
        "Separate the documents by `---`, or give each a file of its own.",
    ),
    check(
        "document/duplicate-id",
        "Each document of a kind has an id of its own",
        "References, waivers and sign-offs name a document by its id. Where two documents share one, an \
         approval of the first would cover the second.",
        "Give one of them another `id`, and correct what refers to it.",
    ),
    check(
        "document/companion",
        "The files that belong to a document are there and can be read",
        "A format says which files belong to its documents, such as the subcards of a model card. One of \
         them is missing where others are there, or cannot be read; what it would say is absent.",
        "Add the file, make it readable inside the root, or write its fields into the document.",
    ),
    check(
        "document/include",
        "What a document includes can be read",
        "A file that the document includes is missing, lies outside the root, includes itself, or is none \
         that can be read. What it would say is absent.",
        "Name a file inside the root, relative to the one that includes it.",
    ),
    check(
        "document/format",
        "What a foreign format holds can be mapped",
        "The document is read through a format such as `huggingface`, and a value in it has another \
         shape than that format has, so its fields count as absent.",
        "Write the value as the format wants it.",
    ),
    check(
        "document/metadata",
        "Metadata keep to the rules of their format",
        "The place where such documents are published refuses these metadata, or shows something else \
         than was meant. It says so only after they are published.",
        "Write them as the format wants them.",
    ),
    check(
        "document/sidecar",
        "A sidecar is one mapping of fields",
        "`<file>.launchgate.yaml` supplies the fields that a foreign document has no place for. This one is \
         no mapping, or holds several documents.",
        "Write the fields as in a document of the kind, such as `owner: Search team`.",
    ),
    check(
        "document/sidecar-conflict",
        "Document and sidecar say each thing once",
        "A field is given by the document and by its sidecar. Neither silently overrides the other.",
        "Remove it from one of the two.",
    ),
    check(
        "document/sidecar-unused",
        "A sidecar belongs to a document in a foreign format",
        "A document in launchgate's own keys needs no sidecar, and what stands there is not read.",
        "Move the fields into the document, and remove the sidecar.",
    ),
];

/// What is said of a shape, whether it is that of a document, a config or a policy.
pub(super) const SHAPES: &[Check] = &[
    check(
        "schema/unknown-key",
        "Every key is one that is known at its place",
        "The schema has no such key here. Most often it is misspelt, and the key that was meant is \
         then missing for every rule that reads it.",
        "Use the key that is suggested, or one that `launchgate schema KIND` lists. What is your own \
         and for no rule gets a key that begins with `x-`.",
    ),
    check(
        "schema/missing-key",
        "Every required key is filled in",
        "The schema requires the key at this place, and it is missing, empty or null.",
        "Add the key under the one that is marked.",
    ),
    check(
        "schema/type",
        "Every value has its type",
        "The value is, say, a text where a list is wanted. Nothing is converted: `'5'` is no number and \
         `yes` is no truth value.",
        "Write the value in the type that is named.",
    ),
    check(
        "schema/value",
        "Every value is one that is allowed",
        "The value has the right type but is out of its range, not among the values to choose from, or \
         not in its format: dates are 2026-11-22, durations are P2Y or P30D.",
        "Write one of the values that the finding names.",
    ),
    check(
        "schema/union",
        "A value fits one of its forms",
        "The value may be written in several forms, and it fits none of them.",
        "Choose one of the forms that the finding names, and write all of it.",
    ),
    check(
        "schema/ambiguous-scalar",
        "A bare word means the same to every parser",
        "`yes`, `no`, `on` and `off` without quotes are truth values to YAML 1.1 tools and texts to YAML \
         1.2, and `1.10` is the number 1.1 to both. Where a text is wanted, say so.",
        "Put the value in quotes.",
    ),
];
