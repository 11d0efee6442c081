use super::*;
use crate::explain::fixture::set;
use crate::policy::Settings;

fn written() -> BTreeMap<String, String> {
    pages(&set(&Settings::default()), &Kinds::builtin())
}

#[test]
fn a_rule_has_a_page() {
    insta::assert_snapshot!(written()["rules/acme/retention.md"], @r#"
    <!-- Generated from the policies; `BLESS=1 cargo test --test docs` writes it. -->

    # Personal data is not kept for long

    `acme/retention`

    Data that is not there cannot leak, and people forget to delete what nobody asks about, so every kind of data has a day on which it goes.

    | | |
    | --- | --- |
    | severity | error |
    | blocks from | in-review |
    | applies to | feature-spec |
    | holds | from 2026-02-01 |
    | defined in | `acme/rules.yaml` |

    ## How it is decided

    It applies to documents for which this is true:

    ```cel
    doc.?risk_tier.orValue('high') == 'high'
    ```

    It looks at each `item` of

    ```cel
    doc.data
    ```

    for which this is true:

    ```cel
    item.personal
    ```

    Where the list is empty it does not apply.

    All of these must hold:

    - `item.retention` is filled in
    - ```cel
      days(item.retention) <= days(params.limit) || item.lawful_basis in params.bases
      ```

    ## Parameters

    | name | type | default | meaning |
    | --- | --- | --- | --- |
    | `limit` | duration | `P2Y` | The longest retention without a waiver |
    | `bases` | list of string | `["consent", "contract"]` | Bases that count |

    ## Controls

    | control | title | citation | in force | known from |
    | --- | --- | --- | --- | --- |
    | [`gdpr:5(1)(e)`](../../controls/gdpr.md#gdpr51e-storage-limitation) | Storage limitation | Regulation (EU) 2016/679, Art. 5(1)(e) | from 2018-05-25 | secondary sources |

    ## An example that passes

    **two years**: passes on 2026-02-01.

    ```yaml
    data:
      - { name: income, personal: true, retention: P2Y }
    ```

    ## An example that fails

    **ten years**: fails on 2026-02-01.

    ```yaml
    data:
      - name: income
        personal: true
        retention: P10Y
    ```

    The gate says:

    - `data[0].lawful_basis` is missing (`lawful_basis` is missing)

    ## How to meet it

    Shorten the retention.

    ## References

    - [https://example.org/retention](https://example.org/retention)
    "#);
}

#[test]
fn a_control_names_the_rules_that_cover_it_or_says_that_none_does() {
    let pages = written();
    let page = &pages["controls/gdpr.md"];
    let (_, covered) = page.split_once("\n## gdpr:5(1)(e)").unwrap();
    insta::assert_snapshot!(covered.split("\n## gdpr:5(2)").next().unwrap(), @r#"
     Storage limitation

    Personal data is kept in a form that identifies people no longer than its purpose needs.

    Regulation (EU) 2016/679, Art. 5(1)(e); from 2018-05-25; known from secondary sources.

    - [`acme/retention`](../rules/acme/retention.md): Personal data is not kept for long

    ## gdpr:5(1)(f) Integrity and confidentiality

    Personal data is protected against loss, damage and unlawful processing.

    Regulation (EU) 2016/679, Art. 5(1)(f); from 2018-05-25; known from secondary sources.

    **not covered**
    "#);
}

#[test]
fn the_indices_list_packs_and_frameworks() {
    let pages = written();
    insta::assert_snapshot!(pages["rules/README.md"], @r#"
    <!-- Generated from the policies; `BLESS=1 cargo test --test docs` writes it. -->

    # Rules

    2 rules in 1 pack. Each page says what a rule asks for and why, how it is decided, what passes it and what does not. [`policies.md`](../policies.md) says how rules are written, [`controls`](../controls/README.md) which of them serve a law or standard.

    | pack | rules | what it is for |
    | --- | --- | --- |
    | [`acme`](#acme) | 2 | House rules |

    ## acme

    House rules

    | rule | severity | blocks from | applies to | what holds |
    | --- | --- | --- | --- | --- |
    | [`owner`](acme/owner.md) | warning | draft | feature-spec, model-card | Somebody answers for it |
    | [`retention`](acme/retention.md) | error | in-review | feature-spec | Personal data is not kept for long |
    "#);
    let row = "| [`hipaa`](hipaa.md) |";
    assert!(pages["controls/README.md"].contains(row));
}

#[test]
fn pages_say_nothing_of_a_day() {
    // A control that is still to come, one that was superseded, and one that was withdrawn.
    let pages = written();
    for (path, days) in [
        ("controls/eu-ai-act.md", "from 2027-12-02 |"),
        (
            "controls/sr-11-7.md",
            "from 2011-04-04 until 2026-04-16, then sr-26-2:soundness |",
        ),
        ("controls/colorado.md", "| withdrawn |"),
    ] {
        assert!(pages[path].contains(days), "{}", pages[path]);
    }
}

#[test]
fn sections_of_a_page_have_anchors_of_their_own() {
    for (path, page) in written() {
        let mut anchors: Vec<_> = page
            .lines()
            .filter_map(|line| Some(escape::anchor(line.strip_prefix("## ")?)))
            .collect();
        let all = anchors.len();
        anchors.sort();
        anchors.dedup();
        assert_eq!(anchors.len(), all, "{path}");
    }
}
