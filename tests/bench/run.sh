#!/bin/bash
# run.sh [--quick] [--beside node|django]: measures target/release/outlet-hub beside the servers that it replaces; the report goes to
# target/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/tools/npm-ci.sh tests/bench/peer
packaging/tools/venv.sh tests/bench/django target/bench-venv
cargo run --release --locked -p bench -- \
  --hub target/release/outlet-hub --node node --peer tests/bench/peer/server.js \
  --python target/bench-venv/bin/python --django tests/bench/django --out target/bench "$@"
