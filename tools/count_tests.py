#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the subtests of a Meson test run.   count_tests.py TESTLOG.json EXIT_STATUS_OF_MESON_TEST

Prints what failed and, last, "N passed, N failed, N skipped". Exits with 1 unless everything passed."""
import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b[^#\n]*(#\s*(?:skip|todo))?", re.IGNORECASE | re.MULTILINE)


def count(test):
    """(passed, failed, skipped) of one program. One that crashed or timed out has failed, whatever its lines say."""
    passed = failed = skipped = 0
    for bad, directive in RESULT.findall(test.get("stdout") or ""):
        if directive:
            skipped += 1
        elif bad:
            failed += 1
        else:
            passed += 1
    result = test["result"]
    if result == "SKIP" and passed + failed + skipped == 0:
        skipped = 1
    elif result in ("OK", "EXPECTEDFAIL") and passed + failed + skipped == 0:
        passed = 1
    elif result not in ("OK", "EXPECTEDFAIL", "SKIP") and failed == 0:
        failed = 1
    return passed, failed, skipped


def report(test):
    print(f"\n==== {test['name']}: {test['result']}")
    for stream in ("stdout", "stderr"):
        lines = (test.get(stream) or "").splitlines()
        if stream == "stdout":
            lines = [line for line in lines if not line.startswith("ok ")]
        print("\n".join(lines[-60:]))


def main():
    log, status = sys.argv[1], int(sys.argv[2])
    totals = [0, 0, 0]
    try:
        with open(log, encoding="utf-8") as lines:
            tests = [json.loads(line) for line in lines]
    except FileNotFoundError:
        tests = []
    for test in tests:
        counts = count(test)
        if counts[1]:
            report(test)
        totals = [a + b for a, b in zip(totals, counts)]
    if status and not totals[1]:
        print(f"meson test ended with status {status}, but no test says that it failed")
        totals[1] = 1
    print("%d passed, %d failed, %d skipped" % tuple(totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
