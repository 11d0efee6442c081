//! Options in lines of `allowed_signers`.

use super::Table;

impl Table<'_> {
    pub(super) fn options(&mut self) {
        for (name, holds, options) in [
            ("namespace", true, r#"namespaces="launchgate/signoff@v1""#),
            ("another namespace", false, r#"namespaces="file""#),
            (
                "a pattern of namespaces",
                true,
                r#"namespaces="launchgate/*""#,
            ),
            (
                "a list of namespaces",
                true,
                r#"namespaces="file,launchgate/*""#,
            ),
            (
                "not this namespace",
                false,
                r#"namespaces="*,!launchgate/*""#,
            ),
            ("not another namespace", true, r#"namespaces="*,!file""#),
            ("no namespace", false, r#"namespaces="""#),
            (
                "a namespace with a blank",
                false,
                r#"namespaces="file, launchgate/*""#,
            ),
            ("in capitals", true, r#"NAMESPACES="launchgate/*""#),
            (
                "a namespace twice",
                false,
                r#"namespaces="*",namespaces="*""#,
            ),
            ("a namespace without quotes", false, "namespaces=*"),
            ("a namespace with half a quote", false, r#"namespaces="*"#),
            (
                "an escaped quote",
                true,
                r#"namespaces="\"x\",launchgate/*""#,
            ),
            ("valid after", true, r#"valid-after="20260101Z""#),
            ("valid after, later", false, r#"valid-after="20260602Z""#),
            (
                "valid after, to the second",
                true,
                r#"valid-after="20260601120000Z""#,
            ),
            (
                "valid after, one second later",
                false,
                r#"valid-after="20260601120001Z""#,
            ),
            ("valid before", true, r#"valid-before="20270101Z""#),
            ("valid before, past", false, r#"valid-before="20260101Z""#),
            (
                "valid before, to the second",
                true,
                r#"valid-before="20260601120000Z""#,
            ),
            (
                "valid before, one second past",
                false,
                r#"valid-before="20260601115959Z""#,
            ),
            ("a day", true, r#"valid-after="20260601""#),
            ("a minute", true, r#"valid-before="202606011201""#),
            ("UTC", true, r#"valid-before="202606011201utc""#),
            (
                "both times",
                true,
                r#"valid-after="20260101Z",valid-before="20270101Z""#,
            ),
            (
                "both times, reversed",
                false,
                r#"valid-after="20270101Z",valid-before="20260101Z""#,
            ),
            (
                "both times, equal",
                false,
                r#"valid-after="20260601120000Z",valid-before="20260601120000Z""#,
            ),
            (
                "a time twice",
                false,
                r#"valid-before="20270101Z",valid-before="20280101Z""#,
            ),
            ("a date with dashes", false, r#"valid-after="2026-01-01""#),
            ("a month 13", false, r#"valid-after="20251301Z""#),
            (
                "an hour without minutes",
                false,
                r#"valid-after="2026010100Z""#,
            ),
            ("no time", false, r#"valid-after="""#),
            ("1970", false, r#"valid-after="19700101Z""#),
            (
                "all",
                true,
                r#"valid-after="20260101Z",namespaces="launchgate/*",valid-before="20270101Z""#,
            ),
            ("an unknown option", false, "no-touch-required"),
            ("a misspelt option", false, r#"namespace="*""#),
            ("an option with a tail", false, "cert-authorityx"),
            ("an authority that signs itself", false, "cert-authority"),
            ("a comma first", true, r#",namespaces="*""#),
            (
                "two commas",
                true,
                r#"namespaces="*",,valid-after="20260101Z""#,
            ),
            ("a comma last", false, r#"namespaces="*","#),
            (
                "a blank after a comma",
                false,
                r#"namespaces="*", valid-after="20260101Z""#,
            ),
        ] {
            self.case(format!("option: {name}"), holds, |table, asked| {
                asked.signers = table.fill(&format!("alice@example.com {options} {{ed25519}}\n"));
            });
        }
        self.differing("option: 31 February", true, false, |table, asked| {
            asked.signers = table.fill("alice@example.com valid-after=\"20260231Z\" {ed25519}\n");
        });
        self.case("option: expired in one line, good in the next", true, |table, asked| {
            asked.signers = table.fill(
                "alice@example.com valid-before=\"20260101Z\" {ed25519}\nalice@example.com {ed25519}\n",
            );
        });
        self.case("option: no key behind it", false, |table, asked| {
            asked.signers = table.fill("alice@example.com namespaces=\"*\"\n");
        });
        self.case("option: several blanks around it", true, |table, asked| {
            asked.signers = table.fill("alice@example.com   namespaces=\"*\" \t {ed25519}\n");
        });
        for (at, holds) in [
            ("20251231235959", false),
            ("20260101000000", true),
            ("20261231000000", true),
            ("20261231000001", false),
        ] {
            self.case(format!("option: at {at}"), holds, |table, asked| {
                asked.at = at;
                asked.signers = table.fill(
                    "alice@example.com valid-after=\"20260101Z\",valid-before=\"20261231Z\" {ed25519}\n",
                );
            });
        }
    }
}
