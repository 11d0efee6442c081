#!/usr/bin/env python3
"""Makes the data sets of tests/fairness and the values that other libraries give for them.

    pip install fairlearn==0.15.0 aif360==0.6.1 aequitas==1.1.0 scikit-learn
    python3 tests/fairness/reference.py

The people are invented. The seed fixes every row, so running it again writes the same bytes; the values
change only with the versions that stand beside them in reference.json.

- binary.csv: two sexes and three age bands, every cell well filled.
- tiny.csv: nine groups by region and sex, some of one or two rows, without positives, without
  selections, and with missing values.
- scores.csv: scores in steps of 0.05, so that many tie, for two attributes.
- amounts.csv: predicted and real amounts.
"""

import csv
import io
import json
import math
import pathlib
import random
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import sklearn.metrics as sk
from fairlearn import metrics as fl
from scipy import stats

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
SEED = 20260601


def write(name, header, rows):
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    out.writerows(rows)
    (HERE / name).write_text(text.getvalue())
    # Read back as text, so that a missing value is the empty string and no NaN.
    return pd.read_csv(HERE / name, keep_default_na=False)


def binary(draw):
    rows = []
    for sex, age, n, base, right, wrong in (
        ("female", "18-34", 173, 0.55, 0.78, 0.20),
        ("female", "35-54", 211, 0.62, 0.84, 0.22),
        ("female", "55+", 96, 0.58, 0.80, 0.25),
        ("male", "18-34", 187, 0.57, 0.86, 0.27),
        ("male", "35-54", 240, 0.66, 0.90, 0.31),
        ("male", "55+", 118, 0.61, 0.83, 0.24),
    ):
        for _ in range(n):
            label = int(draw.random() < base)
            rows.append((sex, age, label, int(draw.random() < (right if label else wrong))))
    draw.shuffle(rows)
    return write("binary.csv", ("sex", "age", "y_true", "y_pred"), rows)


def tiny(draw):
    rows = []
    # Region, sex, true positives, false positives, true negatives, false negatives.
    for region, sex, *cells in (
        ("north", "f", 40, 12, 60, 20),
        ("north", "m", 55, 14, 58, 11),
        ("south", "f", 30, 6, 35, 9),
        ("south", "m", 33, 9, 41, 7),
        ("island", "f", 0, 2, 1, 0),
        ("island", "m", 1, 0, 0, 0),
        ("harbour", "f", 0, 0, 9, 8),
        ("harbour", "m", 0, 0, 7, 5),
        ("", "f", 3, 1, 4, 2),
        ("", "m", 2, 2, 5, 1),
    ):
        for (label, prediction), n in zip(((1, 1), (0, 1), (0, 0), (1, 0)), cells):
            rows += [(region, sex, label, prediction)] * n
    draw.shuffle(rows)
    return write("tiny.csv", ("region", "sex", "y_true", "y_pred"), rows)


def scores(draw):
    rows = []
    for sex, race, n, shift in (
        ("f", "a", 140, 0.00),
        ("f", "b", 90, -0.06),
        ("m", "a", 150, 0.07),
        ("m", "b", 101, 0.02),
        ("m", "c", 60, -0.03),
    ):
        for _ in range(n):
            score = min(max(draw.betavariate(2, 2) + shift, 0), 1)
            score = round(score * 20) / 20
            label = int(draw.random() < score)
            rows.append((sex, race, label, int(score > 0.5), f"{score:.2f}"))
    draw.shuffle(rows)
    return write("scores.csv", ("sex", "race", "y_true", "y_pred", "score"), rows)


def amounts(draw):
    rows = []
    for sex, age, n, bias, noise in (
        ("f", "old", 120, -40, 90),
        ("f", "young", 90, -10, 60),
        ("m", "old", 130, 25, 70),
        ("m", "young", 60, 5, 110),
    ):
        for _ in range(n):
            truth = draw.lognormvariate(6.5, 0.4)
            rows.append((sex, age, f"{truth:.2f}", f"{truth + draw.gauss(bias, noise):.2f}"))
    draw.shuffle(rows)
    return write("amounts.csv", ("sex", "age", "y_true", "y_pred"), rows)


