//! What is written where it is known where launchgate comes from, and where it is not.

use serde_yaml::Value as Yaml;

use super::address::Address;
use super::texts;

fn address() -> Address {
    Address::of("https://github.com/bank/launchgate", "1.2.3").unwrap()
}

fn yaml(text: &str) -> Yaml {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn only_repositories_at_github_can_be_used_by_name() {
    let name = |url| Address::of(url, "1.0.0").map(Address::name);
    assert_eq!(name("https://github.com/bank/gate"), Some("bank/gate"));
    assert_eq!(name("https://github.com/bank/gate.git"), Some("bank/gate"));
    assert_eq!(name("https://github.com/bank/gate/"), Some("bank/gate"));
    for url in [
        "",
        "https://git.example/bank/gate",
        "https://github.com/bank",
        "https://github.com/bank/gate/tree/main",
        "https://github.com/bank/ga te",
    ] {
        assert_eq!(name(url), None, "{url}");
    }
}

#[test]
fn a_known_address_leaves_nothing_to_fill_in() {
    let workflow = texts::workflow(Some(&address()), Some("main"));
    let hooks = texts::hooks(Some(&address()));
    for text in [&workflow, &hooks] {
        assert!(
            !text.contains("OWNER") && !text.contains("FILL IN"),
            "{text}"
        );
    }
    let workflow = yaml(&workflow);
    let steps = &workflow["jobs"]["launchgate"]["steps"];
    assert_eq!(steps[1]["uses"].as_str(), Some("bank/launchgate@v1.2.3"));
    assert_eq!(workflow["on"]["push"]["branches"][0].as_str(), Some("main"));
    let hooks = yaml(&hooks);
    let repository = &hooks["repos"][0];
    assert_eq!(
        repository["repo"].as_str(),
        Some("https://github.com/bank/launchgate")
    );
    assert_eq!(repository["rev"].as_str(), Some("v1.2.3"));
    let id = repository["hooks"][0]["id"].as_str().unwrap();
    let offered = yaml(include_str!("../../../../.pre-commit-hooks.yaml"));
    let mut offered = offered.as_sequence().unwrap().iter();
    assert!(offered.any(|hook| hook["id"].as_str() == Some(id)), "{id}");
}

#[test]
fn without_an_address_the_hook_stands_on_its_own_feet() {
    let hooks = yaml(&texts::hooks(None));
    let own = &hooks["repos"][0]["hooks"][0];
    let offered = yaml(include_str!("../../../../.pre-commit-hooks.yaml"));
    let mut offered = offered.as_sequence().unwrap().iter();
    let offered = offered
        .find(|hook| hook["id"].as_str() == Some("launchgate-system"))
        .unwrap();
    for key in ["entry", "language", "types_or", "require_serial"] {
        assert_eq!(own[key], offered[key], "{key}");
    }
    let workflow = texts::workflow(None, None);
    assert!(workflow.contains("FILL IN") && texts::FILL_IN.contains("OWNER"));
    assert!(yaml(&workflow)["on"]["push"].is_null());
}

#[test]
fn inputs_and_permissions_of_the_workflow_are_those_of_the_action() {
    let action = yaml(include_str!("../../../../action.yml"));
    let commented = |text: &str| {
        let lines = text
            .lines()
            .map(|line| match line.trim_start().strip_prefix("# ") {
                Some(rest) if rest.ends_with("true") || rest.contains("write # for") => {
                    let indent = line.len() - line.trim_start().len();
                    format!("{}{rest}", " ".repeat(indent))
                }
                _ => line.to_owned(),
            });
        lines.collect::<Vec<_>>().join("\n")
    };
    let workflow = yaml(&commented(&texts::workflow(Some(&address()), None)));
    let step = &workflow["jobs"]["launchgate"]["steps"][1];
    let inputs = step["with"].as_mapping().unwrap();
    assert_eq!(inputs.len(), 3, "{inputs:?}");
    for name in inputs.keys() {
        assert!(action["inputs"].get(name).is_some(), "{name:?}");
    }
    let granted = workflow["permissions"].as_mapping().unwrap();
    assert_eq!(granted.len(), 3, "{granted:?}");
}

/// A branch can have nearly any name.
#[test]
fn names_of_branches_are_quoted() {
    for name in [
        "main",
        "release/1.0",
        "a,b",
        "yes",
        "1.10",
        "x]",
        "- a",
        "a: b",
    ] {
        let workflow = yaml(&texts::workflow(None, Some(name)));
        assert_eq!(workflow["on"]["push"]["branches"][0].as_str(), Some(name));
        assert_eq!(
            workflow["on"]["push"]["branches"]
                .as_sequence()
                .map(Vec::len),
            Some(1)
        );
    }
}
