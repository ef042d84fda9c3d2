# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command and measures what it used: CPU seconds, wall seconds, peak memory."""
import os
import subprocess
import sys
import threading
import time

# ru_maxrss is in KiB on Linux, in bytes on macOS
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class CommandFailed(Exception):
    pass


def run(command, log, limit=900):
    """{"cpu", "wall", "mb"} of one run; what it prints goes to the file `log`. Past `limit` seconds it is killed."""
    with open(log, "wb") as out:
        start = time.monotonic()
        try:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        except OSError as error:
            raise CommandFailed(f"{command[0]}: {error.strerror}") from error
        killer = threading.Timer(limit, child.kill)
        killer.start()
        _, status, usage = os.wait4(child.pid, 0)
        killer.cancel()
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        with open(log, encoding="utf-8", errors="replace") as text:
            tail = text.read()[-2000:]
        raise CommandFailed(f"{' '.join(command)[:400]}\nended with {child.returncode} after {wall:.0f} s:\n{tail}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "mb": usage.ru_maxrss * RSS_UNIT / 1e6}


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def summary(values):
    return {"median": median(values), "min": min(values), "max": max(values)}