def number(value):
    """A float for JSON; what is no number is said by its name."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def groups(data, by):
    """One text a group, in the manner of launchgate: a missing value is `(missing)`."""
    named = data[list(by)].map(lambda value: value if value != "" else "(missing)")
    return named.agg(", ".join, axis=1)


def frame(metric, truth, prediction, group):
    return fl.MetricFrame(
        metrics=metric, y_true=truth, y_pred=prediction, sensitive_features=group
    )


def fairlearn_values(truth, prediction, group):
    given = {"y_true": truth, "y_pred": prediction, "sensitive_features": group}
    precision = frame(lambda t, p: sk.precision_score(t, p, zero_division=np.nan), truth, prediction, group)
    return {
        "demographic_parity_difference": fl.demographic_parity_difference(**given),
        "demographic_parity_ratio": fl.demographic_parity_ratio(**given),
        "equal_opportunity_difference": fl.equal_opportunity_difference(**given),
        "equal_opportunity_ratio": fl.equal_opportunity_ratio(**given),
        "equalized_odds_difference": fl.equalized_odds_difference(**given),
        "equalized_odds_difference/mean": fl.equalized_odds_difference(agg="mean", **given),
        "equalized_odds_ratio": fl.equalized_odds_ratio(**given),
        "equalized_odds_ratio/mean": fl.equalized_odds_ratio(agg="mean", **given),
        "false_positive_rate_difference": fl.false_positive_rate_difference(**given),
        "false_positive_rate_ratio": fl.false_positive_rate_ratio(**given),
        "false_negative_rate_difference": fl.false_negative_rate_difference(**given),
        "false_negative_rate_ratio": fl.false_negative_rate_ratio(**given),
        "predictive_parity_difference": precision.difference(),
        "predictive_parity_ratio": precision.ratio(),
        "accuracy_score_difference": fl.accuracy_score_difference(**given),
        "accuracy_score_ratio": fl.accuracy_score_ratio(**given),
    }


def fairlearn_rates(truth, prediction, group):
    rates = frame(
        {
            "selection_rate": fl.selection_rate,
            "true_positive_rate": fl.true_positive_rate,
            "false_positive_rate": fl.false_positive_rate,
            "false_negative_rate": fl.false_negative_rate,
            "positive_predictive_value": lambda t, p: sk.precision_score(t, p, zero_division=np.nan),
            "accuracy": sk.accuracy_score,
            "count": fl.count,
        },
        truth,
        prediction,
        group,
    ).by_group
    return {
        name: {column: number(value) for column, value in row.items()}
        for name, row in rates.to_dict("index").items()
    }


def aif360_values(truth, prediction, group, reference):
    """All other groups are the unprivileged ones."""
    from aif360.datasets import BinaryLabelDataset
    from aif360.metrics import ClassificationMetric

    def dataset(labels):
        data = pd.DataFrame({"privileged": (group == reference).astype(float), "label": labels.astype(float)})
        return BinaryLabelDataset(df=data, label_names=["label"], protected_attribute_names=["privileged"])

    metric = ClassificationMetric(
        dataset(truth),
        dataset(prediction),
        unprivileged_groups=[{"privileged": 0.0}],
        privileged_groups=[{"privileged": 1.0}],
    )
    return {
        "statistical_parity_difference": metric.statistical_parity_difference(),
        "disparate_impact": metric.disparate_impact(),
        "average_odds_difference": metric.average_odds_difference(),
    }


def aequitas_values(truth, prediction, group, reference):
    """Aequitas' disparity of predicted prevalence by a fixed group is the impact ratio."""
    from aequitas.bias import Bias
    from aequitas.group import Group

    data = pd.DataFrame({"group": group, "label_value": truth, "score": prediction})
    counted, _ = Group().get_crosstabs(data, attr_cols=["group"])
    found = Bias().get_disparity_predefined_groups(
        counted, data, {"group": reference}, check_significance=False, mask_significance=False
    )
    ratios = found.set_index("attribute_value")["pprev_disparity"].drop(reference)
    return {"impact_ratio": ratios.min()}


def significance(table):
    (a, n), (b, m) = table
    pooled = (a + b) / (n + m)
    z = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) if 0 < pooled < 1 else None
    fisher = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
    return {
        "shares": [[a, n], [b, m]],
        "least_expected": float(stats.contingency.expected_freq([[a, n - a], [b, m - b]]).min()) if 0 < pooled < 1 else 0.0,
        "z": z,
        "z_p_value": None if z is None else float(2 * stats.norm.sf(abs(z))),
        "fisher_p_value": float(fisher),
        "wilson": [
            list(stats.binomtest(x, of).proportion_ci(0.95, "wilson")) for x, of in table
        ],
        "katz": None
        if a == 0 or b == 0 or (a == n and b == m)
        else list(stats.contingency.relative_risk(a, n, b, m).confidence_interval(0.95)),
    }


def case(name, data, by, reference):
    group = groups(data, by)
    truth, prediction = data["y_true"], data["y_pred"]
    return {
        "data": name,
        "by": list(by),
        "reference": reference,
        "rates": fairlearn_rates(truth, prediction, group),
        "fairlearn": {k: number(v) for k, v in fairlearn_values(truth, prediction, group).items()},
        "aif360": {k: number(v) for k, v in aif360_values(truth, prediction, group, reference).items()},
        "aequitas": {k: number(v) for k, v in aequitas_values(truth, prediction, group, reference).items()},
    }


