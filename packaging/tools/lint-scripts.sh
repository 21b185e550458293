#!/bin/bash
# Runs shellcheck over every shell script of the project, found by its first line.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v shellcheck >/dev/null; then
  echo "lint-scripts: shellcheck is not installed; skipped"
  exit 0
fi
mapfile -t scripts < <(
  find .ci packaging systemd tests -name node_modules -prune -o -type f -print | sort |
    while read -r file; do
      if head -n 1 "$file" | tr -d '\0' | grep -Eq '^#!.*[/ ](ba|da)?sh( |$)'; then echo "$file"; fi
    done
)
shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
echo "lint-scripts: ${#scripts[@]} scripts are clean"
