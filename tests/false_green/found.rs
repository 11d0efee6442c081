//! Values that must not stand in a document, wherever they stand.

use super::project::{Row, credit};

const SPEC: &str = "instant-credit.md";
const CARD: &str = "credit-risk-model.yaml";

const CARD_NUMBER: &str = "privacy/no-payment-card-numbers";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        credit("a card number stands in the text")
            .append(
                SPEC,
                "\nThe first complaint was about 4999 9999 9999 9996.\n",
            )
            .exits(1)
            .says(
                CARD_NUMBER,
                SPEC,
                "The first complaint was about «4999 9999 9999 9996».",
            ),
        credit("a card number has no quotes")
            .append(CARD, "x-case: 4999999999999996\n")
            .exits(1)
            .says(CARD_NUMBER, CARD, "x-case: «4999999999999996»"),
        credit("a card number stands in a comment")
            .append(CARD, "# case 4999-9999-9999-9996\n")
            .exits(1)
            .says(CARD_NUMBER, CARD, "# case «4999-9999-9999-9996»"),
        credit("a card number stands in a comment of the text")
            .append(SPEC, "\n<!-- case 4999-9999-9999-9996 -->\n")
            .exits(1)
            .says(CARD_NUMBER, SPEC, "<!-- case «4999-9999-9999-9996» -->"),
        credit("a card number is a key")
            .append(CARD, "x-cases: { \"4999999999999996\": 1 }\n")
            .exits(1)
            .says(CARD_NUMBER, CARD, "x-cases: { \"«4999999999999996»\": 1 }"),
        credit("a card number is written with an escape")
            .append(CARD, "x-case: \"4999999999999\\u00399\\u0036\"\n")
            .exits(1)
            .says(
                CARD_NUMBER,
                CARD,
                "x-case: «\"4999999999999\\u00399\\u0036\"»",
            ),
        credit("a card number goes on on the next line")
            .append(CARD, "x-case: 4999 9999\n  9999 9996\n")
            .exits(1)
            .says(CARD_NUMBER, CARD, "x-case: «4999 9999»"),
        credit("a card number stands in an attribute")
            .append(
                SPEC,
                "\n<a href=\"/pay?number=4999999999999996\">case</a>\n",
            )
            .exits(1)
            .says(
                CARD_NUMBER,
                SPEC,
                "<a href=\"/pay?number=«4999999999999996»\">case</a>",
            ),
        credit("an account number is the target of a link")
            .append(
                SPEC,
                "\n[case](https://bank.example/GB82WEST12345698765432)\n",
            )
            .exits(1)
            .says(
                "privacy/no-bank-accounts",
                SPEC,
                "[case](https://bank.example/«GB82WEST12345698765432»)",
            ),
        credit("a national id stands behind its name")
            .append(CARD, "x-case: { bsn: 999999990 }\n")
            .exits(1)
            .says(
                "privacy/no-national-ids",
                CARD,
                "x-case: { «bsn: 999999990» }",
            ),
        credit("a token stands behind a second document")
            .append(
                CARD,
                "---\nkind: model-card\nid: second\n# ghp_000000000000000000000000000000000000\n",
            )
            .exits(1)
            .says(
                "security/no-access-tokens",
                CARD,
                "# «ghp_000000000000000000000000000000000000»",
            ),
        credit("a password stands in a comment")
            .append(CARD, "# password: sesame-4711\n")
            .exits(1)
            .says("security/no-passwords", CARD, "# password: «sesame-4711»"),
        credit("a connection string has a password")
            .append(
                CARD,
                "x-source: postgres://export:sesame@db.bank.example/loans\n",
            )
            .exits(1)
            .says(
                "security/no-credentials-in-addresses",
                CARD,
                "x-source: postgres://export:«sesame»@db.bank.example/loans",
            ),
        credit("a token stands beside what stands for one")
            .append(CARD, "x-token: AKIAQQQQQQQQQQQQQQQQ # xxxxxxxx EXAMPLE\n")
            .exits(1)
            .says(
                "security/no-access-tokens",
                CARD,
                "x-token: «AKIAQQQQQQQQQQQQQQQQ» # xxxxxxxx EXAMPLE",
            ),
    ]
}
