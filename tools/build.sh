#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Configures (once) and builds one kind of build in build/KIND.   tools/build.sh KIND [ninja arguments ...]
# More Meson options can be given in MESON_ARGS; with CI set, warnings are errors.
set -eu
cd "$(dirname "$0")/.."

kind=$1
shift
case $kind in
release)  options='--buildtype=release -Db_lto=true -Dtests=false' ;;
soak)     options='--buildtype=release' ;;
relwithdebinfo) options='--buildtype=release -Ddebug=true -Db_lto=true -Dtests=false' ;;
debug)    options='--buildtype=debug' ;;
test)     options='--buildtype=debugoptimized' ;;
asan)     options='--buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false' ;;
tsan)     options='--buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false' ;;
*)
    echo "build.sh: there is no build \"$kind\"; it takes release, relwithdebinfo, soak, debug, test, asan or tsan" >&2
    exit 1
    ;;
esac
werror=false
if [ -n "${CI:-}" ]; then werror=true; fi

tools/install-deps.sh
if [ ! -f "build/$kind/build.ninja" ]; then
    # shellcheck disable=SC2086 # lists of options
    meson setup "build/$kind" $options -Dwerror=$werror ${MESON_ARGS:-}
elif [ "$werror" = true ]; then
    meson configure "build/$kind" -Dwerror=true
fi
exec ninja -C "build/$kind" "$@"
