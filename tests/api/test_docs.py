# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples of docs/api.md compile, and every header is listed there and stands alone, in C and C++."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
HEADERS = sorted(os.listdir(os.path.join(ROOT, "include/kerf")))
EXAMPLE = """%s
int send_bytes(void *context, const uint8_t *bytes, size_t length);
void example(uint8_t *bytes);
void example(uint8_t *bytes)
{
    kf_error error;
    (void)bytes, (void)error;
%s
}
"""


def compiles(text, suffix, *flags):
    compiler = shutil.which("c++" if suffix == ".cc" else "cc")
    if not compiler:
        return ""
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as file:
        file.write(text)
        file.flush()
        done = subprocess.run([compiler, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I", os.path.join(ROOT, "include"),
                               *flags, file.name], capture_output=True, text=True, check=False)
    return done.stderr


def main():
    with open(os.path.join(ROOT, "docs/api.md"), encoding="utf-8") as file:
        page = file.read()
    includes = "".join(f'#include "kerf/{name}"\n' for name in HEADERS)
    cases = [(f"{name} is listed", "" if name in page or name == "base.h" else "not in docs/api.md") for name in HEADERS]
    for name in HEADERS:
        one = f'#include "kerf/{name}"\n'
        cases.append((f"{name} in C", compiles(one, ".c", "-std=c11")))
        cases.append((f"{name} in C++", compiles(one, ".cc")))
    for number, code in enumerate(re.findall(r"```c\n(.*?)```", page, re.S), 1):
        cases.append((f"example {number}", compiles(EXAMPLE % (includes, code), ".c", "-std=c11")))
    for number, (name, problem) in enumerate(cases, 1):
        print(f"{'not ' if problem else ''}ok {number} - {name}")
        for line in problem.splitlines()[:12]:
            print("# " + line)
    print(f"1..{len(cases)}")
    return any(problem for _, problem in cases)


if __name__ == "__main__":
    sys.exit(main())
