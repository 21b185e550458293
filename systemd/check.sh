#!/bin/bash
# check.sh [UNIT [SYSUSERS]]: checks the service unit and the system user, by systemd's own tools.
#
# The unit must be without a word of complaint (`systemd-analyze verify` exits 0 on a key that it does not know), as confined
# as its exposure level says, and free of what would keep an outlet from opening: waiting for a network or for the time.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
unit=${1:-$here/outlet-hub.service}
sysusers=${2:-$here/sysusers.conf}
# The highest exposure that is let through, in tenths: 0 is best, 100 is worst.
readonly exposure_max=20

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -i passed=0 failed=0

# verdict NAME COMPLAINT: an empty complaint is a pass.
verdict() {
  if [[ -z $2 ]]; then
    echo "ok   $1"
    passed+=1
  else
    echo "FAIL $1"
    echo "       ${2//$'\n'/$'\n'       }"
    failed+=1
  fi
}

# The program is not installed where this runs, so a copy names one that is everywhere.
check_syntax() {
  local copy=$work/outlet-hub.service complaint
  sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" >"$copy"
  complaint=$(systemd-analyze verify --man=no --recursive-errors=no "$copy" 2>&1) || complaint+=" (it fails)"
  verdict "the unit is understood" "$complaint"
}

check_exposure() {
  local report
  if report=$(systemd-analyze security --offline=true --threshold="$exposure_max" --no-pager "$unit" 2>&1); then
    verdict "the unit is confined:${report##*:}" ""
  else
    verdict "the unit is confined" "${report##*$'\n'}, and at most $exposure_max tenths are let through"
  fi
}

check_waits() {
  verdict "the unit waits for no network and no time" \
    "$(grep -nE '^(After|Wants|Requires|Requisite|BindsTo)=.*(network|time-s|nss-lookup)' "$unit" || true)"
}

check_start() {
  local line complaint=
  for line in 'Type=notify' 'NotifyAccess=main' 'Restart=always' 'StartLimitIntervalSec=0' 'StateDirectory=outlet-hub' \
    'ExecStart=/usr/bin/outlet-hub serve --config /etc/outlet-hub/hub.toml' 'WantedBy=multi-user.target'; do
    grep -qxF "$line" "$unit" || complaint+="${complaint:+$'\n'}missing: $line"
  done
  grep -qE '^WatchdogSec=[1-9]' "$unit" || complaint+="${complaint:+$'\n'}missing: WatchdogSec="
  verdict "the unit is watched and started again" "$complaint"
}

# Made for real, in a root folder of its own.
check_user() {
  local complaint entry
  mkdir -p "$work/root/etc"
  complaint=$(systemd-sysusers --root="$work/root" "$sysusers" 2>&1 >/dev/null | grep -v '^Creating ' || true)
  entry=$(grep '^outlet-hub:' "$work/root/etc/passwd" 2>/dev/null || true)
  [[ $entry == *:/var/lib/outlet-hub:*nologin ]] || complaint+="the user is \"$entry\""
  verdict "the system user is made, and cannot log in" "$complaint"
}

check_syntax
check_exposure
check_waits
check_start
check_user
echo "$passed passed, $failed failed"
((failed == 0))
