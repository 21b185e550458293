#!/bin/bash
# venv.sh FOLDER VENV: a Python environment with what FOLDER/requirements.txt names, unless VENV already is that.
#
# Debian's own Python where it is there, or the one that $PYTHON names: others are often built without its optimisations, and what
# is measured beside the hub is to be as fast as it can be. Packages are taken as wheels, and only with the hash that is written down.
# A stamp names the file's content and Python's version; it is written last, so an install that was cut off is done again.
set -euo pipefail
folder=${1:?venv.sh FOLDER VENV} venv=${2:?venv.sh FOLDER VENV}
python=${PYTHON:-$(PATH=/usr/bin:$PATH command -v python3)} || {
  echo "venv.sh: Python is missing: install python3-venv" >&2
  exit 1
}
content=$(sha256sum "$folder/requirements.txt")
wanted="${content%% *} $python $("$python" --version)"
stamp=$venv/.outlet-hub-requirements
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi
"$python" -m venv --clear "$venv"
"$venv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet --only-binary :all: --require-hashes \
  --requirement "$folder/requirements.txt"
echo "$wanted" >"$stamp"
