//! From a key to a launch: `review`, `sign` and `check` with the real `ssh-keygen`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SPEC: &str = "instant-credit.md";
const TODAY: &str = "2026-09-14";
const CONFIG: &str = "\
sign_offs:
  allowed_signers: .launchgate/allowed_signers
  minimum_assurance: ssh
  distinct: [[privacy, security]]
  roles:
    privacy: { title: Privacy counsel, members: [ann@bank.example, cat@bank.example], validity: P1Y }
    security: { members: ['*@bank.example'], validity: P1Y }
    model-risk: { members: ['*@bank.example'] }
";

/// A repository with the complete example of a launch, and keys of a few people beside it.
struct Repository {
    folder: TempDir,
    keys: TempDir,
}

/// What a command came to.
struct Ended {
    code: i32,
    out: String,
    error: String,
}

impl Ended {
    fn has(&self, code: i32, words: &[&str]) -> &Self {
        let all = format!("{}{}", self.out, self.error);
        assert_eq!(self.code, code, "{all}");
        for word in words {
            assert!(all.contains(word), "`{word}` is not in\n{all}");
        }
        self
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl Repository {
    /// With the keys of Ann (Ed25519), Bob (ECDSA) and Cat; the signers' file lists the first two.
    fn new() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
            keys: tempfile::tempdir().unwrap(),
        };
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
        copy(&example, repository.folder.path());
        repository.write("launchgate.yaml", CONFIG);
        repository.write(".gitattributes", "* -text\n");
        let mut signers = String::new();
        for (name, kind) in [("ann", "ed25519"), ("bob", "ecdsa"), ("cat", "ed25519")] {
            let key = repository.key(name);
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", kind, "-N", "", "-C", "", "-f", &key])
                .stdin(Stdio::null())
                .status();
            assert!(made.unwrap().success());
            if name != "cat" {
                signers += &repository.signer(name);
            }
        }
        repository.write(".launchgate/allowed_signers", &signers);
        for words in [
            &["init", "--quiet"][..],
            &["config", "user.email", "ines@bank.example"],
            &["config", "user.name", "Ines"],
            &["config", "commit.gpgsign", "false"],
        ] {
            repository.git(words);
        }
        repository.commit();
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn key(&self, name: &str) -> String {
        self.keys.path().join(name).to_str().unwrap().to_owned()
    }

    /// The line of the signers' file.
    fn signer(&self, name: &str) -> String {
        let public = fs::read_to_string(self.key(&format!("{name}.pub"))).unwrap();
        let public: Vec<&str> = public.split_whitespace().take(2).collect();
        format!(
            "{name}@bank.example namespaces=\"launchgate/*\" {}\n",
            public.join(" ")
        )
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(SPEC)).unwrap();
        assert!(text.contains(from), "{from}");
        self.write(SPEC, &text.replacen(from, to, 1));
    }

    fn git(&self, words: &[&str]) {
        self.git_says(words);
    }

    fn git_says(&self, words: &[&str]) -> String {
        let done = Command::new("git")
            .current_dir(self.folder.path())
            .args(words)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "git {words:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap()
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A step"]);
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
        command
            .current_dir(self.folder.path())
            .args(words)
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("CLICOLOR_FORCE")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        ended(&mut self.command(words))
    }

    /// `launchgate sign`, as somebody, in a role.
    fn sign(&self, name: &str, role: &str, more: &[&str]) -> Ended {
        let principal = format!("{name}@bank.example");
        let key = self.key(name);
        let words = [
            "sign", SPEC, "--role", role, "--as", &principal, "--key", &key, "--yes", "--as-of",
            TODAY,
        ];
        self.run(&[&words[..], more].concat())
    }

    fn review(&self, role: &str) -> Ended {
        self.run(&["review", SPEC, "--role", role, "--as-of", TODAY])
    }

    fn reviewed(&self, role: &str) -> Value {
        let words = [
            "review", SPEC, "--role", role, "--as-of", TODAY, "--output", "json",
        ];
        let ended = self.run(&words);
        assert_eq!(ended.code, 0, "{}", ended.error);
        let review = serde_json::from_str(&ended.out).unwrap();
        assert_valid(&review);
        review
    }

