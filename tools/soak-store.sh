#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The long forms of the store's proofs: 1 000 kills, 10 000 power losses, a million mutated files under sanitizers.
set -eu
cd "$(dirname "$0")/.."

tools/build.sh soak tests/store/test_kill tests/store/test_power
tools/build.sh asan fuzz/fuzz_store
export KERF_SOAK=1
build/soak/tests/store/test_kill
build/soak/tests/store/test_power
ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1 build/asan/fuzz/fuzz_store
