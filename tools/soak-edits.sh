#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The long form of the editing core's proof: ten million edits at random, held against plain lists and what must hold for
# every film. KERF_SOAK=N: so many. A failure says with which arguments it comes again.
set -eu
cd "$(dirname "$0")/.."

tools/build.sh soak tests/model/test_model_random
KERF_SOAK="${KERF_SOAK:-10000000}" exec build/soak/tests/model/test_model_random
