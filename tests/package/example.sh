#!/usr/bin/env bash
# Runs the example agent against a daemon of its own.
# Usage: example.sh BUILD_DIR
set -euo pipefail
scratch=$(mktemp -d)
"$1/berth" --json serve --state-dir "$scratch" --door.port 0 \
  --log_level off >"$scratch/ready" &
daemon=$!
trap 'kill "$daemon" 2>/dev/null || true; wait "$daemon" || true
      rm -rf "$scratch"' EXIT
until [ -s "$scratch/ready" ]; do kill -0 "$daemon"; done
port=$(sed -E 's/.*"port":([0-9]+).*/\1/' "$scratch/ready")
"$1/agent" "$port" 'data:text/html,<title>example</title>works' | tee /dev/stderr \
  | grep -q works