    fn check(&self) -> Ended {
        self.run(&["check", "--stage", "launched", "--as-of", TODAY])
    }
}

/// Holds a review against the published schema.
fn assert_valid(review: &Value) {
    let schema = include_str!("../schemas/review.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(review)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

fn tools() -> bool {
    tools::are_there(&["ssh-keygen", "git"])
}

/// A folder of programs with git alone: who wrote the commits is asked of it.
#[cfg(unix)]
fn only_git() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let programs = std::env::var_os("PATH").unwrap();
    let mut places = std::env::split_paths(&programs).map(|place| place.join("git"));
    let git = places.find(|git| git.is_file()).unwrap();
    std::os::unix::fs::symlink(git, folder.path().join("git")).unwrap();
    folder
}

#[test]
#[cfg(unix)]
fn from_a_key_to_a_launch() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    // The names in the document's own list count for nothing where signatures are asked for.
    repository
        .check()
        .has(1, &["privacy/signed-off", "security/signed-off"]);
    let review = repository.review("privacy");
    review.has(
        0,
        &[
            "feature-spec instant-credit for the role privacy, for the stage launched",
            "instant-credit.md\n",
            "evidence/scan.sarif\n",
            "Nobody has signed as privacy yet",
            "No open findings",
            "Who else must sign\n  security  unverified",
        ],
    );

    repository.sign("ann", "privacy", &[]).has(
        0,
        &["The role privacy now: valid until 2027-09-14, approved by ann@bank.example"],
    );
    repository
        .sign("bob", "security", &[])
        .has(0, &["now: valid"]);
    repository.commit();
    repository.check().has(1, &["fairness/signed-off"]);
    let card = ["sign", "credit-risk-model.yaml", "--role", "model-risk"];
    let bob = ["--as", "bob@bank.example", "--key", &repository.key("bob")];
    let more = ["--yes", "--as-of", TODAY];
    let signed = repository.run(&[&card[..], &bob, &more].concat());
    signed.has(0, &["now: valid"]);
    repository.commit();
    repository.check().has(0, &["launchgate: PASS"]);

    // An edit, and who has to look at what again.
    repository.edit("retention: P2Y", "retention: P1Y");
    repository.edit(
        "## Rollback plan\n",
        "## Rollback plan\n\nCall the owner first.\n",
    );
    let stale = repository.check();
    stale.has(
        1,
        &[
            "privacy/signed-off",
            "changed since: `/data`, the section `Rollback plan`",
        ],
    );
    repository.review("privacy").has(
        0,
        &[
            "Since ann@bank.example signed on 2026-09-14 (approved, stale)",
            "  ~ data[0].retention: P2Y -> P1Y  (line ",
            "  ~ section Rollback plan\n      + Call the owner first.\n",
            "every line: git diff ",
            "The role privacy now: stale: ann@bank.example: changed since: `/data`, the section `Rollback plan`",
        ],
    );
    let review = repository.reviewed("security");
    assert_eq!(review["role"]["status"], "stale");
    assert_eq!(review["earlier"][0]["document"], "compared");
    let differences = review["earlier"][0]["differences"].as_array().unwrap();
    assert_eq!(differences[0]["path"], "data[0].retention");
    assert_eq!(differences[0]["before"], "P2Y");
    assert_eq!(differences.len(), 2);

    let first = review["earlier"][0]["sha256"].clone();
    repository
        .sign("bob", "security", &[])
        .has(0, &["in place of an earlier statement"]);
    let file = "signoffs/instant-credit/security.bob@bank.example.json";
    let text = fs::read_to_string(repository.path(file)).unwrap();
    let statement: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(statement["predicate"]["supersedes"], first);
    repository
        .sign("ann", "privacy", &[])
        .has(0, &["now: valid"]);
    repository.check().has(0, &["launchgate: PASS"]);

    // Without OpenSSH it still verifies, and says how to sign by hand.
    let nowhere = only_git();
    let words = ["check", "--stage", "launched", "--as-of", TODAY];
    ended(repository.command(&words).env("PATH", nowhere.path())).has(0, &["launchgate: PASS"]);
    let key = repository.key("ann");
    let words = [
        "sign",
        SPEC,
        "--role",
        "privacy",
        "--as",
        "ann@bank.example",
        "--key",
        &key,
        "--yes",
        "--as-of",
        TODAY,
    ];
    let by_hand = ended(repository.command(&words).env("PATH", nowhere.path()));
    by_hand.has(
        2,
        &[
            "`ssh-keygen` is not to be found",
            "ssh-keygen -Y sign -n launchgate/signoff@v1 -f ",
            "privacy.ann@bank.example.json.new'",
        ],
    );
    // What was signed before stays until then; then the command that was named signs it.
    repository.check().has(0, &["launchgate: PASS"]);
    let error = by_hand.error.replace('\n', " ");
    let command = error.split("beside it: ").nth(1).unwrap();
    let done = Command::new("sh").args(["-c", command]).status().unwrap();
    assert!(done.success());
    repository.check().has(0, &["launchgate: PASS"]);
    assert!(
        !repository
            .path("signoffs/instant-credit/privacy.ann@bank.example.json.new")
            .exists()
    );
}

