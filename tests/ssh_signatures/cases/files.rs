//! Signature files as nobody should write them.

use super::{MESSAGE, NAMESPACE, Table};
use crate::forge::{self, Forge, Kind};

impl Table<'_> {
    pub(super) fn armour(&mut self) {
        let good = String::from_utf8(self.signature.clone()).unwrap();
        let body = good
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with('-'));
        let one_line: String = body.collect();
        let end = "-----END SSH SIGNATURE-----";
        for (name, holds, text) in [
            ("an empty signature", false, String::new()),
            (
                "a signature without a last newline",
                true,
                good.trim_end().to_owned(),
            ),
            ("text after the last line", true, format!("{good}more\n")),
            ("text before the first line", false, format!("more\n{good}")),
            (
                "a newline before the first line",
                false,
                format!("\n{good}"),
            ),
            ("a byte order mark", false, format!("\u{FEFF}{good}")),
            (
                "no first line",
                false,
                good.split_once('\n').unwrap().1.to_owned(),
            ),
            ("no last line", false, good.replace(end, "")),
            (
                "a last line cut off",
                false,
                good.replace(end, "-----END SSH SIG"),
            ),
            (
                "blanks in the base64",
                true,
                good.replacen("\nA", "\n A", 1).replacen('\n', "\n\n", 2),
            ),
            (
                "base64 in one line",
                true,
                format!("-----BEGIN SSH SIGNATURE-----\n{one_line}\n{end}\n"),
            ),
            (
                "no base64",
                false,
                format!("-----BEGIN SSH SIGNATURE-----\n\n{end}\n"),
            ),
            (
                "what is no base64",
                false,
                good.replacen("\nU1NIU0lH", "\nU1NI*0lH", 1),
            ),
            (
                "the lines of a private key",
                false,
                good.replace("SSH SIGNATURE", "OPENSSH PRIVATE KEY"),
            ),
            (
                "a blank behind the first line",
                false,
                good.replacen("-----\n", "----- \n", 1),
            ),
        ] {
            self.case(name, holds, |_, asked| asked.signature = text.into_bytes());
        }
        let checked_out = good.replace('\n', "\r\n").into_bytes();
        self.differing("a signature with CR LF", false, true, |_, asked| {
            asked.signature = checked_out;
        });
    }

    pub(super) fn blobs(&mut self) {
        let good = Forge::new(Kind::Ed25519, NAMESPACE, MESSAGE);
        let mut row = |what: &str, openssh, ours, forge: Forge| {
            self.differing(what, openssh, ours, |table, asked| {
                asked.signature = forge.armoured();
                asked.signers = table.fill("alice@example.com {soft}\n");
            });
        };
        row("put together by hand", true, true, good.clone());
        row(
            "wrong magic",
            false,
            false,
            good.clone().with(|it| it.magic = b"SSHSIX".to_vec()),
        );
        row(
            "no magic",
            false,
            false,
            good.clone().with(|it| it.magic.clear()),
        );
        row(
            "version 2",
            false,
            false,
            good.clone().with(|it| it.version = 2),
        );
        row(
            "version 0",
            true,
            false,
            good.clone().with(|it| it.version = 0),
        );
        row(
            "a reserved field that is used",
            true,
            true,
            good.clone().with(|it| it.reserved = b"x".to_vec()),
        );
        row(
            "the hash md5",
            false,
            false,
            good.clone().with(|it| it.hash = "md5".into()),
        );
        row(
            "bytes after the end",
            false,
            false,
            good.clone().with(|it| it.trail = vec![0]),
        );
        row(
            "bytes after the inner end",
            false,
            false,
            good.clone().with(|it| it.inner_trail = vec![0]),
        );
        row(
            "an empty algorithm",
            false,
            false,
            good.clone().with(|it| it.name = Some(String::new())),
        );
        row(
            "a namespace other than the signed one",
            false,
            false,
            good.clone().with(|it| it.signed_namespace = "file".into()),
        );
        row(
            "a namespace with a NUL",
            true,
            false,
            good.clone()
                .with(|it| it.namespace = "launchgate/signoff@v1\0".into()),
        );
        for cut in [1, 40, 100] {
            let mut blob = forge::blob(&good.armoured());
            blob.truncate(blob.len() - cut);
            self.case(format!("{cut} bytes short"), false, |table, asked| {
                asked.signature = forge::armour(&blob);
                asked.signers = table.fill("alice@example.com {soft}\n");
            });
        }
    }
}
