//! Documents that cannot be read as a whole, and files that are no documents any more.

use super::project::{Row, credit};

const SPEC: &str = "instant-credit.md";
const CARD: &str = "credit-risk-model.yaml";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        credit("a key stands twice")
            .edit(CARD, "licence: LicenseRef-internal", "licence: LicenseRef-internal\nowner: Nobody")
            .exits(1).says("document/duplicate-key", CARD, "«owner»: Nobody"),
        credit("a key stands twice in a nested mapping")
            .edit(SPEC, "    retention: P6M\n", "    retention: P6M\n    retention: P9Y\n")
            .exits(1).says("document/duplicate-key", SPEC, "«retention»: P9Y"),
        credit("a tab indents")
            .edit(CARD, "  overseer:", "\toverseer:")
            .exits(1).says("document/tab-indentation", CARD, "«\t»overseer: Credit officers, lending operations"),
        credit("a quote is not closed")
            .edit(CARD, "title: Consumer credit risk model", "title: \"Consumer credit risk model")
            .exits(1).says("document/syntax", CARD, "«v»ersion: 2.3.0"),
        credit("a bracket is not closed")
            .edit(CARD, "attribute: [sex, age_band]", "attribute: [sex, age_band")
            .exits(1).says("document/syntax", CARD, "favourable«:» 1"),
        credit("a line is indented by one too many")
            .edit(CARD, "  training: Two-day", "   training: Two-day")
            .exits(1).says("document/syntax", CARD, "training«:» Two-day course on the model and its limits, repeated yearly"),
        credit("a colon makes a mapping of a text")
            .edit(CARD, "  source: Loan origination system\n    revision: 2026-04-30", "  source: Loan: origination system\n    revision: 2026-04-30")
            .exits(1).says("document/syntax", CARD, "source: Loan«:» origination system"),
        credit("the front matter is not closed")
            .edit(SPEC, "  open_issues: 0\n---\n", "  open_issues: 0\n")
            .exits(1).says("document/front-matter", SPEC, "«---»"),
        credit("the file ends in the middle of the front matter")
            .cut(SPEC, "  rollback:\n")
            .exits(1).says("document/front-matter", SPEC, "«---»"),
        credit("the file ends in the middle of a list")
            .cut(CARD, "      evidence: &predictions")
            .exits(1).says("fairness/evidence-bound", CARD, "- «metric»: demographic_parity_ratio"),
        credit("the front matter is fenced by four dashes")
            .edit(SPEC, "---\nkind:", "----\nkind:")
            .exits(1).says("document/front-matter", SPEC, "«kind: feature-spec»"),
        credit("the front matter does not begin the file")
            .prepend(SPEC, "# Draft\n\n")
            .exits(1).says("document/front-matter", SPEC, "«kind: feature-spec»"),
        credit("the front matter comes after blank lines")
            .prepend(SPEC, "\n\n")
            .exits(1).says("document/front-matter", SPEC, "«---»"),
        credit("the front matter comes after a comment")
            .prepend(SPEC, "<!-- reviewed -->\n")
            .exits(1).says("document/front-matter", SPEC, "«kind: feature-spec»"),
        credit("the fence is indented")
            .edit(SPEC, "---\nkind:", " ---\nkind:")
            .exits(1).says("document/front-matter", SPEC, "«kind: feature-spec»"),
        credit("the front matter has a key that is made from the text")
            .edit(SPEC, "accessibility:\n", "sections: []\naccessibility:\n")
            .exits(1).says("document/front-matter", SPEC, "«sections»: []"),
        credit("a second document is broken")
            .append(CARD, "---\nkind: model-card\nid: [\n")
            .exits(1).says("document/syntax", CARD, "id: «[»"),
        credit("a second document is of an unknown kind")
            .append(CARD, "---\nkind: model-crad\nid: second\n")
            .exits(1).says("document/unknown-kind", CARD, "kind: «model-crad»"),
        credit("a second document says no kind")
            .append(CARD, "---\nid: second\nowner: Nobody\n")
            .exits(1).says("document/missing-kind", CARD, "«id»: second"),
        credit("a second document has its own failings")
            .append(CARD, "---\nkind: model-card\nid: second\nstatus: launched\n")
            .exits(1).says("core/model-described", CARD, "«kind»: model-card"),
        credit("a line of dashes cuts the document in two")
            .edit(CARD, "human_oversight:\n", "---\nhuman_oversight:\n")
            .exits(1).says("document/missing-kind", CARD, "«human_oversight»:"),
        credit("an end of document cuts it off")
            .edit(CARD, "human_oversight:\n", "...\nhuman_oversight:\n")
            .exits(1).says("document/missing-kind", CARD, "«human_oversight»:"),
        credit("an alias has no anchor")
            .edit(CARD, "evidence: &predictions", "evidence:")
            .exits(1).says("document/unresolved-alias", CARD, "evidence: «*predictions»"),
        credit("aliases multiply")
            .append(
                CARD,
                "x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
x-f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
",
            )
            .exits(1).says("document/limit", CARD, "x-e: &e [*d, *d, *d, *d, *d, *d, *d, «*d», *d, *d]"),
        credit("lists nest without end")
            .append(CARD, concat!("x-deep: ", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["))
            .exits(1).says("document/limit", CARD, "x-deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[«[»[[[[[[[[[[[[[[[[[[[[[[[[["),
        credit("a byte is not UTF-8")
            .edit(CARD, "title: Consumer", b"title: Consum\xe9r")
            .exits(1).says("document/encoding", CARD, "title: Consum«\u{fffd}r »credit risk model"),
        credit("a document is UTF-16")
            .edit(CARD, "kind: model-card\n", b"\xff\xfek\0i\0n\0d\0:\0 \0m\0")
            .exits(1).says("document/encoding", CARD, "«\u{fffd}\u{fffd}k»\u{0}i\u{0}n\u{0}d\u{0}:\u{0} \u{0}m\u{0}id: credit-risk-model"),
        credit("a NUL stands in the text")
            .edit(CARD, "title: Consumer", "title: Con\0sumer")
            .exits(1).says("document/syntax", CARD, "title: Con«\u{0}»sumer credit risk model"),
        credit("a carriage return alone ends a line")
            .edit(CARD, "title: Consumer credit", "title: Consumer\rowner: Credit")
            .exits(1).says("document/duplicate-key", CARD, "«owner»: Credit risk modelling <risk-models@bank.example>"),
        credit("a file is emptied")
            .file(CARD, "")
            .exits(1).says("core/model-cards-agree", SPEC, "- card: «credit-risk-model.yaml»"),
        credit("a file holds nothing but a comment")
            .file(CARD, "# kind: model-card\n")
            .exits(1).says("core/model-cards-agree", SPEC, "- card: «credit-risk-model.yaml»"),
        credit("the kind is misspelt")
            .edit(CARD, "kind: model-card", "kind: model-crad")
            .exits(1).says("document/unknown-kind", CARD, "kind: «model-crad»"),
        credit("the kind ends in a space")
            .edit(CARD, "kind: model-card", "kind: \"model-card \"")
            .exits(1).says("document/unknown-kind", CARD, "kind: «\"model-card \"»"),
        credit("the kind holds a letter of another alphabet")
            .edit(CARD, "kind: model-card", "kind: m\u{43e}del-card")
            .exits(1).says("document/unknown-kind", CARD, "kind: «m\u{43e}del-card»"),
        credit("the kind is that of somebody else")
            .edit(CARD, "kind: model-card", "kind: Deployment")
            .exits(1).says("document/unknown-kind", CARD, "kind: «Deployment»"),
        credit("the kind is a list")
            .edit(CARD, "kind: model-card", "kind: [model-card]")
            .exits(1).says("document/unknown-kind", CARD, "«kind»: [model-card]"),
        credit("the kind is null")
            .edit(CARD, "kind: model-card", "kind:")
            .exits(1).says("document/unknown-kind", CARD, "«kind»:"),
        credit("the kind is missing")
            .edit(CARD, "kind: model-card\n", "")
            .exits(1).says("document/missing-kind", CARD, "«id»: credit-risk-model"),
        credit("the kind is that of another document")
            .edit(CARD, "kind: model-card", "kind: feature-spec")
            .exits(1).says("schema/unknown-key", CARD, "«fairness»:"),
        credit("the key `kind` is misspelt")
            .edit(CARD, "kind: model-card", "knid: model-card")
            .exits(1).says("document/missing-kind", CARD, "«knid»: model-card"),
        credit("the key `kind` is in capitals")
            .edit(CARD, "kind: model-card", "Kind: model-card")
            .exits(1).says("document/missing-kind", CARD, "«Kind»: model-card"),
        credit("the key `kind` holds a character without width")
            .edit(CARD, "kind: model-card", "\u{200b}kind: model-card")
            .exits(1).says("document/missing-kind", CARD, "«\u{200b}kind»: model-card"),
        credit("the key `kind` is a comment")
            .edit(SPEC, "kind: feature-spec", "#kind: feature-spec")
            .exits(1).says("document/missing-kind", SPEC, "«id»: instant-credit"),
        credit("a document is the element of a list")
            .edit(CARD, "kind: model-card\n", "- kind: model-card\n")
            .cut(CARD, "id: credit-risk-model\n")
            .append(CARD, "  id: credit-risk-model\n  title: Consumer credit risk model\n")
            .exits(1).says("document/nested", CARD, "- kind: «model-card»"),
        credit("a document is the value of a key")
            .file("card.yaml", "card:\n  kind: model-card\n  id: second\n")
            .exits(1).says("document/nested", "card.yaml", "kind: «model-card»"),
        credit("a card passes for the description of a format")
            .append(CARD, "format: house\nfields: {}\n")
            .exits(1).says("schema/unknown-key", CARD, "«format»: house"),
    ]
}
