//! Files that are not there, or not what they seem.

use super::bank::{CONFIG, SHEET, SPEC};
use super::project::{Row, bank, credit};

const CARD: &str = "credit-risk-model.yaml";

/// A card of the Hugging Face Hub, whose missing fields a sidecar may supply.
const HUB_CARD: &str = "---\nlicense: mit\npipeline_tag: text-classification\n---\n# Toxicity\n";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![
        credit("a named file does not exist")
            .words(&["instant-credti.md"])
            .exits(2).says("input/not-found", "<command line>", ""),
        credit("one of several named files does not exist")
            .words(&["instant-credit.md", "credit-risk-modle.yaml"])
            .exits(2).says("input/not-found", "<command line>", ""),
        credit("a named file is no document")
            .words(&["docs/dpia.md"])
            .exits(2).says("input/unrecognized", "docs/dpia.md", "«# Data protection impact assessment: instant credit decisions»"),
        credit("one of several named files is no document")
            .words(&["instant-credit.md", CARD, "docs/dpia.md"])
            .exits(2).says("input/unrecognized", "docs/dpia.md", "«# Data protection impact assessment: instant credit decisions»"),
        credit("a named file has an unknown extension")
            .words(&["evidence/predictions.csv", "."])
            .exits(2).says("input/unknown-syntax", "<command line>", ""),
        credit("a named file has no extension")
            .rename(CARD, "credit-risk-model")
            .words(&["instant-credit.md", "credit-risk-model"])
            .exits(2).says("input/unknown-syntax", "<command line>", ""),
        credit("a folder holds no document")
            .words(&["docs"])
            .exits(3)
            .complains("NOTHING CHECKED"),
        credit("a folder holds no file that could be a document")
            .folder("empty")
            .words(&["empty"])
            .exits(3)
            .complains("NOTHING CHECKED"),
        credit("a file is larger than the limit")
            .file("launchgate.yaml", "limits: { file_bytes: 9000 }\n")
            .exits(1).says("document/limit", "instant-credit.md", ""),
        credit("a named file is the description of a format")
            .file(
                "format.yaml",
                "format: house\ntitle: House\nkind: model-card\ndetect: [has(raw.house)]\nfields: { id: raw.id }\n",
            )
            .words(&["format.yaml", "."])
            .exits(2).says("input/unrecognized", "format.yaml", "«format: house»"),
        credit("a key of a format's description is misspelt")
            .file(
                "format.yaml",
                "format: house\ntitle: House\nkind: model-card\ndetects: [has(raw.house)]\nfields: { id: raw.id }\n",
            )
            .exits(1).says("schema/unknown-key", "format.yaml", "«detects»: [has(raw.house)]"),
        credit("a named file is the gate's own")
            .file("launchgate.yaml", "root: true\n")
            .words(&["launchgate.yaml"])
            .exits(3)
            .complains("NOTHING CHECKED"),
        credit("a named file is empty")
            .file("empty.yaml", "")
            .words(&["empty.yaml", "."])
            .exits(2).says("input/unrecognized", "empty.yaml", ""),
        credit("a sidecar belongs to no document")
            .file("model.md.launchgate.yaml", "owner: Team\n")
            .exits(2).says("input/orphan-sidecar", "model.md.launchgate.yaml", ""),
        credit("a sidecar stands beside a document that needs none")
            .file("credit-risk-model.yaml.launchgate.yaml", "owner: Team\n")
            .exits(1).says("document/sidecar-unused", "credit-risk-model.yaml.launchgate.yaml", "«owner»: Team"),
        credit("a sidecar is broken")
            .file("hub/README.md", HUB_CARD)
            .file("hub/README.md.launchgate.yaml", "owner: [Team\n")
            .exits(1).says("document/syntax", "hub/README.md.launchgate.yaml", "owner: «[»Team"),
        credit("a key of a sidecar is misspelt")
            .file("hub/README.md", HUB_CARD)
            .file("hub/README.md.launchgate.yaml", "onwer: Team\n")
            .exits(1).says("schema/unknown-key", "hub/README.md.launchgate.yaml", "«onwer»: Team"),
        credit("a card of the Hub lacks what the Hub does not ask for")
            .file("hub/README.md", HUB_CARD)
            .exits(1).says("core/owner-named", "hub/README.md", "«license»: mit"),
        bank("a document that the config names is gone")
            .remove(SPEC)
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"specs/*.yaml\"»"),
        bank("a document that the config names is emptied")
            .file(SPEC, "")
            .exits(1).says("document/empty", SPEC, ""),
        bank("a document that the config names has another extension")
            .rename(SPEC, "specs/loan.txt")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"specs/*.yaml\"»"),
        bank("a document that the config names is no longer one")
            .file(SHEET, "- columns\n")
            .exits(2).says("input/unrecognized", SHEET, "«- columns»"),
        bank("a document that the config names by a wildcard is ignored")
            .file(".gitignore", "specs/\n")
            .edit(CONFIG, "specs/*.yaml", "spec*/*.yaml")
            .exits(2).says("input/unmatched-glob", CONFIG, "- paths: «\"spec*/*.yaml\"»"),
    ];
    #[cfg(unix)]
    rows.extend([
        credit("a named file is a FIFO")
            .fifo("spec.yaml")
            .words(&["spec.yaml"])
            .exits(2)
            .says("input/not-a-file", "<command line>", ""),
        credit("a FIFO lies among the documents")
            .fifo("spec.yaml")
            .exits(2)
            .says("input/not-a-file", "spec.yaml", ""),
        credit("a link leads out of the root")
            .rename(CARD, "../card.yaml")
            .link(CARD, "../card.yaml")
            .exits(2)
            .says("input/outside-root", CARD, ""),
        credit("a named link leads out of the root")
            .rename(CARD, "../card.yaml")
            .link(CARD, "../card.yaml")
            .words(&["instant-credit.md", CARD])
            .exits(2)
            .says("input/outside-root", "<command line>", ""),
        credit("a link to a folder leads out of the root")
            .folder("../more")
            .link("more", "../more")
            .exits(2)
            .says("input/outside-root", "more", ""),
        credit("a link leads nowhere")
            .remove(CARD)
            .link(CARD, "elsewhere.yaml")
            .exits(2)
            .says("input/unreadable", CARD, ""),
    ]);
    rows
}
