#!/bin/sh
# Builds plugin.wasm from plugin.c with the compiler in the PyPI package ziglang. The same bytes come out
# in any folder.
#
#   sh build.sh           builds it anew
#   sh build.sh --check   builds it aside, and compares
#
# Ends with 75 if the compiler cannot be fetched.
set -eu
ZIG=0.17.1

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python=${ZIG_PYTHON:-$work/python/bin/python}
if [ ! -x "$python" ]; then
    python3 -m venv "$work/python" && "$work/python/bin/pip" install --quiet "ziglang==$ZIG" || {
        echo "skipped: the compiler ziglang, from PyPI, cannot be had here"
        exit 75
    }
fi

cp "$here/plugin.c" "$work/"
export ZIG_GLOBAL_CACHE_DIR="$work/cache" ZIG_LOCAL_CACHE_DIR="$work/cache"
cd "$work"
# A large stack would cost each question some milliseconds.
"$python" -m ziglang cc -target wasm32-freestanding -nostdlib -std=c17 -Os -Wall -s \
    -Wl,--no-entry -Wl,-z,stack-size=65536 -o plugin.wasm plugin.c

if [ "${1:-}" = --check ]; then
    cmp plugin.wasm "$here/plugin.wasm" && echo "plugin.wasm is what its source says"
else
    cp plugin.wasm "$here/plugin.wasm"
    ls -l "$here/plugin.wasm"
fi
