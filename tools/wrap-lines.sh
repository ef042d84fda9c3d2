#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Wraps the lines past 120 columns, and only those, as .clang-format says.   tools/wrap-lines.sh [FILE ...]
# Without files: every .c and .h that git knows.
set -eu
cd "$(dirname "$0")/.."

command -v clang-format >/dev/null 2>&1 || {
    echo "wrap-lines: needs clang-format (apt-get install clang-format)" >&2
    exit 1
}
[ $# -gt 0 ] || set -- $(git ls-files '*.c' '*.h')
for file in "$@"; do
    long=$(awk 'length($0) > 120 { printf "--lines=%d:%d ", NR, NR }' "$file")
    # shellcheck disable=SC2086 # a list of options
    [ -z "$long" ] || clang-format -i $long "$file"
done
