#!/bin/bash
# Prints the time that a build carries: SOURCE_DATE_EPOCH where it is set, the last commit's otherwise, and where there is no
# git (an unpacked archive) the age of the lock file. The same tree gives the same package.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
  echo "$SOURCE_DATE_EPOCH"
else
  git log -1 --format=%ct 2>/dev/null || stat --format=%Y Cargo.lock
fi
