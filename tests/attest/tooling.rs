//! The same attestations in the hands of other programs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tools;
use crate::world::{GATE, NAMESPACE, World};

fn path() -> String {
    let path = std::env::var_os("PATH").unwrap();
    path.into_string().unwrap()
}

/// An attestation that `ssh-keygen` has signed with a key of its own.
fn signed() -> World {
    let world = World::new();
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "key"])
        .current_dir(world.root())
        .status()
        .unwrap();
    assert!(made.success());
    let public = world.read("key.pub");
    let line = format!("{GATE} namespaces=\"{NAMESPACE}\" {public}");
    world.write("trust/signers", &line);
    let words = [
        "attest",
        "create",
        "--key",
        "key",
        "--output",
        "attestation.json",
    ];
    let said = world.run_with(&path(), &words);
    assert_eq!(said.code, 0, "{}", said.text);
    world
}

#[test]
fn what_openssh_signs_is_good_without_it() {
    if !tools::are_there(&["ssh-keygen"]) {
        return;
    }
    let world = signed();
    let verify = ["attest", "verify", "attestation.json", "--signer", GATE];
    let said = world.run(&verify);
    assert_eq!(said.code, 0, "{}", said.text);
    world.edit("specs/credit.yaml", "Decides", "Jokes");
    let said = world.run(&verify);
    assert_eq!(said.code, 1, "{}", said.text);
    let said = world.run_with(
        &path(),
        &["attest", "create", "--key", "missing", "--output", "b.json"],
    );
    assert_eq!(said.code, 2, "{}", said.text);
    assert!(
        said.text.contains("`ssh-keygen -Y sign` ended with"),
        "{}",
        said.text
    );
    assert!(!world.path("b.json").exists());
}

/// The lines of the page, run as they stand there.
#[test]
fn the_page_says_how_openssh_verifies_it() {
    if !tools::are_there(&["ssh-keygen", "jq", "bash"]) {
        return;
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/attestations.md");
    let page = fs::read_to_string(page).unwrap();
    let start = page.find("jq -j .payload").unwrap();
    let lines = &page[start..];
    let lines = &lines[..lines.find("```").unwrap()];
    let lines = lines.replace(".launchgate/allowed_signers", "trust/signers");
    let world = signed();
    let run = || {
        Command::new("bash")
            .args(["-ec", &lines])
            .current_dir(world.root())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let output = run();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.starts_with("Good \"launchgate/attestation@v1\" signature for gate@bank.example"),
        "{said}"
    );
    world.edit("attestation.json", "\"payload\": \"e", "\"payload\": \"f");
    assert!(!run().status.success());
}

const PYTHON: &str = r#"
import json
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope

envelope = Envelope.from_dict(json.load(open("attestation.json")))
assert envelope.payload_type == "application/vnd.in-toto+json"
open("signed", "wb").write(envelope.pae())
[(keyid, signature)] = envelope.signatures.items()
assert keyid.startswith("SHA256:"), keyid
open("signed.sig", "wb").write(bytes.fromhex(signature.signature))
statement = Statement.copy_from_pb(ParseDict(json.loads(envelope.payload), statement_pb2.Statement()))
statement.validate()
assert statement.pb.predicate_type == "https://in-toto.io/attestation/svr/v0.2"
assert statement.pb.predicate["properties"][0] == "LAUNCHGATE_VERDICT_PASS"
"#;

#[test]
fn the_libraries_of_dsse_and_in_toto_read_it() {
    if !tools::are_there(&["ssh-keygen", "python3"]) {
        return;
    }
    let imports = "import in_toto_attestation, securesystemslib.dsse";
    let there = Command::new("python3")
        .args(["-c", imports])
        .output()
        .unwrap();
    if !there.status.success() {
        assert!(
            !tools::are_required(),
            "CONTRIBUTING.md says where they come from"
        );
        println!("skipped: in-toto-attestation and securesystemslib are not installed");
        return;
    }
    let world = signed();
    let read = Command::new("python3")
        .args(["-c", PYTHON])
        .current_dir(world.root())
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let verified = Command::new("ssh-keygen")
        .args([
            "-Y",
            "verify",
            "-f",
            "trust/signers",
            "-I",
            GATE,
            "-n",
            NAMESPACE,
        ])
        .args(["-s", "signed.sig"])
        .current_dir(world.root())
        .stdin(fs::File::open(world.path("signed")).unwrap())
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}
