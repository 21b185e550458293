#!/bin/bash
# changelog.sh VERSION EPOCH_SECONDS: prints Debian's changelog, made from CHANGELOG.md.
#
# The entry of VERSION is built from the points of its section. A version without a section is refused: nobody should get a
# package that does not say what is in it.
set -euo pipefail
version=${1:?changelog.sh VERSION EPOCH_SECONDS}
epoch=${2:?changelog.sh VERSION EPOCH_SECONDS}
source=${CHANGELOG:-$(dirname "$0")/../../CHANGELOG.md}

readonly maintainer='Outlet Hub contributors <maintainers@outlet-hub.invalid>'

# The section's points, a line each.
points=$(awk -v heading="## ${version%%-*}" '
  function flush() { if (point != "") print point; point = "" }
  /^## / { flush(); inside = ($0 == heading || index($0, heading " ") == 1); next }
  inside && /^- / { flush(); point = substr($0, 3); next }
  /^ *- / { flush(); next }
  inside && /^  [^ ]/ && point != "" { point = point " " substr($0, 3) }
  /^$/ { flush() }
  END { flush() }
' "$source")
if [[ -z $points ]]; then
  echo "changelog: $source says nothing about ${version%%-*}" >&2
  exit 1
fi

# Within the 80 columns that Debian asks for.
entries=$(while read -r point; do
  fold --spaces --width=74 <<<"$point" | sed -e 's/ *$//' -e '1s/^/  * /' -e '2,$s/^/    /'
done <<<"$points")

printf 'outlet-hub (%s) stable; urgency=medium\n\n%s\n\n -- %s  %s\n' \
  "$version" "$entries" "$maintainer" "$(LC_ALL=C date --utc --rfc-email --date="@$epoch")"
