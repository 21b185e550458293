#!/bin/bash
# npm-ci.sh: installs once for a lock file, again when that changes or when an install was cut off.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

mkdir -p "$work/bin" "$work/app"
cat >"$work/bin/npm" <<'STUB'
#!/bin/bash
echo "npm $*" >>"$LOG"
mkdir -p node_modules
exit "${NPM_EXIT:-0}"
STUB
# shellcheck disable=SC2016 # for the stub
printf '#!/bin/bash\necho "${NODE_VERSION:-v20.19.0}"\n' >"$work/bin/node"
chmod +x "$work/bin/npm" "$work/bin/node"
export PATH=$work/bin:$PATH LOG=$work/log
echo '{"lockfileVersion": 3}' >"$work/app/package-lock.json"

npm_ci() {
  "$project/packaging/tools/npm-ci.sh" "$work/app"
}

installs() {
  wc -l <"$LOG"
}

check "the first time" npm_ci
check "it installs" equal "$(installs)" 1
check "the second time" npm_ci
check "it does not" equal "$(installs)" 1
echo '{"lockfileVersion": 3, "packages": {}}' >"$work/app/package-lock.json"
check "another lock file" npm_ci
check "installs" equal "$(installs)" 2
check "another Node" env NODE_VERSION=v22.1.0 "$project/packaging/tools/npm-ci.sh" "$work/app"
check "installs too" equal "$(installs)" 3
check "a failed install fails" fails env NPM_EXIT=1 "$project/packaging/tools/npm-ci.sh" "$work/app"
check "and is done again" npm_ci
check "each of them" equal "$(installs)" 5
check "a folder that is not there is refused" fails "$project/packaging/tools/npm-ci.sh" "$work/none"

finish
