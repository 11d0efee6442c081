#!/usr/bin/env python3
"""Makes evidence/predictions.csv of the two credit-scoring examples, and prints what is true of it.

    python3 examples/predictions.py

The people are invented. The counts of each group are given below, so the claims in the model cards
can be followed by hand; the seed only decides scores and the order of the rows. Running it again
writes the same bytes.
"""

import hashlib
import itertools
import pathlib
import random

# (sex, age band): true positives, false positives, true negatives, false negatives.
# "Positive" is 1: repaid (y_true), approved (y_pred).
FINAL = {
    ("female", "18-34"): (54, 9, 39, 10),
    ("female", "35-54"): (69, 9, 43, 10),
    ("female", "55+"): (52, 8, 36, 8),
    ("male", "18-34"): (60, 10, 38, 10),
    ("male", "35-54"): (79, 12, 41, 10),
    ("male", "55+"): (60, 9, 35, 9),
}
DRAFT = {
    ("female", "18-34"): (44, 7, 41, 20),
    ("female", "35-54"): (57, 8, 44, 22),
    ("female", "55+"): (43, 7, 37, 17),
    ("male", "18-34"): (58, 10, 38, 12),
    ("male", "35-54"): (78, 12, 41, 11),
    ("male", "55+"): (59, 9, 35, 10),
}
HERE = pathlib.Path(__file__).parent


def rows(counts):
    draw = random.Random(20260601)
    out = []
    for (sex, age), (tp, fp, tn, fn) in counts.items():
        for label, prediction, count in ((1, 1, tp), (0, 1, fp), (0, 0, tn), (1, 0, fn)):
            for _ in range(count):
                # Right predictions lie further from the decision threshold of 0.5 than wrong ones.
                distance = draw.triangular(0.001, 0.499, 0.3 if label == prediction else 0.05)
                score = 0.5 + distance if prediction else 0.5 - distance
                out.append((sex, age, label, prediction, f"{score:.4f}"))
    draw.shuffle(out)
    return out


def rate(part, of, hit):
    chosen = [row for row in part if of(row)]
    return sum(map(hit, chosen)) / len(chosen)


def report(data):
    everyone, approved = (lambda row: True), (lambda row: row[3] == 1)
    repaid = lambda row: row[2] == 1
    for name, key in (
        ("sex", lambda row: row[0]),
        ("age_band", lambda row: row[1]),
        ("sex, age_band", lambda row: row[:2]),
    ):
        groups = {k: list(g) for k, g in itertools.groupby(sorted(data, key=key), key)}
        selected = {k: rate(g, everyone, approved) for k, g in groups.items()}
        true_positive = {k: rate(g, repaid, approved) for k, g in groups.items()}
        ratio = min(selected.values()) / max(selected.values())
        difference = max(true_positive.values()) - min(true_positive.values())
        print(f"  {name}: demographic_parity_ratio {ratio:.4f}, equal_opportunity_difference {difference:.4f}")
        for group, members in groups.items():
            counts = [sum(row[2:4] == pair for row in members) for pair in ((1, 1), (0, 1), (0, 0), (1, 0))]
            print(f"    {group}: n {len(members)}, selected {counts[0] + counts[1]}, tp fp tn fn {counts}, "
                  f"accuracy {rate(members, everyone, lambda row: row[2] == row[3]):.4f}")
    accuracy = rate(data, everyone, lambda row: row[2] == row[3])
    good = sorted(float(row[4]) for row in data if row[2] == 1)
    bad = sorted(float(row[4]) for row in data if row[2] == 0)
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    print(f"  accuracy {accuracy:.4f}, roc_auc {wins / len(good) / len(bad):.4f}")


for folder, counts in (("credit-scoring", FINAL), ("credit-scoring-draft", DRAFT)):
    data = rows(counts)
    text = "sex,age_band,y_true,y_pred,score\n" + "".join(",".join(map(str, row)) + "\n" for row in data)
    path = HERE / folder / "evidence" / "predictions.csv"
    path.write_bytes(text.encode())
    print(f"{path.relative_to(HERE.parent)}: {len(data)} rows, sha256 {hashlib.sha256(text.encode()).hexdigest()}")
    report(data)
