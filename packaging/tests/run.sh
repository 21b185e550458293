#!/bin/bash
# Runs the tests of the project's scripts: every *.test.sh beside this file.
set -uo pipefail
cd "$(dirname "$0")" || exit
exit_code=0
for file in *.test.sh; do
  echo "--- $file"
  bash "$file" || exit_code=1
done
exit "$exit_code"
