use super::*;

fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

/// A question about `t`, by `sex`, that one field of is then changed.
fn ask(by: &[String]) -> Question<'_> {
    Question {
        table: "t",
        by,
        label: Some("y_true"),
        prediction: "y_pred",
        score: None,
        favourable: &Literal::Int(1),
        unfavourable: None,
    }
}

fn by(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_query_reads_as_a_person_would_write_it() {
    let by = by(&["sex", "race"]);
    let question = Question {
        table: "risk.decisions",
        score: Some("score"),
        ..ask(&by)
    };
    insta::assert_snapshot!(query(&question, Dialect::Postgres).unwrap(), @r#"
-- Counts evidence for launchgate: save the result as CSV, with its header.
-- "other" has to be 0: it counts rows that are neither favourable nor unfavourable,
-- or that have no score.
WITH launchgate_sample AS (
  SELECT
    NULLIF(CAST("sex" AS TEXT), '') AS "sex",
    NULLIF(CAST("race" AS TEXT), '') AS "race",
    CASE
      WHEN CAST("y_true" AS TEXT) IN ('1', '1.0') THEN 1
      WHEN CAST("y_true" AS TEXT) IN ('0', '0.0') THEN 0
    END AS launchgate_label,
    CASE
      WHEN CAST("y_pred" AS TEXT) IN ('1', '1.0') THEN 1
      WHEN CAST("y_pred" AS TEXT) IN ('0', '0.0') THEN 0
    END AS launchgate_prediction,
    CASE WHEN CAST("score" AS DOUBLE PRECISION) BETWEEN -1.7976931348623157E308 AND 1.7976931348623157E308
      THEN CAST("score" AS DOUBLE PRECISION) END AS launchgate_score
  FROM "risk"."decisions"
),
launchgate_middle AS (
  SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY launchgate_score) AS launchgate_median
  FROM launchgate_sample
)
SELECT
  "sex",
  "race",
  COUNT(*) AS "n",
  COUNT(CASE WHEN launchgate_prediction = 1 THEN 1 END) AS "selected",
  COUNT(CASE WHEN launchgate_label = 1 AND launchgate_prediction = 1 THEN 1 END) AS "tp",
  COUNT(CASE WHEN launchgate_label = 0 AND launchgate_prediction = 1 THEN 1 END) AS "fp",
  COUNT(CASE WHEN launchgate_label = 0 AND launchgate_prediction = 0 THEN 1 END) AS "tn",
  COUNT(CASE WHEN launchgate_label = 1 AND launchgate_prediction = 0 THEN 1 END) AS "fn",
  COUNT(CASE WHEN launchgate_label IS NULL OR launchgate_prediction IS NULL OR launchgate_score IS NULL THEN 1 END) AS "other",
  SUM(launchgate_score) AS "score_sum",
  SUM(launchgate_score * launchgate_score) AS "score_sum_sq",
  COUNT(CASE WHEN launchgate_score > launchgate_median THEN 1 END) AS "above_median"
FROM launchgate_sample
CROSS JOIN launchgate_middle
GROUP BY "sex", "race"
ORDER BY "sex" COLLATE "C" NULLS FIRST, "race" COLLATE "C" NULLS FIRST;
"#);
}

#[test]
fn the_median_is_taken_in_each_dialects_way() {
    let middle = |dialect: Dialect| dialect.median().trim_start_matches(",\n").to_owned();
    insta::assert_snapshot!(middle(Dialect::Ansi), @r#"
launchgate_places AS (
  SELECT
    launchgate_score,
    ROW_NUMBER() OVER (ORDER BY launchgate_score) AS launchgate_place,
    COUNT(*) OVER () AS launchgate_places
  FROM launchgate_sample
  WHERE launchgate_score IS NOT NULL
),
launchgate_middle AS (
  SELECT AVG(launchgate_score) AS launchgate_median
  FROM launchgate_places
  WHERE 2 * launchgate_place BETWEEN launchgate_places AND launchgate_places + 2
)
"#);
    insta::assert_snapshot!(middle(Dialect::Spark), @r#"
launchgate_middle AS (
  SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY launchgate_score) AS launchgate_median
  FROM launchgate_sample
)
"#);
    insta::assert_snapshot!(middle(Dialect::BigQuery), @r#"
launchgate_middle AS (
  SELECT PERCENTILE_CONT(launchgate_score, 0.5) OVER () AS launchgate_median
  FROM launchgate_sample
  LIMIT 1
)
"#);
}

#[test]
fn hostile_names_stay_names() {
    let names = [
        "or\"der",
        "ba`ck",
        "a'b",
        "back\\slash",
        "\"; DROP TABLE t; --",
    ];
    let quoted = |dialect: Dialect| names.map(|name| dialect.identifier(name));
    let doubled = [
        "\"or\"\"der\"",
        "\"ba`ck\"",
        "\"a'b\"",
        "\"back\\slash\"",
        "\"\"\"; DROP TABLE t; --\"",
    ];
    assert_eq!(quoted(Dialect::Ansi), doubled);
    assert_eq!(quoted(Dialect::DuckDb), doubled);
    assert_eq!(quoted(Dialect::Postgres), doubled);
    assert_eq!(
        quoted(Dialect::Spark),
        [
            "`or\"der`",
            "`ba``ck`",
            "`a'b`",
            "`back\\slash`",
            "`\"; DROP TABLE t; --`"
        ]
    );
    assert_eq!(
        quoted(Dialect::BigQuery),
        [
            "`or\"der`",
            "`ba\\`ck`",
            "`a'b`",
            "`back\\\\slash`",
            "`\"; DROP TABLE t; --`"
        ]
    );
}

#[test]
fn hostile_values_stay_values() {
    let values = ["O'Brien", "back\\", "\\' OR 1=1 --", "plain \"q\" `b`"];
    let quoted = |dialect: Dialect| values.map(|value| dialect.literal(value));
    let doubled = [
        "'O''Brien'",
        "'back\\'",
        "'\\'' OR 1=1 --'",
        "'plain \"q\" `b`'",
    ];
    assert_eq!(quoted(Dialect::Ansi), doubled);
    assert_eq!(quoted(Dialect::DuckDb), doubled);
    assert_eq!(
        quoted(Dialect::Postgres),
        [
            "'O''Brien'",
            "E'back\\\\'",
            "E'\\\\'' OR 1=1 --'",
            "'plain \"q\" `b`'"
        ]
    );
    let escaped = [
        "'O\\'Brien'",
        "'back\\\\'",
        "'\\\\\\' OR 1=1 --'",
        "'plain \"q\" `b`'",
    ];
    assert_eq!(quoted(Dialect::Spark), escaped);
    assert_eq!(quoted(Dialect::BigQuery), escaped);
}

#[test]
fn tables_have_parts_that_may_be_quoted() {
    let parts = |text: &str| table(text).unwrap();
    assert_eq!(parts("t"), ["t"]);
    assert_eq!(parts("schema.table"), ["schema", "table"]);
    assert_eq!(parts("my-project.set.t"), ["my-project", "set", "t"]);
    assert_eq!(parts("\"a.b\".c"), ["a.b", "c"]);
    assert_eq!(parts("`a``b`.\"c\"\"d\""), ["a`b", "c\"d"]);
    assert_eq!(parts("O'Brien; DROP"), ["O'Brien; DROP"]);
    for wrong in [".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\"", "`a`.`"] {
        assert_eq!(table(wrong), Err(SqlError::Table(wrong.to_owned())));
    }
    assert_eq!(table(""), Err(SqlError::Empty("name of the table")));
    let by = by(&["sex"]);
    let question = Question {
        table: "`my-project`.risk.decisions",
        ..ask(&by)
    };
    let text = query(&question, Dialect::BigQuery).unwrap();
    assert!(
        text.contains("FROM `my-project`.`risk`.`decisions`\n"),
        "{text}"
    );
}

#[test]
fn values_are_told_by_the_texts_that_they_may_have() {
    let by = by(&["sex"]);
    let cases = |favourable: &Literal, unfavourable: Option<&Literal>| {
        let question = Question {
            favourable,
            unfavourable,
            ..ask(&by)
        };
        let text = query(&question, Dialect::DuckDb)?;
        let whens = text.lines().filter_map(|line| {
            line.trim()
                .strip_prefix("WHEN CAST(\"y_true\" AS VARCHAR) ")
                .or(line
                    .trim()
                    .strip_prefix("WHEN LOWER(CAST(\"y_true\" AS VARCHAR)) "))
        });
        Ok::<_, SqlError>(whens.map(str::to_owned).collect::<Vec<_>>())
    };
    let numbers = ["IN ('1', '1.0') THEN 1", "IN ('0', '0.0') THEN 0"];
    assert_eq!(cases(&Literal::Int(1), None).unwrap(), numbers);
    assert_eq!(
        cases(&text("1.0"), Some(&text("0"))).unwrap(),
        numbers,
        "a number is one, also where it was written as a text"
    );
    assert_eq!(
        cases(&Literal::Bool(false), None).unwrap(),
        ["= 'false' THEN 1", "= 'true' THEN 0"]
    );
    assert_eq!(
        cases(&text("O'Brien"), Some(&text("01"))).unwrap(),
        ["= 'O''Brien' THEN 1", "= '01' THEN 0"]
    );
    assert_eq!(
        cases(&text("approved"), None),
        Err(SqlError::NoOther("approved".to_owned()))
    );
    assert_eq!(
        cases(&Literal::Int(2), None),
        Err(SqlError::NoOther("2".to_owned()))
    );
    assert_eq!(
        cases(&Literal::Int(1), Some(&text("1.0"))),
        Err(SqlError::Same)
    );
    assert_eq!(
        cases(&text(""), Some(&text("x"))),
        Err(SqlError::Empty("favourable or unfavourable value"))
    );
}

#[test]
fn an_attribute_is_a_column_of_the_result_and_only_once() {
    let refusal = |names: &[&str]| query(&ask(&by(names)), Dialect::Ansi).unwrap_err();
    assert_eq!(refusal(&[]), SqlError::NoAttribute);
    assert_eq!(refusal(&["N"]), SqlError::Reserved("N".to_owned()));
    assert_eq!(
        refusal(&["Launchgate_label"]),
        SqlError::Reserved("Launchgate_label".to_owned())
    );
    assert_eq!(
        refusal(&["sex", "race", "SEX"]),
        SqlError::Twice("SEX".to_owned())
    );
    assert_eq!(refusal(&[""]), SqlError::Empty("name of an attribute"));
    assert_eq!(
        refusal(&["se\nx"]),
        SqlError::Unreadable("name of an attribute")
    );
    assert_eq!(
        refusal(&["se\u{202e}x"]),
        SqlError::Unreadable("name of an attribute")
    );
}

#[test]
fn rows_that_are_neither_are_counted_whatever_is_asked() {
    let by = by(&["sex"]);
    let other = |label: Option<&'static str>, score: Option<&'static str>| {
        let question = Question {
            label,
            score,
            ..ask(&by)
        };
        let text = query(&question, Dialect::Spark).unwrap();
        assert_eq!(text.contains("`tp`"), label.is_some());
        assert_eq!(text.contains("`above_median`"), score.is_some());
        let line = text.lines().find(|line| line.contains("`other`")).unwrap();
        line.trim().trim_end_matches(',').to_owned()
    };
    assert_eq!(
        other(None, None),
        "COUNT(CASE WHEN launchgate_prediction IS NULL THEN 1 END) AS `other`"
    );
    assert_eq!(
        other(Some("y"), Some("s")),
        "COUNT(CASE WHEN launchgate_label IS NULL OR launchgate_prediction IS NULL OR \
         launchgate_score IS NULL THEN 1 END) AS `other`"
    );
}
