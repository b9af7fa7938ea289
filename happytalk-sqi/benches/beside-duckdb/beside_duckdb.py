#!/usr/bin/env python3
"""Runs `happytalk sqi LOG --by day,agent` and DuckDB on the same log, compares every cell, and prints what both took.

    pip install duckdb
    cargo build --release -p happytalk-cli
    cargo run --release -p xtask -- gen-log --conversations 1000000 --seed 7 > log.jsonl
    python3 happytalk-sqi/benches/beside-duckdb/beside_duckdb.py log.jsonl

Each side runs in a process of its own, and the best of its runs counts. The exit code is 1 where a cell differs. Without
DuckDB it says so and exits with 0: it is nothing that the project needs.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = [
    "queue_time", "first_response", "agent_wait", "customer_wait", "talk_time", "after_work", "total_time",
    "first_response_from_request", "first_response_from_assignment", "abandon_wait", "idle_tail", "transfer_wait",
]


def duckdb_side(log, threads, out):
    """The child: asks DuckDB, writes its cells and what they took. What importing it takes is not counted."""
    import duckdb

    begin, used = time.perf_counter(), time.process_time()
    database = duckdb.connect(config={"threads": threads} if threads else {})
    *steps, last = [step for step in (HERE / "figures.sql").read_text().split(";\n") if step.strip()]
    for step in steps:
        database.execute(step, {"log": log} if "$log" in step else None)
    cells = database.execute(last.replace(";", "")).fetchall()
    took = {
        "wall": time.perf_counter() - begin,
        "cpu": time.process_time() - used,
        "kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "version": duckdb.__version__,
    }
    pathlib.Path(out).write_text(json.dumps({"took": took, "cells": cells}))


def run(command):
    """Runs a command; gives its output and what it took."""
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        text = out.read()
    return text, {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "kb": usage.ru_maxrss}


def best(runs, side):
    """The result of the last run, and the least that any run took."""
    results = [side() for _ in range(runs)]
    took = {key: min(one[1][key] for one in results) for key in ("wall", "cpu", "kb")}
    return results[-1][0], took


def ours(report):
    """Cells by day, agent and figure."""
    cells = {}
    for row in report["rows"]:
        key = (row["day"], row["agent"])
        for figure in FIGURES:
            if row[figure]["count"]:
                cells[(*key, figure)] = row[figure]
        for figure, count in (("of", row["abandon_rate"]["of"]), ("missed", row["missed"]["count"])):
            if count:
                cells[(*key, figure)] = {"count": count}
        abandoned = row["abandon_rate"]["count"], row["abandon_wait"]["count"]
        assert abandoned[0] == abandoned[1], row
    return cells


def differences(report, theirs):
    """How many values were compared, and those that differ: by anything, or for a quantile by more than its rounding."""
    mine, compared, wrong = ours(report), 0, []
    theirs = {(day, agent, figure): values for day, agent, figure, *values in theirs}
    for key in sorted(mine.keys() | theirs.keys()):
        mine_of, their_of = mine.get(key), theirs.get(key)
        if mine_of is None or their_of is None:
            wrong.append((key, mine_of, their_of))
            continue
        for index, name in enumerate(("count", "sum_ms", "min_ms", "max_ms", "p50_ms", "p90_ms", "p99_ms")):
            if name in mine_of:
                compared += 1
                allowed = 0.501 if index > 3 else 0
                if abs(mine_of[name] - their_of[index]) > allowed:
                    wrong.append((key, name, mine_of[name], their_of[index]))
    return compared, wrong


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("log")
    words.add_argument("--happytalk", default="target/release/happytalk")
    words.add_argument("--threads", type=int, default=0, help="DuckDB's; 0 for as many as there are")
    words.add_argument("--runs", type=int, default=3)
    words.add_argument("--child", help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.child:
        return duckdb_side(asked.log, asked.threads, asked.child)
    try:
        import duckdb  # noqa: F401
    except ImportError:
        print("DuckDB is not installed (pip install duckdb): nothing is compared.")
        return 0

    def their_run():
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            child = [sys.executable, __file__, asked.log, "--threads", str(asked.threads), "--child", out.name]
            subprocess.run(child, check=True)
            told = json.loads(pathlib.Path(out.name).read_text())
        return told, told["took"]

    command = [asked.happytalk, "sqi", asked.log, "--by", "day,agent", "--format", "json"]
    text, mine = best(asked.runs, lambda: run(command))
    _, sketch = best(asked.runs, lambda: run([*command, "--quantiles", "sketch"]))
    told, theirs = best(asked.runs, their_run)
    compared, wrong = differences(json.loads(text), told["cells"])

    print(f"{os.path.getsize(asked.log) / 1e6:.0f} MB, DuckDB {told['took']['version']}, best of {asked.runs}")
    print(f"{'':24}{'wall s':>9}{'CPU s':>9}{'MB':>9}")
    for name, took in (("happytalk sqi", mine), ("the same, sketched", sketch), ("DuckDB", theirs)):
        print(f"{name:24}{took['wall']:9.2f}{took['cpu']:9.2f}{took['kb'] / 1e3:9.0f}")
    for name, key, goal in (("wall", "wall", 2), ("CPU", "cpu", 2), ("memory", "kb", 10)):
        ratio = theirs[key] / mine[key]
        print(f"{name:8} {ratio:5.1f} times less, goal {goal}: {'met' if ratio >= goal else 'MISSED'}")
    print(f"{compared} values compared, {len(wrong)} differ")
    for one in wrong[:10]:
        print(" ", one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
