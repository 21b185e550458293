#!/bin/bash
# venv.sh: installs once for a list of packages, again when that changes or when an install was cut off.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

mkdir -p "$work/app"
# Plays Python, the one of the system and, copied by itself, the one of the environment.
cat >"$work/python" <<'STUB'
#!/bin/bash
case "$*" in
  --version) echo "Python ${PYTHON_VERSION:-3.11.2}" ;;
  '-m venv --clear '*) rm -rf "$4" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  '-m pip '*)
    echo "$*" >>"$LOG"
    exit "${PIP_EXIT:-0}"
    ;;
  *) exit 2 ;;
esac
STUB
chmod +x "$work/python"
export PYTHON=$work/python LOG=$work/log
echo 'Django==4.2.30 --hash=sha256:00' >"$work/app/requirements.txt"

venv() {
  "$project/packaging/tools/venv.sh" "$work/app" "$work/venv"
}

installs() {
  wc -l <"$LOG"
}

check "the first time" venv
check "it installs" equal "$(installs)" 1
check "only what has the hash that is written down" contains "$(cat "$LOG")" "--require-hashes"
check "the second time" venv
check "it does not" equal "$(installs)" 1
echo 'Django==4.2.31 --hash=sha256:01' >"$work/app/requirements.txt"
check "another list" venv
check "installs" equal "$(installs)" 2
check "another Python" env PYTHON_VERSION=3.12.1 "$project/packaging/tools/venv.sh" "$work/app" "$work/venv"
check "installs too" equal "$(installs)" 3
check "a failed install fails" fails env PIP_EXIT=1 "$project/packaging/tools/venv.sh" "$work/app" "$work/venv"
check "and is done again" venv
check "each of them" equal "$(installs)" 5
check "a folder that is not there is refused" fails "$project/packaging/tools/venv.sh" "$work/none" "$work/venv"

finish
