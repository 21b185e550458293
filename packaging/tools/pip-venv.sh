#!/bin/bash
# pip-venv.sh FOLDER VENV: makes a virtual environment of FOLDER/requirements.txt, unless VENV already is one.
#
# Each package must be the one whose hash the file names. A stamp in it names the file's content and Python's version; it is written
# last, so an install that was cut off is done again.
set -euo pipefail
folder=${1:?pip-venv.sh FOLDER VENV}
venv=${2:?pip-venv.sh FOLDER VENV}
lock=$(sha256sum "$folder/requirements.txt" | cut -d ' ' -f 1)
wanted="$lock $(python3 --version)"
stamp=$venv/.outlet-hub-lock
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
  --requirement "$folder/requirements.txt"
echo "$wanted" >"$stamp"
