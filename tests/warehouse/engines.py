"""Runs queries on real database engines: `engines.py ENGINE PLAN`.

PLAN is a JSON file, a list of jobs. A job has the name of a table (a list of parts), its columns as
[name, type] pairs, the CSV file of its rows, the file of a query, and the file that the result goes
to as CSV. An empty cell is NULL.

`parse` is no engine: it reads each query by the grammar of its dialect, and writes it in the others.
"""

import csv
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def table_of(job, depth=2):
    return ".".join(quoted(part) for part in job["table"][-depth:])


def definition(job, types):
    columns = (f"{quoted(name)} {types.get(kind, kind)}" for name, kind in job["columns"])
    return ", ".join(columns)


def query_of(job):
    return pathlib.Path(job["query"]).read_text()


def text(path):
    return "'" + path.replace("'", "''") + "'"


def duckdb(jobs):
    import duckdb as engine

    for job in jobs:
        base = engine.connect()
        base.execute(f"CREATE SCHEMA {quoted(job['table'][0])}")
        table = table_of(job)
        base.execute(f"CREATE TABLE {table} ({definition(job, {})})")
        base.execute(f"COPY {table} FROM {text(job['rows'])} (FORMAT csv, HEADER, NULL '')")
        query = query_of(job).rstrip().rstrip(";")
        base.execute(f"COPY ({query}) TO {text(job['result'])} (FORMAT csv, HEADER)")


def spark(jobs):
    from pyspark.sql import SparkSession

    # The rows are few: starting takes the time.
    os.environ["JDK_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1"
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    types = {"TEXT": "STRING", "DOUBLE PRECISION": "DOUBLE", "INTEGER": "INT"}
    for job in jobs:
        columns = (
            f"`{name.replace('`', '``')}` {types.get(kind, kind)}" for name, kind in job["columns"]
        )
        rows = session.read.csv(
            job["rows"],
            schema=", ".join(columns),
            header=True,
            escape='"',
            multiLine=True,
            enforceSchema=False,
        )
        rows.createOrReplaceGlobalTempView(job["table"][1])
        folder = job["result"] + ".parts"
        session.sql(query_of(job)).coalesce(1).write.csv(
            folder,
            header=True,
            escape='"',
            ignoreLeadingWhiteSpace=False,
            ignoreTrailingWhiteSpace=False,
        )
        (part,) = pathlib.Path(folder).glob("part-*.csv")
        shutil.move(part, job["result"])
    session.stop()


def postgres(jobs):
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
    # The server refuses to run as root.
    as_whom = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
        as_whom = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    data = os.path.join(folder, "data")

    def run(*words, **more):
        done = subprocess.run(words, capture_output=True, text=True, cwd=folder, **more)
        if done.returncode != 0:
            sys.exit(f"{words[0]}: {done.stderr}{done.stdout}")
        return done.stdout

    def psql(*words):
        return run(
            program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
            "--host", folder, "--username", "launchgate", "--dbname", "postgres", *words,
        )  # fmt: skip

    try:
        run(
            program("initdb"), "--pgdata", data, "--username", "launchgate", "--auth", "trust",
            "--encoding", "UTF8", "--no-locale", "--no-sync", **as_whom,
        )  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        log = os.path.join(folder, "log")
        run(
            program("pg_ctl"), "start", "--wait", "--pgdata", data, "--log", log,
            "--options", options, **as_whom,
        )  # fmt: skip
        for job in jobs:
            table = table_of(job)
            psql("--command", f"DROP SCHEMA IF EXISTS {quoted(job['table'][0])} CASCADE")
            psql("--command", f"CREATE SCHEMA {quoted(job['table'][0])}")
            psql("--command", f"CREATE TABLE {table} ({definition(job, {})})")
            source = text(job["rows"])
            psql("--command", f"\\copy {table} from {source} with (format csv, header)")
            psql("--csv", "--output", job["result"], "--file", job["query"])
    finally:
        if os.path.exists(os.path.join(data, "postmaster.pid")):
            run(program("pg_ctl"), "stop", "--mode", "immediate", "--pgdata", data, **as_whom)
        shutil.rmtree(folder, ignore_errors=True)


def program(name):
    """Debian keeps the server's programs out of the PATH."""
    found = shutil.which(name)
    if found:
        return found
    for place in sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True):
        return str(place)
    sys.exit(f"{name} is not installed")


def sqlite(jobs):
    for job in jobs:
        base = sqlite3.connect(":memory:")
        schema, table = job["table"]
        base.execute(f"ATTACH ':memory:' AS {quoted(schema)}")
        base.execute(f"CREATE TABLE {table_of(job)} ({definition(job, {})})")
        with open(job["rows"], newline="", encoding="utf-8") as source:
            rows = csv.reader(source)
            next(rows)
            marks = ", ".join("?" for _ in job["columns"])
            base.executemany(
                f"INSERT INTO {table_of(job)} VALUES ({marks})",
                ([cell or None for cell in row] for row in rows),
            )
        result = base.execute(query_of(job))
        with open(job["result"], "w", newline="", encoding="utf-8") as target:
            lines = csv.writer(target)
            lines.writerow([column[0] for column in result.description])
            lines.writerows(result)


def parse(jobs):
    import sqlglot

    def plain(node):
        if isinstance(node, sqlglot.exp.ByteString):
            return sqlglot.exp.Literal.string(node.this.replace("\\\\", "\\"))
        return node

    dialects = ["", "duckdb", "postgres", "spark", "bigquery"]
    for job in jobs:
        dialect = "" if job["dialect"] == "ansi" else job["dialect"]
        (query,) = sqlglot.parse(query_of(job), read=dialect)
        names = {found.this for found in query.find_all(sqlglot.exp.Identifier)}
        # Strings with escapes of PostgreSQL, which sqlglot leaves as they are written.
        query = query.transform(plain)
        texts = {found.this for found in query.find_all(sqlglot.exp.Literal) if found.is_string}
        for name in job["names"]:
            if name not in names:
                sys.exit(f"{job['query']}: no identifier reads as {name!r}: {sorted(names)}")
        for value in job["values"]:
            if value not in texts:
                sys.exit(f"{job['query']}: no literal reads as {value!r}: {sorted(texts)}")
        for other in dialects:
            written = query.sql(dialect=other, unsupported_level=sqlglot.ErrorLevel.RAISE)
            sqlglot.parse_one(written, read=other)


if __name__ == "__main__":
    engine, plan = sys.argv[1:]
    with open(plan, encoding="utf-8") as file:
        globals()[engine](json.load(file))
