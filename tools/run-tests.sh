#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds and runs the tests of one kind of build; the last line is "N passed, N failed, N skipped".
#   tools/run-tests.sh [test|asan|tsan] [names of tests, as `meson test` takes them ...]
set -eu
cd "$(dirname "$0")/.."

kind=${1:-test}
[ $# -eq 0 ] || shift
tools/install-deps.sh sdk || echo "the tests of the SDKs are left out" >&2
tools/build.sh "$kind"

# of the tests' own limits, which are for an idle machine
slower=2
if [ "$kind" != test ]; then slower=8; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
export TMPDIR="$scratch"
root=$PWD
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}"
export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$root/tools/lsan.supp:print_suppressions=0}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
tsan_suppressions="suppressions=$root/tools/tsan.supp:ignore_noninstrumented_modules=1"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:$tsan_suppressions}"
rm -f "build/$kind/meson-logs/testlog.json"
status=0
meson test -C "build/$kind" --no-rebuild --timeout-multiplier "$slower" "$@" || status=$?
python3 tools/count_tests.py "build/$kind/meson-logs/testlog.json" "$status"
