//! Checks of policies, at load and by `launchgate test`.

use super::{Check, check};

pub(super) const POLICIES: &[Check] = &[
    check(
        "policy/expression",
        "Expressions can be compiled and fit the kind's schema",
        "The expression is no valid CEL, reads a path that the kind does not have, names an unknown \
         parameter or function, or compares values of different types. Such a rule would never fail, or \
         never pass; it is refused before any document is read.",
        "Correct the expression; the finding marks the part of it and suggests the nearest name.",
    ),
    check(
        "policy/constant",
        "Every requirement reads the document",
        "The requirement reads neither `doc` nor `item`, so every document would come out alike.",
        "Read what it is about, or remove it.",
    ),
    check(
        "policy/message",
        "A message names what is there",
        "A `{...}` of the message is no valid expression, or reads what the kind does not have.",
        "Correct it; write `{{` for a brace that is meant as such.",
    ),
    check(
        "policy/fix",
        "A fix writes what could stand there",
        "The value that `fix` gives is of another type than its path takes, or none that it can have.",
        "Give an expression of the type that the path has.",
    ),
    check(
        "policy/no-for-each",
        "`item` and `where` go with `for_each`",
        "The rule speaks of an item, or filters items, and has no list to go over.",
        "Add `for_each:` with the list, or read from `doc`; a condition on the document is `when`.",
    ),
    check(
        "policy/not-a-list",
        "`for_each` gives a list",
        "What `for_each` gives for documents of this kind is no list, so there is nothing to go over.",
        "Name a list, or make one with `map` or `filter`.",
    ),
    check(
        "policy/not-a-path",
        "`present` and `schema` name a path",
        "They say of one place in the document that it is filled in, or fits a schema; an expression gives no \
         such place.",
        "Name the path, such as `doc.owner`; put the expression into a requirement of its own.",
    ),
    check(
        "policy/schema",
        "A schema fragment can be used",
        "The fragment behind `schema:` is no JSON Schema, or has a keyword that JSON Schema would ignore, so \
         that the requirement would hold unseen.",
        "Correct the keyword or its value.",
    ),
    check(
        "policy/param",
        "The default of a parameter has its type",
        "The default is not of the type that the parameter declares.",
        "Change the default, or the `type`.",
    ),
    check(
        "policy/unused-param",
        "Every parameter decides something",
        "Nothing reads the parameter, so whoever sets it changes nothing.",
        "Read it as `params.NAME`, or remove it.",
    ),
    check(
        "policy/effective",
        "The days of a rule or a control are days, in order",
        "They hold something that is no day, or end before they begin, or hang on controls of which none is \
         ever in force, so that the rule would never hold.",
        "Write days such as 2026-08-02, the earlier one under `from`.",
    ),
    check(
        "policy/control-id",
        "Controls are named by framework and reference",
        "An entry of `controls` has not the form `framework:reference`.",
        "Write it as `gdpr:5(1)(e)`.",
    ),
    check(
        "policy/several-documents",
        "A catalogue is one YAML document",
        "A second document begins in the file, and its controls would be passed over.",
        "Write a file for each framework; rules, on the contrary, may stand in one file.",
    ),
    check(
        "policy/unknown-control",
        "Controls are in their catalogue",
        "An entry of `controls`, or the successor that a catalogue names, is no control of its framework. Who \
         relies on it would find nothing behind it.",
        "Correct it; `launchgate explain ID` lists the controls of a framework.",
    ),
    check(
        "policy/unknown-framework",
        "Frameworks have a catalogue",
        "A control, or `frameworks` of a `pack.yaml`, names a framework without a catalogue.",
        "Correct it, or name a catalogue of your own under `frameworks` in the config.",
    ),
    check(
        "policy/duplicate-control",
        "A catalogue lists a control once",
        "Two controls of a catalogue have one id, so that it cannot be told which of them a rule serves.",
        "Give one of them another id, or remove it.",
    ),
    check(
        "policy/unknown-kind",
        "A rule applies to kinds that exist",
        "`applies_to` names a kind that is not known; the rule would never apply.",
        "Correct the name, or define the kind under `kinds` in launchgate.yaml.",
    ),
    check(
        "policy/wrong-pack",
        "A rule is named after its pack",
        "The part of the id before the slash is not the name of the pack that the file lies in.",
        "Call the rule `PACK/NAME`, or move the file.",
    ),
    check(
        "policy/duplicate-rule",
        "Every rule id is there once",
        "Two rules have one id; settings, waivers and reports could not tell them apart.",
        "Give one of them another name.",
    ),
    check(
        "policy/duplicate-pack",
        "Every pack name is there once",
        "Two packs have one name.",
        "Rename one of them, in its `pack.yaml` and its folder.",
    ),
    check(
        "policy/pack-name",
        "A pack is called as its folder is",
        "The `name` in `pack.yaml` is not that of its folder.",
        "Give both the same name.",
    ),
    check(
        "policy/missing-pack-file",
        "A pack has a `pack.yaml`",
        "The folder holds rules and no `pack.yaml` that says what they are.",
        "Put a `pack.yaml` beside them with `name`, `version`, `title` and `description`.",
    ),
    check(
        "policy/empty-pack",
        "A pack holds rules",
        "The pack has no rule at all, so choosing it checks nothing.",
        "Add rules, or take the pack out of `packs`.",
    ),
    check(
        "policy/empty-file",
        "A policy file holds a rule",
        "There is nothing in the file. A rule that was emptied by mistake would be missed by nobody.",
        "Write the rule, or remove the file.",
    ),
    check(
        "policy/unknown-pack",
        "Packs that are extended exist",
        "`extends` of a pack names one that is not known.",
        "Correct the name.",
    ),
    check(
        "policy/pack-cycle",
        "Packs do not extend each other in a circle",
        "A pack extends another that, in the end, extends it.",
        "Remove one of the entries of `extends`.",
    ),
    check(
        "policy/missing-example",
        "Every rule has an example that passes and one that fails",
        "A rule that was never seen to fail may not be able to. Without examples nobody can tell.",
        "Add what is missing under `examples`; `launchgate test` runs them.",
    ),
    check(
        "policy/example",
        "An example says one outcome and one document",
        "An example needs a name and exactly one of `pass`, `fail`, `unknown` and `not_applicable`, and `at` \
         goes with those that have a finding.",
        "Correct the keys of the example.",
    ),
    check(
        "policy/example-document",
        "The document of an example can be read",
        "The text of an example is no document of a kind that the rule applies to, or has keys that its \
         schema does not have; the example would test something else.",
        "Correct the document, at the place that is shown.",
    ),
    check(
        "policy/example-outcome",
        "Every example comes out as it says",
        "`launchgate test` held the rule against the example, and it came out otherwise.",
        "Correct the rule if the example is right, else the example.",
    ),
    check(
        "policy/example-fixed",
        "The fix of a rule makes of an example what the example says",
        "The rule offers no fix for the example, makes another text of it, or does not pass then: `--fix` would \
         write what its author has not seen.",
        "Correct `fix`, or what the example has under `fixed`.",
    ),
    check(
        "policy/example-place",
        "Findings of an example stand where it says",
        "The rule found what the example expects, but at another place than `at` names; in a real \
         document the finding would point to the wrong line.",
        "Correct `at`, or write the requirement so that it reads what is at fault.",
    ),
    check(
        "policy/example-params",
        "The parameters of an example exist and have their types",
        "An example sets a parameter that the rule does not have, or to a value of another type.",
        "Use the names and types of the rule's `params`.",
    ),
    check(
        "policy/example-files",
        "The files of an example lie beside its document",
        "A file of an example has a path that leads out of the example's folder, or bytes that are no base64.",
        "Give a relative path, and the content as text or as `{ base64: ... }`.",
    ),
    check(
        "policy/untested",
        "Examples show every part of a rule both ways",
        "No example makes this requirement or condition hold, or none makes it fail. A part that is never \
         seen to decide anything may decide nothing.",
        "Add an example that does.",
    ),
    check(
        "policy/surviving-mutant",
        "Examples notice if a rule is another",
        "`launchgate test --mutate` changed the rule in this one place, and every example came out as before: \
         the same outcome, found at the same places for the same requirement. Whoever breaks the rule here by \
         mistake would not hear of it.",
        "Add the example that the finding names, or simplify the rule where the part says nothing new.",
    ),
    check(
        "policy/unjudged-mutants",
        "The mutants of every rule can be judged",
        "An example of the rule does not come out as it says, so it cannot tell the rule from a mutant of it.",
        "Correct the example or the rule first.",
    ),
];
