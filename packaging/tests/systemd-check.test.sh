#!/bin/bash
# systemd/check.sh: that it refuses a unit which it should.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# changed SED: the verdict on our unit with a change.
changed() {
  sed "$1" "$project/systemd/outlet-hub.service" >"$work/changed.service"
  "$project/systemd/check.sh" "$work/changed.service" 2>&1
}

# refuses SED WHY
refuses() {
  local output
  if output=$(changed "$1"); then
    echo "it is let through"
    return 1
  fi
  contains "$output" "$2"
}

check "our unit passes" "$project/systemd/check.sh"
check "a misspelt key is refused" refuses 's/^LockPersonality=/LockPersonalty=/' "LockPersonalty"
check "a wrong value is refused" refuses 's/^WatchdogSec=.*/WatchdogSec=soon/' "soon"
check "a unit with too many ways out is refused" refuses '/^\(System\|Restrict\|Capability\|Protect\)/d' \
  "FAIL the unit is confined"
check "waiting for the network is refused" refuses 's/^After=.*/After=network-online.target/' "FAIL the unit waits"
check "waiting for the time is refused" refuses 's/^After=.*/After=time-sync.target/' "FAIL the unit waits"
check "a unit that gives up is refused" refuses '/^StartLimitIntervalSec=/d' "missing: StartLimitIntervalSec=0"
check "a unit that nobody watches is refused" refuses '/^WatchdogSec=/d' "missing: WatchdogSec="
echo 'u outlet-hub - "Outlet hub" /var/lib/outlet-hub /bin/bash' >"$work/shell.sysusers"
check "a user that can log in is refused" fails \
  "$project/systemd/check.sh" "$project/systemd/outlet-hub.service" "$work/shell.sysusers"

finish
