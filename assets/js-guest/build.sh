#!/bin/sh
# Builds js-guest.wasm: QuickJS-NG, from the sources in the crate rquickjs-sys, and guest.c, with
# the compiler in the PyPI package ziglang. The same bytes come out in any folder.
#
#   sh assets/js-guest/build.sh           builds it anew
#   sh assets/js-guest/build.sh --check   builds it aside, and compares
#
# Ends with 75 if the sources or the compiler cannot be fetched.
set -eu
QUICKJS=0.14.0
ZIG=0.17.1

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lacks() {
    echo "skipped: $1 cannot be had here"
    exit 75
}

mkdir -p "$work/fetch/src"
printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\nrquickjs-sys = "=%s"\n' \
    "$QUICKJS" >"$work/fetch/Cargo.toml"
: >"$work/fetch/src/lib.rs"
(cd "$work/fetch" && cargo vendor --quiet "$work/vendor" >/dev/null) ||
    lacks "the source of QuickJS, in the crate rquickjs-sys,"
sources=$work/vendor/rquickjs-sys/quickjs

python3 -m venv "$work/python" || lacks "a place of its own for Python's packages"
"$work/python/bin/pip" install --quiet "ziglang==$ZIG" || lacks "the compiler ziglang, from PyPI,"

cp "$here/guest.c" "$here/prelude.js" "$work/"
cp -r "$sources" "$work/quickjs"
export ZIG_GLOBAL_CACHE_DIR="$work/cache" ZIG_LOCAL_CACHE_DIR="$work/cache"
cd "$work"
"$work/python/bin/python" -m ziglang cc -target wasm32-wasi -mexec-model=reactor -std=gnu23 -Os -DNDEBUG \
    -D_GNU_SOURCE -D_WASI_EMULATED_SIGNAL -funsigned-char -fwrapv -w \
    -Iquickjs guest.c quickjs/quickjs.c quickjs/libregexp.c quickjs/libunicode.c quickjs/dtoa.c \
    -lm -s -Wl,-z,stack-size=262144 -o guest.wasm

if [ "${1:-}" = --check ]; then
    cmp guest.wasm "$here/../js-guest.wasm" && echo "js-guest.wasm is what its sources say"
else
    cp guest.wasm "$here/../js-guest.wasm"
    (cd "$here/.." && sha256sum js-guest.wasm >js-guest/js-guest.sha256)
    ls -l "$here/../js-guest.wasm"
fi