#[test]
fn a_refusal_holds_until_the_role_decides_anew() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    let signers = repository.signer("ann") + &repository.signer("bob") + &repository.signer("cat");
    repository.write(".launchgate/allowed_signers", &signers);
    repository
        .sign("ann", "privacy", &[])
        .has(0, &["now: valid"]);
    let words = ["--decision", "rejected", "--reason", "No legal basis"];
    repository.sign("cat", "privacy", &words).has(
        0,
        &["The role privacy now: rejected: cat@bank.example rejected it"],
    );
    repository.check().has(1, &["cat@bank.example rejected it"]);
    // Neither an approval by another role nor one by another member lifts it.
    repository
        .sign("bob", "security", &[])
        .has(0, &["now: valid"]);
    repository
        .sign("ann", "privacy", &[])
        .has(1, &["now: rejected", "--supersedes cat@bank.example"]);
    repository
        .sign("ann", "privacy", &["--supersedes", "bob@bank.example"])
        .has(
            2,
            &["there is no statement of `bob@bank.example` in the role `privacy`"],
        );
    repository
        .sign("ann", "privacy", &["--supersedes", "cat@bank.example"])
        .has(0, &["now: valid"]);
}

#[test]
fn a_sign_off_that_is_limited_to_parts_outlasts_edits_elsewhere() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    // What is signed here is never committed.
    repository.edit("version: 1.0.0", "version: 1.0.1");
    let scope = [
        "--scope",
        "privacy",
        "--scope",
        "data[0].retention",
        "--scope",
        "Rollback plan",
    ];
    repository.sign("ann", "privacy", &scope).has(
        0,
        &["bound to `/privacy`, `/data/0/retention`, the section `Rollback plan`, and the evidence"],
    );
    repository.edit("## Summary\n", "## Summary\n\nMore.\n");
    repository
        .review("privacy")
        .has(0, &["now: valid-in-scope until 2027-09-14"]);
    // So only the statement can tell what changed.
    repository.edit("retention: P2Y", "retention: P1Y");
    let review = repository.reviewed("privacy");
    assert_eq!(review["earlier"][0]["document"], "unknown");
    assert_eq!(review["earlier"][0]["differences"], Value::Null);
    repository.review("privacy").has(
        0,
        &["changed: `/data/0/retention`; how is not known: git has not got the document"],
    );
    for (part, words) in [
        (
            "privcy",
            "no field and no section `privcy`; did you mean `privacy`?",
        ),
        ("/data/9", "no field and no section `/data/9`"),
    ] {
        repository
            .sign("ann", "privacy", &["--scope", part])
            .has(2, &[words]);
    }
}

