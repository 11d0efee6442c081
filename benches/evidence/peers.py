"""What others take to count the same file; run by the benchmark.

    peers.py parquet <csv> <parquet>     writes the table as Parquet
    peers.py <peer> <file>               counts it, and prints one line of JSON

The clock starts after the imports. A peer that is not installed ends with status 3.
"""

import json
import resource
import sys
import time

GROUPS = ["sex", "race"]
COLUMNS = [*GROUPS, "y_true", "y_pred"]


def cells(counts):
    """Counts by (sex, race, label, prediction) as `sex/race` to [tn, fp, fn, tp]."""
    groups = {}
    for (sex, race, label, prediction), n in counts:
        group = groups.setdefault(f"{sex}/{race}", [0, 0, 0, 0])
        group[2 * int(label) + int(prediction)] += int(n)
    return groups


def pandas_all(path):
    import pandas as pd

    start = time.perf_counter()
    counts = pd.read_csv(path).groupby(COLUMNS).size()
    return time.perf_counter() - start, cells(counts.items())


def pandas_columns(path):
    import pandas as pd

    start = time.perf_counter()
    counts = pd.read_csv(path, usecols=COLUMNS).groupby(COLUMNS).size()
    return time.perf_counter() - start, cells(counts.items())


def fairlearn(path):
    import pandas as pd
    from fairlearn.metrics import MetricFrame, count, selection_rate
    from sklearn.metrics import confusion_matrix

    def confusion(y_true, y_pred):
        return confusion_matrix(y_true, y_pred, labels=[0, 1]).ravel().tolist()

    start = time.perf_counter()
    table = pd.read_csv(path)
    frame = MetricFrame(
        metrics={"count": count, "selection_rate": selection_rate, "confusion": confusion},
        y_true=table["y_true"],
        y_pred=table["y_pred"],
        sensitive_features=table[GROUPS],
    )
    by_group = frame.by_group
    seconds = time.perf_counter() - start
    return seconds, {"/".join(group): row for group, row in by_group["confusion"].items()}


def duckdb(path):
    import duckdb

    # The clock starts with the database open, as it starts with Python running.
    database = duckdb.connect()
    database.execute("SET threads TO 2")
    start = time.perf_counter()
    rows = database.execute(
        "SELECT sex, race, y_true, y_pred, count(*) FROM read_parquet(?) GROUP BY ALL", [path]
    ).fetchall()
    return time.perf_counter() - start, cells(((*row[:4],), row[4]) for row in rows)


def parquet(source, target):
    from pyarrow import csv
    from pyarrow import parquet as pq

    pq.write_table(csv.read_csv(source), target)


def main(peer, *paths):
    try:
        if peer == "parquet":
            return parquet(*paths)
        seconds, counts = {
            "pandas": pandas_all,
            "pandas-columns": pandas_columns,
            "fairlearn": fairlearn,
            "duckdb": duckdb,
        }[peer](*paths)
    except ImportError as missing:
        print(missing, file=sys.stderr)
        sys.exit(3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "counts": counts, "peak": peak}))


main(*sys.argv[1:])
