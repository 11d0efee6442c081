//! The tokens of every issuer are found, whatever stands around them. They are put together here, so
//! that no scanner takes this file for a leak.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use gate::{ROOT, check_with, memory, options};

/// For each text, as a document, the rules of the pack `security` that find something in it.
fn found(extension: &str, texts: &[String]) -> Vec<Vec<String>> {
    let path = |number: usize| format!("{number}.{extension}");
    let documents = texts.iter().enumerate();
    let documents = documents.map(|(number, text)| (path(number), text.clone()));
    let config = (
        "launchgate.yaml".to_owned(),
        "packs: [security]\n".to_owned(),
    );
    let files = memory([config].into_iter().chain(documents));
    let report = check_with(&files, ROOT.into(), &options());
    assert_eq!(report.summary.documents, texts.len());
    let rules = |number: usize| {
        let findings = report.findings.iter();
        let own = findings.filter(|f| {
            f.document
                .as_ref()
                .is_some_and(|of| *of.path == *path(number))
        });
        let mut rules: Vec<_> = own.map(|finding| finding.rule.to_string()).collect();
        rules.retain(|rule| rule.starts_with("security/no-"));
        rules.dedup();
        rules
    };
    (0..texts.len()).map(rules).collect()
}

/// Holds that the one rule finds something in each text, or that none does.
fn assert_found(extension: &str, texts: &[String], rule: Option<&str>) {
    for (text, found) in texts.iter().zip(found(extension, texts)) {
        assert!(
            found.iter().map(String::as_str).eq(rule),
            "{text}: {found:?}"
        );
    }
}

/// A token: its beginning, and how many characters follow, of which the last may be missing.
const TOKENS: &[(&[&str], usize)] = &[
    (&["AK", "IA"], 16),
    (&["AS", "IA"], 16),
    (&["gh", "p_"], 36),
    (&["gh", "o_"], 36),
    (&["gh", "u_"], 36),
    (&["gh", "s_"], 36),
    (&["gh", "r_"], 36),
    (&["github", "_pat_"], 22),
    (&["gl", "pat-"], 20),
    (&["gl", "rt-"], 20),
    (&["gl", "dt-"], 20),
    (&["xo", "xb-"], 10),
    (&["xo", "xp-"], 10),
    (&["xa", "pp-1-"], 8),
    (&["AI", "za"], 35),
    (&["sk", "_live_"], 16),
    (&["rk", "_live_"], 16),
    (&["wh", "sec_"], 24),
    (&["sk-", "proj-"], 20),
    (&["sk-", "ant-api03-"], 20),
    (&["hf", "_"], 30),
    (&["np", "m_"], 36),
    (&["py", "pi-"], 50),
    (&["do", "p_v1_"], 64),
    (&["hooks.slack", ".com/services/"], 20),
];

const TOKEN: Option<&str> = Some("security/no-access-tokens");
const PASSWORD: Option<&str> = Some("security/no-passwords");

fn card(text: &str) -> String {
    format!("---\nkind: model-card\nid: a\n---\n# One\n\n    {text}\n")
}

#[test]
fn every_token_is_found_and_one_that_is_too_short_is_not() {
    let head = "kind: model-card\nid: a";
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for (start, length) in TOKENS {
        let characters = if start.concat().ends_with("_v1_") {
            "a0"
        } else {
            "A0"
        };
        let token = |length: usize| {
            let rest: String = characters.chars().cycle().take(length).collect();
            format!("{}{rest}", start.concat())
        };
        long.push(format!("{head}\nx-key: {}\n", token(*length)));
        long.push(format!("{head} # {}.\n", token(*length)));
        long.push(format!("{head}\nx-key: \"b\\n{}\"\n", token(*length)));
        short.push(format!("{head}\nx-key: {}\n", token(length - 1)));
    }
    assert_found("yaml", &long, TOKEN);
    assert_found("yaml", &short, None);
}