#[test]
fn who_cannot_sign_is_told_why() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    // Cat is a member whose key nobody lists yet.
    let unlisted = repository.sign("cat", "privacy", &[]);
    let line = repository.signer("cat");
    unlisted.has(
        1,
        &[
            "It does not count yet: no signer is called `cat@bank.example`",
            line.trim_end(),
        ],
    );
    let signers = repository.signer("ann") + &line;
    repository.write(".launchgate/allowed_signers", &signers);
    repository.review("privacy").has(0, &["now: valid"]);

    repository.sign("bob", "privacy", &[]).has(
        2,
        &["`bob@bank.example` is not a member of the role `privacy`"],
    );
    repository.sign("ann", "privcy", &[]).has(
        2,
        &["the config lists no role `privcy`; did you mean `privacy`?"],
    );
    repository
        .sign("ann", "privacy", &["--expires", "2028-01-01"])
        .has(2, &["hold for P1Y at most, which is until 2027-09-14"]);
    repository
        .sign(
            "ann",
            "privacy",
            &["--decision", "approved-with-conditions"],
        )
        .has(2, &["has to name them", "--conditions"]);
    repository
        .sign("ann", "privacy", &["--decision", "rejected"])
        .has(2, &["`rejected` needs a reason"]);
    repository.edit("authors:\n", "authors:\n  - Ann <ann@bank.example>\n");
    repository
        .sign("ann", "privacy", &[])
        .has(2, &["an author of the document cannot sign it off"]);
    // A key that does not sign leaves nothing behind.
    fs::write(repository.key("ann"), "no key").unwrap();
    repository.edit("  - Ann <ann@bank.example>\n", "");
    repository
        .sign("ann", "privacy", &[])
        .has(2, &["`ssh-keygen -Y sign` ended with"]);
    assert!(
        !repository
            .path("signoffs/instant-credit/privacy.ann@bank.example.json")
            .exists()
    );
    // Nobody is asked where nobody can answer, and no key is guessed.
    let words = ["sign", SPEC, "--role", "privacy", "--as-of", TODAY];
    repository.git(&["config", "user.email", "cat@bank.example"]);
    repository
        .run(&words)
        .has(2, &["it is not known which key signs", "--key"]);
    let key = repository.key("cat");
    let words = [&words[..], &["--as", "cat@bank.example", "--key", &key]].concat();
    repository
        .run(&words)
        .has(2, &["standard input is no terminal", "--yes"]);
    let dry = repository.run(&[&words[..], &["--dry-run"]].concat());
    dry.has(
        0,
        &["The statement\n  approved as privacy, by cat@bank.example"],
    );
    let statement: Value = serde_json::from_str(&dry.out).unwrap();
    assert_eq!(statement["predicate"]["principal"], "cat@bank.example");
}

