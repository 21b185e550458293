#!/bin/bash
# npm-ci.sh FOLDER: `npm ci`, unless node_modules already is what the lock file says.
#
# A stamp in node_modules names the lock file's content and Node's version; it is written last, so an install that was cut
# off is done again.
set -euo pipefail
cd "${1:?npm-ci.sh FOLDER}"
wanted="$(sha256sum package-lock.json | cut -d ' ' -f 1) $(node --version)"
stamp=node_modules/.outlet-hub-lock
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi
npm ci --no-audit --no-fund
mkdir -p node_modules
echo "$wanted" >"$stamp"