def score_case(data, by, reference):
    group = groups(data, by)
    truth, score = data["y_true"], data["score"]
    areas = frame(sk.roc_auc_score, truth, score, group)
    median = score.median()
    above = (score > median).astype(int)
    scoring = frame(fl.selection_rate, truth, above, group)
    means = score.groupby(group).mean()
    differences = ((means - means[reference]) / np.std(score)).drop(reference)
    bins = np.minimum(np.floor(score * 10), 9).astype(int)
    # Only bins in which all groups have rows.
    table = truth.groupby([bins, group]).mean().unstack()
    gaps = (
        pd.DataFrame({"n": 1, "score": score, "label": truth})
        .groupby([group, bins.rename("bin")])
        .sum()
    )
    errors = (gaps["score"] - gaps["label"]).abs().groupby(level=0).sum() / group.value_counts().sort_index()
    return {
        "data": "scores.csv",
        "by": list(by),
        "reference": reference,
        "median": number(median),
        "areas": {k: number(v) for k, v in areas.by_group.items()},
        "scoring_rates": {k: number(v) for k, v in scoring.by_group.items()},
        "calibration": {
            str(at): {k: number(v) for k, v in row.items()} for at, row in table.to_dict("index").items()
        },
        "sklearn": {"roc_auc_score_difference": number(areas.difference())},
        "numpy": {
            "scoring_rate_impact_ratio": number(scoring.ratio()),
            "standardised_mean_difference": number(differences[differences.abs().idxmax()]),
            "calibration_difference": number((table.max(axis=1) - table.min(axis=1)).max()),
            "expected_calibration_error_difference": number(errors.max() - errors.min()),
        },
    }


def amount_case(data, by):
    group = groups(data, by)
    truth, prediction = data["y_true"], data["y_pred"]
    by_group = lambda metric: frame(metric, truth, prediction, group)
    return {
        "data": "amounts.csv",
        "by": list(by),
        "fairlearn": {
            "mean_prediction_difference": number(by_group(fl.mean_prediction).difference()),
            "mean_absolute_error_ratio": number(by_group(sk.mean_absolute_error).ratio()),
            "root_mean_squared_error_ratio": number(by_group(sk.root_mean_squared_error).ratio()),
        },
    }


def dropped(data, by):
    """How many rows other libraries lose where a group value is missing."""
    from aequitas.group import Group

    missing = data.replace("", np.nan)
    told = pd.DataFrame({"group": missing[by], "label_value": data["y_true"], "score": data["y_pred"]})
    counted, _ = Group().get_crosstabs(told, attr_cols=["group"])
    try:
        fl.demographic_parity_ratio(data["y_true"], data["y_pred"], sensitive_features=missing[by])
        fairlearn = "a number"
    except Exception as error:
        fairlearn = type(error).__name__
    return {
        "rows": len(data),
        "without_group": int(missing[by].isna().sum()),
        "aequitas_counted": int(counted["group_size"].sum()),
        "fairlearn": fairlearn,
    }


def lone(data):
    """One group alone."""
    part = data[data["sex"] == "female"]
    group = groups(part, ["sex"])
    return {
        "data": "binary.csv",
        "only": {"sex": "female"},
        "fairlearn": {k: number(v) for k, v in fairlearn_values(part["y_true"], part["y_pred"], group).items()},
    }


def unselected(data):
    """Nobody gets the favourable outcome."""
    group = groups(data, ["sex"])
    nobody = data["y_pred"] * 0
    return {
        "data": "binary.csv",
        "by": ["sex"],
        "fairlearn": {k: number(v) for k, v in fairlearn_values(data["y_true"], nobody, group).items()},
    }


def main():
    draw = random.Random(SEED)
    two, many, ties, money = binary(draw), tiny(draw), scores(draw), amounts(draw)
    as_decisions = ties[["sex", "race", "y_true", "y_pred"]]
    found = {
        "versions": {
            name: version(name)
            for name in ("fairlearn", "aif360", "aequitas", "scikit-learn", "scipy", "numpy", "pandas")
        },
        "decisions": [
            case("binary.csv", two, ["sex"], "male"),
            case("binary.csv", two, ["age"], "35-54"),
            case("binary.csv", two, ["sex", "age"], "male, 35-54"),
            case("tiny.csv", many, ["sex"], "m"),
            case("tiny.csv", many, ["region"], "north"),
            case("tiny.csv", many, ["region", "sex"], "north, m"),
            case("scores.csv", as_decisions, ["race"], "a"),
            case("scores.csv", as_decisions, ["sex", "race"], "m, a"),
        ],
        "scores": [
            score_case(ties, ["sex"], "m"),
            score_case(ties, ["race"], "a"),
            score_case(ties, ["sex", "race"], "m, a"),
        ],
        "amounts": [amount_case(money, ["sex"]), amount_case(money, ["sex", "age"])],
        "tests": [
            significance(table)
            for table in (
                ((45, 100), (60, 100)),
                ((3, 9), (7, 8)),
                ((0, 12), (9, 30)),
                ((12, 12), (20, 31)),
                ((1, 40), (30, 4000)),
                ((5001, 10000), (5203, 10100)),
            )
        ],
        "missing": dropped(many, "region"),
        "one_group": lone(two),
        "nobody_selected": unselected(two),
    }
    (HERE / "reference.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
