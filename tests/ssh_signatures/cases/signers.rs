//! Lines of `allowed_signers`.

use super::Table;

impl Table<'_> {
    pub(super) fn signers(&mut self) {
        for (name, holds, text) in [
            ("an empty file", false, ""),
            ("no last newline", true, "alice@example.com {ed25519}"),
            (
                "a comment behind the key",
                true,
                "alice@example.com {ed25519} her laptop, \"new\"\n",
            ),
            (
                "comments and blank lines",
                true,
                "# who\n\n   \n  # more\nalice@example.com {ed25519}\n",
            ),
            (
                "a line that is a comment",
                false,
                "#alice@example.com {ed25519}\n",
            ),
            (
                "tabs and leading blanks",
                true,
                " \t alice@example.com\t\t{ed25519}\n",
            ),
            (
                "CR LF",
                true,
                "# who\r\n\r\nalice@example.com {ed25519}\r\n",
            ),
            (
                "CR LF and a comment",
                true,
                "alice@example.com {ed25519} laptop\r\n",
            ),
            (
                "a byte order mark",
                false,
                "\u{FEFF}alice@example.com {ed25519}\n",
            ),
            (
                "a byte order mark before a comment",
                true,
                "\u{FEFF}# who\nalice@example.com {ed25519}\n",
            ),
            (
                "several lines",
                true,
                "alice@example.com {other}\nalice@example.com {ed25519}\n",
            ),
            (
                "several lines, none with the key",
                false,
                "alice@example.com {other}\nalice@example.com {rsa2048}\n",
            ),
            (
                "the key under another name",
                false,
                "bob@example.com {ed25519}\nalice@example.com {other}\n",
            ),
            (
                "a list of principals",
                true,
                "bob@example.com,alice@example.com {ed25519}\n",
            ),
            (
                "a list with a blank",
                false,
                "bob@example.com, alice@example.com {ed25519}\n",
            ),
            ("a star", true, "* {ed25519}\n"),
            ("a star for a name", true, "*@example.com {ed25519}\n"),
            (
                "a star for another domain",
                false,
                "*@example.org {ed25519}\n",
            ),
            ("a question mark", true, "?lice@example.com {ed25519}\n"),
            (
                "too many question marks",
                false,
                "??lice@example.com {ed25519}\n",
            ),
            (
                "not her",
                false,
                "*@example.com,!alice@example.com {ed25519}\n",
            ),
            (
                "not her, said first",
                false,
                "!alice@example.com,*@example.com {ed25519}\n",
            ),
            (
                "not somebody else",
                true,
                "!bob@example.com,*@example.com {ed25519}\n",
            ),
            (
                "only not somebody else",
                false,
                "!bob@example.com {ed25519}\n",
            ),
            (
                "not her, but in the next line",
                true,
                "!alice@example.com,* {ed25519}\nalice@example.com {ed25519}\n",
            ),
            ("part of the name", false, "alice {ed25519}\n"),
            (
                "a principal in quotes",
                true,
                "\"alice@example.com\" {ed25519}\n",
            ),
            (
                "a principal in quotes without a blank behind",
                true,
                "\"alice@example.com\"{ed25519}\n",
            ),
            (
                "quotes in a principal",
                true,
                "al\"ice@example.com\" {ed25519}\n",
            ),
            (
                "a quote that is not closed",
                false,
                "\"alice@example.com {ed25519}\n",
            ),
            ("a line of one word", false, "alice@example.com\n"),
            (
                "a wrong line before",
                true,
                "alice@example.com what\nalice@example.com {ed25519}\n",
            ),
            (
                "a wrong line after",
                true,
                "alice@example.com {ed25519}\nalice@example.com what\n",
            ),
            (
                "no key type",
                false,
                "alice@example.com AAAAC3NzaC1lZDI1NTE5\n",
            ),
            (
                "a key that is no base64",
                false,
                "alice@example.com ssh-ed25519 A*AA\n",
            ),
            (
                "a key cut off",
                false,
                "alice@example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==\n",
            ),
        ] {
            self.case(format!("signers: {name}"), holds, |table, asked| {
                asked.signers = table.fill(text);
            });
        }
        self.case(
            "signers: a key with another type before it",
            false,
            |table, asked| {
                asked.signers = table.fill("alice@example.com {ed25519}\n");
                let text = String::from_utf8(asked.signers.clone()).unwrap();
                asked.signers = text.replace("ssh-ed25519", "ssh-rsa").into_bytes();
            },
        );
    }
}
