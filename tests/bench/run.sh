#!/bin/bash
# run.sh [--quick]: measures target/release/outlet-hub beside the Node server that it replaces; the report goes to target/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/tools/npm-ci.sh tests/bench/peer
cargo run --release --locked -p bench -- \
  --hub target/release/outlet-hub --node node --peer tests/bench/peer/server.js --out target/bench "$@"
