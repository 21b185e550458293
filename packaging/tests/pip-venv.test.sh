#!/bin/bash
# pip-venv.sh: installs once for a requirements file, again when that changes or when an install was cut off.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

mkdir -p "$work/bin" "$work/app"
# It plays the environment's own Python, too.
cat >"$work/bin/python3" <<'STUB'
#!/bin/bash
case "$1 $2" in
  "--version ") echo "Python ${PYTHON_VERSION:-3.11.2}" ;;
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-m pip") echo "pip $*" >>"$LOG"; exit "${PIP_EXIT:-0}" ;;
esac
STUB
chmod +x "$work/bin/python3"
export PATH=$work/bin:$PATH LOG=$work/log
echo 'one==1 --hash=sha256:00' >"$work/app/requirements.txt"

pip_venv() {
  "$project/packaging/tools/pip-venv.sh" "$work/app" "$work/venv"
}

installs() {
  wc -l <"$LOG"
}

check "the first time" pip_venv
check "it installs" equal "$(installs)" 1
check "nothing whose hash is not named" contains "$(cat "$LOG")" "--require-hashes"
check "the second time" pip_venv
check "it does not" equal "$(installs)" 1
echo 'one==2 --hash=sha256:00' >"$work/app/requirements.txt"
check "other requirements" pip_venv
check "install" equal "$(installs)" 2
check "another Python" env PYTHON_VERSION=3.13.5 "$project/packaging/tools/pip-venv.sh" "$work/app" "$work/venv"
check "installs too" equal "$(installs)" 3
check "a failed install fails" fails env PIP_EXIT=1 "$project/packaging/tools/pip-venv.sh" "$work/app" "$work/venv"
check "and is done again" pip_venv
check "each of them" equal "$(installs)" 5
check "a folder that is not there is refused" fails "$project/packaging/tools/pip-venv.sh" "$work/none" "$work/venv"

finish
