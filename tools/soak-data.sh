#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The long forms of the proofs of what holds people's work: 1 000 kills, 10 000 power losses, ten million random edits, a
# million mutated projects and a million mutated interchange files under sanitizers.
set -eu
cd "$(dirname "$0")/.."
forms='edl otio captions fcpxml xmeml'

tools/build.sh soak tests/store/test_kill tests/store/test_power tests/model/test_model_random
# shellcheck disable=SC2046 # a list of targets
tools/build.sh asan fuzz/fuzz_store $(for form in $forms; do echo "fuzz/fuzz_$form"; done)
export KERF_SOAK=1
build/soak/tests/store/test_kill
build/soak/tests/store/test_power
build/soak/tests/model/test_model_random
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1
for form in $forms; do
    build/asan/fuzz/"fuzz_$form"
done
build/asan/fuzz/fuzz_store
