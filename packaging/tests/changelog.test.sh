#!/bin/bash
# packaging/deb/changelog.sh: which points it takes, and how it writes them.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

cat >"$work/CHANGELOG.md" <<'TEXT'
# Changelog

What changes.

## 0.2.0 (2027-01-02)

- A new thing that needs more than one line to be told, because it goes on
  and on and on.
  - a detail
- Another.

## 0.1.0

- The first.
TEXT
export CHANGELOG=$work/CHANGELOG.md

changelog() {
  "$project/packaging/deb/changelog.sh" "$@"
}

check "a version's points, wrapped, without what is further in" equal "$(changelog 0.2.0-3 1700000000)" \
  'outlet-hub (0.2.0-3) stable; urgency=medium

  * A new thing that needs more than one line to be told, because it goes on
    and on and on.
  * Another.

 -- Outlet Hub contributors <maintainers@outlet-hub.invalid>  Tue, 14 Nov 2023 22:13:20 +0000'
check "another version's" contains "$(changelog 0.1.0-1 1)" "  * The first."
check "only its own" fails contains "$(changelog 0.1.0-1 1)" "Another"
check "a version that nothing is said about is refused" fails changelog 0.3.0-1 1
check "a version that only begins alike too" fails changelog 0.1-1 1
check "Debian's own tool understands it" equal \
  "$(changelog 0.2.0-3 1700000000 | dpkg-parsechangelog --file - --show-field Version)" 0.2.0-3
# shellcheck disable=SC2016 # for the inner shell
check "the project's own version is told" bash -c 'unset CHANGELOG; "$0" "$1-1" 1' \
  "$project/packaging/deb/changelog.sh" "$(sed -n 's/^version = "\(.*\)"$/\1/p' "$project/Cargo.toml" | head -n 1)"

finish
