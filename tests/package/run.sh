#!/usr/bin/env bash
# Installs the package, builds a host program against it, and runs it.
# Usage: run.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$1" --prefix "$scratch/prefix" >/dev/null
cmake -S "$2/tests/package" -B "$scratch/build" -G Ninja \
  -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
cmake --build "$scratch/build" -j 2 >/dev/null
[ "$("$scratch/build/talks")" = "daemon.unreachable" ]
"$scratch/build/embeds" "$scratch/state" | grep -x 42
"$scratch/prefix/bin/berth" version
