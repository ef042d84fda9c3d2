#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lint suite: what the compiler does not check.   tools/lint.py [--library libkerf.so] [PATH ...]

Looks at the files that git knows (or only at those under PATH). Problems end it with 1; notes (long lines, files
and functions, marks left in the code) do not. The rooms and what each may include are in tools/rooms.py."""
import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import rooms

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLUMNS, FILE_LINES, FUNCTION_LINES = 120, 1000, 100
CODE = (".c", ".h")
SCRIPTS = (".py", ".sh")
SPDX = "SPDX-License-Identifier: LGPL-2.1-or-later"


class Report:
    def __init__(self, show_notes):
        self.problems = self.notes = 0
        self.show_notes = show_notes

    def problem(self, path, line, message):
        self.problems += 1
        print(f"{path}:{line}: {message}" if line else f"{path}: {message}")

    def note(self, path, line, message):
        self.notes += 1
        if self.show_notes:
            print(f"{path}:{line}: note: {message}")


def project_files(under):
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", ROOT]
    listing = subprocess.run(git + ["ls-files", "-z", "--"] + under, capture_output=True, check=True)
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return [name for name in names if os.path.isfile(os.path.join(ROOT, name))]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", newline="") as file:
        return file.read()


def is_binary(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return b"\0" in file.read(4096)


# ---- every text file ----

def check_text(report, path, text):
    if text and not text.endswith("\n"):
        report.problem(path, text.count("\n") + 1, "the last line has no end")
    if "\r" in text:
        report.problem(path, 0, "has carriage returns")
    narrow = path.endswith(CODE + SCRIPTS)
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line and os.path.basename(path) != "Makefile":
            report.problem(path, number, "tab")
        if line != line.rstrip():
            report.problem(path, number, "trailing space")
        if narrow and len(line) > COLUMNS:
            report.note(path, number, f"{len(line)} columns, more than {COLUMNS} (tools/wrap-lines.sh)")


def check_license(report, path, text):
    if SPDX not in "".join(text.splitlines(True)[:3]):
        report.problem(path, 1, f"no \"{SPDX}\" in the first lines")


def check_script(report, path, text):
    if path.endswith(".py"):
        try:
            ast.parse(text)
        except SyntaxError as error:
            report.problem(path, error.lineno, f"not Python: {error.msg}")
    else:
        shell = subprocess.run(["sh", "-n", os.path.join(ROOT, path)], capture_output=True, text=True)
        if shell.returncode:
            report.problem(path, 0, "not a shell script: " + shell.stderr.strip())


def check_json(report, path, text):
    try:
        json.loads(text)
    except ValueError as error:
        report.problem(path, 0, f"not JSON: {error}")


# ---- C ----

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def check_includes(report, path, text):
    for match in INCLUDE.finditer(text):
        reason = rooms.refuse(path, match[2], match[1] == "<")
        if reason:
            report.problem(path, text.count("\n", 0, match.start()) + 1, f"#include {match[2]}: {reason}")


def check_guard(report, path, text, guards):
    match = re.search(r"^#ifndef (\w+)\n#define (\w+)$", text, re.MULTILINE)
    if not match or match[1] != match[2] or "#endif" not in text:
        report.problem(path, 0, "has no header guard")
    elif match[1] in guards:
        report.problem(path, 0, f"has the header guard of {guards[match[1]]}")
    else:
        guards[match[1]] = path


def check_functions(report, path, text):
    """Functions by layout: their braces stand in column 0."""
    start = None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start:
            if number - start - 1 > FUNCTION_LINES:
                name = re.search(r"(\w+)\(", " ".join(lines[max(0, start - 4):start - 1]))
                report.note(path, start, f"{name[1] if name else 'function'} has {number - start - 1} lines")
            start = None


def check_marks(report, path, text):
    for match in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b", text):
        report.note(path, text.count("\n", 0, match.start()) + 1, f"{match[0]} left in the code")


def check_code(report, path, text, guards):
    check_includes(report, path, text)
    check_functions(report, path, text)
    check_marks(report, path, text)
    if path.endswith(".h"):
        check_guard(report, path, text, guards)
    if text.count("\n") > FILE_LINES:
        report.note(path, FILE_LINES, f"{text.count(chr(10))} lines")


# ---- headers compile alone ----

def compile_header(path, command):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "alone" + (".cc" if "++" in command[0] else ".c"))
        with open(source, "w", encoding="utf-8") as file:
            # twice: the guard must hold
            file.write(f'#include "{path}"\n#include "{path}"\n')
        run = subprocess.run(command + ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", source], capture_output=True,
                             text=True, env={**os.environ, "LC_ALL": "C"})
    return run.stderr.strip() if run.returncode else None


def check_headers(report, files):
    c, cxx = os.environ.get("CC", "cc"), os.environ.get("CXX", "c++")
    include, source = "-I" + os.path.join(ROOT, "include"), "-I" + os.path.join(ROOT, "src")
    for path in files:
        if path.startswith("include/"):
            name = path[len("include/"):]
            commands = [[c, "-std=c17", "-pedantic", include], [cxx, "-std=c++11", "-pedantic", include]]
        elif re.match(r"src/.*/api/\w+\.h$", path):
            name, commands = path[len("src/"):], [[c, "-std=c17", "-D_GNU_SOURCE", include, source]]
        else:
            continue
        for command in commands:
            errors = compile_header(name, command)
            if errors:
                report.problem(path, 0, f"does not compile alone with {command[0]} {command[1]}:\n{errors}")


# ---- names ----

PROTOTYPE = re.compile(r"^(?!static|typedef|#)(?:KF_API )?[a-z][\w ]*[ *](kf_\w+)\(", re.MULTILINE)


def check_names(report, files):
    """A static library keeps whichever of two functions of one name it meets first, without a word."""
    homes = {}
    for path in files:
        if not re.match(r"(include|src)/.*\.h$", path):
            continue
        text = re.sub(r"/\*.*?\*/", "", read(path), flags=re.DOTALL)
        for name in {match[1] for match in PROTOTYPE.finditer(text)}:
            if homes.setdefault(name, path) != path:
                report.problem(path, 0, f"declares {name}, which {homes[name]} declares too")


# ---- exported symbols ----

def declared_functions():
    names = set()
    folder = os.path.join(ROOT, "include", "kerf")
    for header in sorted(os.listdir(folder)):
        text = read(os.path.join("include/kerf", header))
        names.update(match[1] for match in re.finditer(r"^KF_API\b[^;(]*?(\w+)\s*\(", text, re.MULTILINE))
    return names


def check_library(report, library):
    listing = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines() if line.strip()}
    declared = declared_functions()
    for name in sorted(exported):
        if not name.startswith("kf_"):
            report.problem(library, 0, f"exports {name}, which does not begin with kf_")
        elif name not in declared:
            report.problem(library, 0, f"exports {name}, which no header in include/kerf declares with KF_API")
    for name in sorted(declared - exported):
        report.problem(library, 0, f"does not export {name}, which include/kerf declares")


def newest_library():
    found = []
    for build in ("test", "release", "debug"):
        path = os.path.join(ROOT, "build", build, "src", "api", "libkerf.so")
        if os.path.exists(path):
            found.append(path)
    return max(found, key=os.path.getmtime, default=None)


# ---- the manual of the command line ----

def check_manual(report):
    """docs/cli.md names every command, every option and every exit code."""
    source, manual = "apps/kerf/main.c", "docs/cli.md"
    if not all(os.path.exists(os.path.join(ROOT, path)) for path in (source, manual)):
        return
    table, text = read(source), read(manual)
    for name in sorted(set(re.findall(r'OPTION\("([\w-]+)"', table))):
        if "--" + name not in text:
            report.problem(manual, 0, f"does not name the option --{name}")
    for name in re.findall(r'^    \{"(\w+)", "', table, re.MULTILINE):
        if "kerf " + name not in text:
            report.problem(manual, 0, f"does not name the command {name}")
    for value in re.findall(r"^    KF_\w+ = (\d+)", read("include/kerf/base.h"), re.MULTILINE):
        if f"\n| {value} |" not in text:
            report.problem(manual, 0, f"does not name the exit code {value}")


# ---- all of it ----

def check_files(report, files):
    guards = {}
    for path in files:
        if is_binary(path):
            continue
        text = read(path)
        if path not in ("LICENSE",):
            check_text(report, path, text)
        if path.endswith(CODE + SCRIPTS):
            check_license(report, path, text)
        if path.endswith(CODE):
            check_code(report, path, text, guards)
        elif path.endswith(SCRIPTS):
            check_script(report, path, text)
        elif path.endswith(".json"):
            check_json(report, path, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", help="shared library whose symbols are checked (default: the newest built)")
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--notes", action="store_true", help="print the notes, not only how many there are")
    options = parser.parse_args()
    report = Report(options.notes)
    files = project_files(options.paths)
    check_files(report, files)
    check_names(report, files)
    if shutil.which(os.environ.get("CC", "cc")):
        check_headers(report, files)
    check_manual(report)
    library = options.library or newest_library()
    if library:
        check_library(report, library)
    print(f"lint: {len(files)} files, {report.problems} problems, {report.notes} notes")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