#[test]
fn what_would_not_count_is_not_signed() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    let file = |name: &str, role: &str| {
        repository.path(&format!(
            "signoffs/instant-credit/{role}.{name}@bank.example.json"
        ))
    };
    // Ann's sign-off counts until she has written a commit.
    repository
        .sign("ann", "privacy", &[])
        .has(0, &["now: valid"]);
    let signed = fs::read(file("ann", "privacy")).unwrap();
    repository.edit("## Summary\n", "## Summary\n\nMore.\n");
    repository.git(&["config", "user.email", "Ann@bank.example"]);
    repository.commit();
    repository.sign("ann", "privacy", &[]).has(
        2,
        &[
            "would not count: who wrote a commit of the document cannot sign it off",
            "`sign_offs.roles.privacy.authors_may_sign`",
        ],
    );
    assert_eq!(fs::read(file("ann", "privacy")).unwrap(), signed);
    // What she refuses is refused all the same.
    let refusal = ["--decision", "rejected", "--reason", "Too soon"];
    repository
        .sign("ann", "privacy", &refusal)
        .has(0, &["now: rejected"]);
    repository.sign("ann", "security", &[]).has(
        2,
        &[
            "who wrote a commit of the document cannot sign it off",
            "`sign_offs.roles.security.authors_may_sign`",
        ],
    );
    let allowed = CONFIG
        .replace("privacy: {", "privacy: { authors_may_sign: true,")
        .replace("security: {", "security: { authors_may_sign: true,");
    repository.write("launchgate.yaml", &allowed);
    repository
        .sign("ann", "privacy", &[])
        .has(0, &["now: valid"]);
    // Nobody signs in two roles that are to be separate, but refuses in both.
    repository.sign("ann", "security", &[]).has(
        2,
        &[
            "ann@bank.example signs for privacy, too, which must be somebody else",
            "`sign_offs.distinct`",
        ],
    );
    assert!(!file("ann", "security").exists());
    repository
        .sign("ann", "security", &refusal)
        .has(0, &["now: rejected"]);
    // Who is revoked.
    let revoked = "- { principal: bob@bank.example, reason: Left, revoked_on: 2026-09-01 }\n";
    repository.write(".launchgate/revoked.yaml", revoked);
    let listed = allowed.replace(
        "sign_offs:\n",
        "sign_offs:\n  revoked: [.launchgate/revoked.yaml]\n",
    );
    repository.write("launchgate.yaml", &listed);
    repository.sign("bob", "security", &[]).has(
        2,
        &["would not count: bob@bank.example was revoked on 2026-09-01: Left"],
    );
    assert!(!file("bob", "security").exists());
    // A history that is cut off proves nothing, and what to do is said.
    repository.write("launchgate.yaml", CONFIG);
    repository.commit();
    let head = repository.git_says(&["rev-parse", "HEAD"]);
    repository.write(".git/shallow", &head);
    repository
        .sign("bob", "security", &[])
        .has(2, &["this clone is shallow", "Fetch the whole history"]);
}

#[test]
fn what_is_open_is_acknowledged() {
    if !tools() {
        return;
    }
    let repository = Repository::new();
    repository.edit("retention: P2Y", "retention: P9Y");
    let review = repository.reviewed("privacy");
    let open: Vec<&Value> = review["findings"].as_array().unwrap().iter().collect();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0]["rule"], "privacy/retention-limit");
    repository
        .sign("ann", "privacy", &[])
        .has(0, &["privacy/retention-limit"]);
    let file = "signoffs/instant-credit/privacy.ann@bank.example.json";
    let text = fs::read_to_string(repository.path(file)).unwrap();
    let statement: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        statement["predicate"]["acknowledged"][0],
        open[0]["fingerprint"]
    );
    assert_eq!(repository.reviewed("privacy")["findings"][0]["new"], false);
}

#[test]
#[cfg(unix)]
fn a_key_in_an_agent_signs() {
    if !tools() || !tools::are_there(&["ssh-agent", "ssh-add"]) {
        return;
    }
    let repository = Repository::new();
    let socket = repository.keys.path().join("agent");
    let mut agent = Command::new("ssh-agent")
        .args(["-D", "-a"])
        .arg(&socket)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let added = Command::new("ssh-add")
        .args(["-q", &repository.key("ann")])
        .env("SSH_AUTH_SOCK", &socket)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(added.status.success());
    repository.git(&["config", "user.email", "ann@bank.example"]);
    // Only the agent has it now.
    fs::remove_file(repository.key("ann")).unwrap();
    let public = repository.key("ann.pub");
    let words = ["sign", SPEC, "--role", "privacy", "--yes", "--as-of", TODAY];
    let with_file = [&words[..], &["--key", &public]].concat();
    let signed = ended(repository.command(&with_file).env("SSH_AUTH_SOCK", &socket));
    // As git's config has it, without a file.
    let literal = fs::read_to_string(&public).unwrap();
    let literal = format!("key::{}", literal.trim());
    repository.git(&["config", "gpg.format", "ssh"]);
    repository.git(&["config", "user.signingkey", &literal]);
    let as_git = ended(repository.command(&words).env("SSH_AUTH_SOCK", &socket));
    agent.kill().unwrap();
    agent.wait().unwrap();
    signed.has(0, &["now: valid"]);
    as_git.has(0, &["now: valid", "in place of an earlier statement"]);
}