#[test]
fn tokens_of_several_parts_are_found() {
    let part = |length: usize| "A0".chars().cycle().take(length).collect::<String>();
    let object = |length: usize| ["ey", "J"].concat() + &part(length);
    let tokens = [
        format!("{}.{}.{}", object(10), object(20), part(20)),
        format!("{}.{}.{}", ["S", "G"].concat(), part(22), part(43)),
        format!("-----BEGIN {} KEY-----\\n{}", "RSA PRIVATE", part(40)),
        format!("-----BEGIN {} KEY-----", "OPENSSH PRIVATE"),
        format!("-----BEGIN PGP {} KEY BLOCK-----", "PRIVATE"),
    ];
    assert_found(
        "md",
        &tokens.map(|token| card(&format!("Use `{token}` here."))),
        TOKEN,
    );
    let harmless = [
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "eyJhbGciOiJub25lIn0",
        "sk-learn-is-a-library-for-machine-learning",
        "hf_transfer",
        "AKIAIOSFODNN7EXAMPLE",
    ];
    assert_found("md", &harmless.map(card), None);
}

#[test]
fn passwords_are_found_in_the_notations_of_settings() {
    let value = "sesame-4711";
    let settings = [
        format!("password: {value}"),
        format!("PASSWORD={value}"),
        format!("'db.password' => '{value}'"),
        format!("passwd := \"{value}\";"),
        format!("\\\"api_key\\\": \\\"{value}\\\""),
        format!("my-client-secret: '{value}',"),
        format!("AZURE_ACCOUNT_KEY=\"{value}\""),
        format!("Server=db;Uid=app;Pwd={value};"),
        format!("aws_secret_access_key = {value}"),
        format!("curl --data access_token={value}"),
    ];
    assert_found("md", &settings.map(|text| card(&text)), PASSWORD);
    let harmless = [
        "password: ${PASSWORD_1}",
        "password: {{ vault.password1 }}",
        "password: <your-password-1>",
        "password = getpass1()",
        "api_key: os.environ1",
        "password: secrets/export1.yaml",
        "password_policy: nist-800-63b",
        "the password: twelve characters or more",
        "access_token: 3600000",
        "tokens: 4096k",
    ];
    assert_found("md", &harmless.map(card), None);
}

/// Where a password was found: its file, and the text before it on its line.
fn places(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let config = ("launchgate.yaml", "packs: [security]\n");
    let report = check_with(
        &memory([config].iter().chain(files).copied()),
        ROOT.into(),
        &options(),
    );
    let findings = report.findings.iter();
    let passwords = findings.filter(|f| f.rule.as_str() == "security/no-passwords");
    passwords
        .map(|finding| {
            let file = report.sources.file(finding.primary.location).unwrap();
            let start = finding.primary.location.span.start;
            let line = file.line_span(file.line_column(start).line).unwrap();
            let before = launchgate::source::Span::new(line.start, start);
            (file.path().to_string(), file.slice(before).to_owned())
        })
        .collect()
}

#[test]
fn of_a_foreign_card_all_that_is_written_is_searched_and_its_sidecar_too() {
    let card = "---\n\
        license: mit\n\
        pipeline_tag: text-classification\n\
        unknown_key: 'password=front-1'\n\
        tags: [a] # password=comment-1\n\
        ---\n\
        <!-- password=hidden-1 -->\n\
        # Card\n\n\
        See [it](https://a.example/?password=target-1).\n\n\
        <script>password=\"script-1\"</script>\n";
    let sidecar = "# password=side-1\nowner: a\nx-y: 'password=side-2'\n";
    let before = |text: &str| ("README.md".to_owned(), text.to_owned());
    assert_eq!(
        places(&[("README.md", card)]),
        [
            before("unknown_key: 'password="),
            before("tags: [a] # password="),
            before("<!-- password="),
            before("See [it](https://a.example/?password="),
            before("<script>password=\""),
        ]
    );
    let beside = "README.md.launchgate.yaml";
    let found = places(&[("README.md", card), (beside, sidecar)]);
    let found: Vec<_> = found.iter().filter(|(path, _)| path == beside).collect();
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn of_several_documents_in_a_file_each_has_its_own() {
    let one =
        "# password=first-1\nkind: model-card\nid: a\nx-a: password=first-2\n# password=other-1\n";
    let two = "---\nkind: model-card\nid: b\n# password=other-2\n";
    let file = format!("{one}{two}");
    let found = places(&[("a.yaml", &file)]);
    assert_eq!(found.len(), 4, "{found:?}");
}
