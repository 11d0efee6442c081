//! What `attest verify` says of an attestation after something has happened.

use base64ct::{Base64, Base64Url, Encoding as _};
use serde_json::{Value, json};

use crate::world::{GATE, NAMESPACE, World, key, line};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) happens: fn(&World),
    pub(crate) words: &'static [&'static str],
    pub(crate) code: i32,
    pub(crate) said: &'static str,
}

const fn case(
    name: &'static str,
    happens: fn(&World),
    words: &'static [&'static str],
    code: i32,
    said: &'static str,
) -> Case {
    Case {
        name,
        happens,
        words,
        code,
        said,
    }
}

fn nothing(_: &World) {}

fn revoke(w: &World, entry: &str) {
    w.write("trust/revoked.yaml", entry);
}

fn list(w: &World, options: &str) {
    let signer = format!("{GATE} {options} {}\n", line(&key(1)));
    w.write("trust/signers", &signer);
}

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    case("as it was made", nothing, &[], 0, "is good: 2 files, attested by gate@bank.example"),
    case("a document by name", nothing, &["specs/credit.yaml"], 0, "is good"),
    case("a stage that was reached", nothing, &["--require", "LAUNCHGATE_STAGE_IN_REVIEW"], 0, "is good"),
    case("on its last day", nothing, &["--as-of", "2026-11-28"], 0, "is good"),
    case("two signers, of whom one has signed", nothing, &["--signer", "other@bank.example"], 0, "is good"),
    case("CRLF checkout", |w| { let text = w.read("specs/credit.yaml"); w.write("specs/credit.yaml", &text.replace('\n', "\r\n")); }, &[], 0, "is good"),
    case("the URL-safe alphabet", |w| w.rewrap(|e| { for at in ["/payload", "/signatures/0/sig"] { let text = e.pointer_mut(at).unwrap(); *text = json!(Base64Url::encode_string(&Base64::decode_vec(text.as_str().unwrap()).unwrap())); } }), &[], 0, "is good"),
    case("a key that in-toto may add", |w| w.restate(|s| s["predicate"]["later"] = json!({ "a": [1] })), &[], 0, "is good"),
    case("a second signature, by nobody known", |w| w.rewrap(|e| { let mut other = e["signatures"][0].clone(); other["sig"] = json!("AAAA"); e["signatures"].as_array_mut().unwrap().insert(0, other); }), &[], 0, "is good"),

    case("the document edited", |w| w.edit("specs/credit.yaml", "Decides", "Jokes"), &[], 1, "`specs/credit.yaml` has changed since"),
    case("a comment in the document", |w| w.edit("specs/credit.yaml", "status", "# \nstatus"), &[], 1, "has changed since"),
    case("the evidence edited", |w| w.write("specs/scan.sarif", "{ }\n"), &[], 1, "`specs/scan.sarif` has changed since"),
    case("the evidence gone", |w| std::fs::remove_file(w.path("specs/scan.sarif")).unwrap(), &[], 1, "`specs/scan.sarif` is not there any more"),
    case("a document more", |w| w.write("specs/loan.yaml", "kind: feature-spec\nid: loan\ntitle: Loan\n"), &[], 1, "it says nothing of `specs/loan.yaml`"),
    case("a document more, which is not asked about", |w| w.write("specs/loan.yaml", "kind: feature-spec\nid: loan\ntitle: Loan\n"), &["specs/credit.yaml"], 0, "is good"),
    case("the document renamed", |w| std::fs::rename(w.path("specs/credit.yaml"), w.path("specs/loan.yaml")).unwrap(), &[], 1, "it says nothing of `specs/loan.yaml`"),
    case("a rule changed", |w| w.edit("acme/titled.yaml", "Bad", "Worse"), &[], 1, "the gate ran with the rules in another version"),
    case("the config changed", |w| w.edit("launchgate.yaml", "packs", "# \npacks"), &[], 1, "with `launchgate.yaml` in another version"),
    case("a config more", |w| { w.write("specs/launchgate.yaml", "{}\n"); }, &["specs/credit.yaml"], 1, "without `specs/launchgate.yaml`, which counts here"),
    case("a file of waivers more", |w| w.write("launchgate.waivers.yaml", "# none\n"), &[], 1, "without `launchgate.waivers.yaml`, which counts here"),
    case("a baseline more", |w| w.write("launchgate.baseline.yaml", "# none\n"), &[], 1, "without `launchgate.baseline.yaml`, which counts here"),
    case("other keys are trusted", |w| list(w, "namespaces=\"launchgate/*\""), &[], 1, "with `trust/signers` in another version"),
    case("a rule changed, which does not matter", |w| w.edit("acme/titled.yaml", "Bad", "Worse"), &["--other-policies"], 0, "is good"),

    case("too old", nothing, &["--as-of", "2026-11-29"], 1, "more than P7D ago"),
    case("older than asked for", nothing, &["--as-of", "2026-11-24", "--max-age", "P1D"], 1, "more than P1D ago"),
    case("dated in the future", nothing, &["--as-of", "2026-11-20"], 1, "which is in the future"),
    case("no time", |w| w.restate(|s| s["predicate"]["timeCreated"] = json!("today")), &[], 1, "is no instant"),
    case("an age beyond the calendar", nothing, &["--max-age", "P99999Y"], 1, "ago"),
    case("a stage that was not reached", nothing, &["--require", "LAUNCHGATE_STAGE_LAUNCHED"], 1, "does not have the property `LAUNCHGATE_STAGE_LAUNCHED`"),
    case("a property that is none", nothing, &["--require", "LAUNCHGATE_STAGE_LAUNCHD"], 1, "did you mean `LAUNCHGATE_STAGE_LAUNCHED`"),
    case("no verdict", |w| w.restate(|s| s["predicate"]["properties"] = json!(["LAUNCHGATE_STAGE_DRAFT"])), &[], 1, "does not have the property `LAUNCHGATE_VERDICT_PASS`"),

    case("the payload changed after signing", |w| { let text = String::from_utf8(w.payload()).unwrap().replace("APPROVED", "LAUNCHED"); w.rewrap(|e| e["payload"] = json!(Base64::encode_string(text.as_bytes()))); }, &[], 1, "does not match the signed bytes"),
    case("another payload type, which is signed as well", |w| w.rewrap(|e| e["payloadType"] = json!("application/json")), &[], 1, "does not match the signed bytes"),
    case("no signatures", |w| w.rewrap(|e| e["signatures"] = json!([])), &[], 1, "nobody has signed it"),
    case("no list of signatures", |w| w.rewrap(|e| { e.as_object_mut().unwrap().remove("signatures"); }), &[], 1, "nobody has signed it"),
    case("a signature that is none", |w| w.rewrap(|e| e["signatures"][0]["sig"] = json!("AAAA")), &[], 1, "no armoured SSH signature"),
    case("another key", |w| w.sign(&w.payload(), &key(2), NAMESPACE), &[], 1, "is not one of `gate@bank.example`"),
    case("signed as a sign-off", |w| w.sign(&w.payload(), &key(1), "launchgate/signoff@v1"), &[], 1, "made for the namespace `launchgate/signoff@v1`"),
    case("a signature over the payload alone", |w| { let bytes = crate::world::signature(&key(1), NAMESPACE, &w.payload()); w.rewrap(|e| e["signatures"][0]["sig"] = json!(Base64::encode_string(&bytes))); }, &[], 1, "does not match the signed bytes"),
    case("the key may not sign attestations", |w| list(w, "namespaces=\"launchgate/signoff@*\""), &["--other-policies"], 1, "does not permit the namespace"),
    case("the key has expired", |w| list(w, "valid-before=\"20261101Z\""), &["--other-policies"], 1, "the key has expired"),
    case("the signer is revoked", |w| revoke(w, "- { principal: gate@bank.example, reason: Stolen, revoked_on: 2026-11-01 }\n"), &["--other-policies"], 1, "Stolen"),
    case("nobody is listed", |w| w.write("trust/signers", "# none\n"), &["--other-policies"], 1, "no signer is called `gate@bank.example`"),

    case("a statement of another kind", |w| w.restate(|s| s["_type"] = json!("https://in-toto.io/Statement/v0.1")), &[], 1, "the `_type` of the payload"),
    case("another predicate", |w| w.restate(|s| s["predicateType"] = json!("https://slsa.dev/provenance/v1")), &[], 1, "the `predicateType` of the payload"),
    case("another verifier", |w| w.restate(|s| s["predicate"]["verifier"]["id"] = json!("urn:other")), &[], 1, "one of `urn:other`"),
    case("no subjects", |w| w.restate(|s| s["subject"] = json!([])), &[], 1, "names no file"),
    case("properties that are no list", |w| w.restate(|s| s["predicate"]["properties"] = json!("LAUNCHGATE_VERDICT_PASS")), &[], 1, "is no verdict"),
    case("a subject outside", |w| w.restate(|s| s["subject"][0]["name"] = json!("../secret")), &[], 1, "is no path below the root"),
    case("a subject from the top", |w| w.restate(|s| s["subject"][0]["name"] = json!("/etc/passwd")), &[], 1, "is no path below the root"),
    case("a subject without SHA-256", |w| w.restate(|s| { s["subject"][0]["digest"].as_object_mut().unwrap().remove("sha256"); }), &[], 1, "has no SHA-256"),
    case("a key twice in the payload", |w| { let text = String::from_utf8(w.payload()).unwrap(); w.sign(text.replacen('{', "{\"_type\":\"x\",", 1).as_bytes(), &key(1), NAMESPACE); }, &[], 1, "the payload cannot be read"),
    case("a payload that is no JSON", |w| w.sign(b"passed", &key(1), NAMESPACE), &[], 1, "the payload"),
    case("a payload that is no text", |w| w.sign(&[0xFF, 0xFE], &key(1), NAMESPACE), &[], 1, "is not text"),

    case("a key twice in the envelope", |w| { let text = w.read("a.json"); w.write("a.json", &text.replacen('{', "{\"payload\":\"AAAA\",", 1)); }, &[], 2, "a.json:1:"),
    case("truncated base64", |w| w.rewrap(|e| { let text = e["payload"].as_str().unwrap().trim_end_matches('=').to_owned(); e["payload"] = json!(&text[..text.len() - 1]); }), &[], 2, "`payload` is not base64"),
    case("a truncated file", |w| { let text = w.read("a.json"); w.write("a.json", &text[..text.len() / 2]); }, &[], 2, "a.json:1:"),
    case("no payload", |w| w.rewrap(|e| { e.as_object_mut().unwrap().remove("payload"); }), &[], 2, "there is no `payload`"),
    case("no payload type", |w| w.rewrap(|e| { e.as_object_mut().unwrap().remove("payloadType"); }), &[], 2, "there is no `payloadType`"),
    case("a signature without its bytes", |w| w.rewrap(|e| e["signatures"] = json!([{ "keyid": "k" }])), &[], 2, "there is no `sig`"),
    case("signatures that are no list", |w| w.rewrap(|e| e["signatures"] = json!("AAAA")), &[], 2, "`signatures` is no list"),
    case("thousands of signatures", |w| w.rewrap(|e| { let one = e["signatures"][0].clone(); e["signatures"] = Value::Array(vec![one; 3000]); }), &[], 2, "more than 32 signatures"),
    case("a list", |w| w.write("a.json", "[]"), &[], 2, "no DSSE envelope"),
    case("nothing", |w| w.write("a.json", ""), &[], 2, "a.json"),
    case("no file", |w| std::fs::remove_file(w.path("a.json")).unwrap(), &[], 2, "cannot read `a.json`"),
    case("a huge file", |w| w.write("a.json", &" ".repeat((16 << 20) + 1)), &[], 2, "more than 16777216 bytes"),
    case("no text", |w| std::fs::write(w.path("a.json"), [0xFF; 9]).unwrap(), &[], 2, "it is not text"),
    case("deep nesting", |w| w.write("a.json", &"[".repeat(100_000)), &[], 2, "a.json:1:"),
    case("no signers' file in the config", |w| w.edit("launchgate.yaml", "  allowed_signers: trust/signers\n", ""), &[], 2, "with which key they sign"),
    case("a broken signers' file", |w| w.write("trust/signers", "gate@bank.example\n"), &[], 2, "signoff/signers"),
    case("a broken list of revocations", |w| revoke(w, "- { key: x }\n"), &[], 2, "trust/revoked.yaml"),
    case("a broken config", |w| w.write("launchgate.yaml", "pack: [x]\n"), &[], 2, "launchgate.yaml"),
    case("a broken document", |w| w.write("specs/credit.yaml", "kind: [feature-spec\n"), &["specs/credit.yaml"], 2, "specs/credit.yaml"),
    case("an age that is none", nothing, &["--max-age", "a week"], 2, "no ISO 8601 duration"),
    case("no document", |w| std::fs::remove_file(w.path("specs/credit.yaml")).unwrap(), &[], 3, "there is no document here"),
];
