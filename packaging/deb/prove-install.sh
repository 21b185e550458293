#!/bin/bash
# Proves the Debian package under a real systemd: it is installed with no network, killed, hung, upgraded, removed, purged and
# installed again, and a sale's record outlives all of it.
#
# Needs root and name spaces; where they are not permitted it says so and succeeds. The Debian root is made once (a mirror of
# Debian must be reachable) and kept below target/proof.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=machine.sh
source packaging/deb/machine.sh

deb=$(echo target/debian/outlet-hub_*.deb)
[[ -f $deb ]] || {
  echo "prove-install: there is no package: run \`make deb\`" >&2
  exit 1
}
reason=$(machine_unavailable)
if [[ -n $reason ]]; then
  echo "prove-install: SKIPPED: $reason"
  exit 0
fi

readonly state=/var/lib/outlet-hub
readonly config=/etc/outlet-hub/hub.toml
declare -i passed=0 failed=0

# prove NAME COMMAND...: what does not hold is shown with the hub's journal, and the rest goes on.
prove() {
  local name=$1 log=$machine_dir/output
  shift
  waited_ms=0
  if "$@" >"$log" 2>&1; then
    echo "ok   $name$( ((waited_ms == 0)) || printf ' (%d.%03d s)' $((waited_ms / 1000)) $((waited_ms % 1000)))"
    passed+=1
  else
    echo "FAIL $name"
    sed 's/^/       /' "$log"
    enter journalctl --no-pager --lines 15 --unit outlet-hub 2>&1 | sed 's/^/       | /'
    failed+=1
  fi
}

##### What is looked at

main_pid() {
  enter systemctl show --property=MainPID --value outlet-hub
}

is_active() {
  [[ $(enter systemctl is-active outlet-hub) == active ]]
}

is_ready() {
  get "${1:-8080}" /readyz | grep -q '"ready":true'
}

# is_another PID: ready, and not that process any more.
is_another() {
  is_ready "${2:-8080}" && [[ $(main_pid) != "$1" && $(main_pid) != 0 ]]
}

# The first account is made with the hub standing still, by the hub's own user.
make_record() {
  enter systemctl stop outlet-hub &&
    enter sh -c 'echo rahasia-bukti | runuser -u outlet-hub -- outlet-hub owner bukti' &&
    enter systemctl start outlet-hub &&
    within 20 is_ready
}

# Only the ledger knows who may sign in.
has_record() {
  post "${1:-8080}" /api/token/ '{"username": "bukti", "password": "rahasia-bukti"}' 200 | grep -q '"role":"owner"'
}

# Everything below the ledger's folder, but for what a running hub appends.
ledger_sum() {
  enter sh -c "find $state/ledger -type f | sort | xargs sha256sum"
}

property() {
  local have
  have=$(enter systemctl show --property="$1" --value outlet-hub)
  [[ $have == "$2" ]] || {
    echo "$1=$have"
    return 1
  }
}

fails_in_machine() {
  ! enter "$@"
}

##### What is done

install_package() {
  enter dpkg --install "/root/$1"
}

# The same package one revision further, whose own configuration has changed.
make_upgrade() {
  local tree=$machine_dir/upgrade
  dpkg-deb --raw-extract "$deb" "$tree"
  sed -i 's/^Version: .*/&+proof/' "$tree/DEBIAN/control"
  echo '# What a later version explains.' >>"$tree$config"
  dpkg-deb --root-owner-group --build "$tree" "$machine_dir/root/root/upgrade.deb" >/dev/null
}

edit_config() {
  cat >>"$machine_dir/root$config" <<'TOML'

[outlet]
number = 1
name = "Warung Pembuktian"
TOML
}

use_port_80() {
  sed -i 's/^listen = "0.0.0.0:8080"/listen = "0.0.0.0:80"/' "$machine_dir/root$config"
  enter systemctl restart outlet-hub
}

# send SIGNAL: to the hub's process itself.
send() {
  enter systemctl kill --kill-whom=main --signal="$1" outlet-hub
}

stops_in_time() {
  local began
  began=$(date +%s%3N)
  enter systemctl stop outlet-hub
  waited_ms=$(($(date +%s%3N) - began))
  ((waited_ms <= 5000))
}

# A cable is plugged in.
join_lan() {
  ip -n "$namespace" link add lan0 type veth peer name lan1
  ip -n "$namespace" address add 192.0.2.7/24 dev lan0
  ip -n "$namespace" link set lan1 up
  ip -n "$namespace" link set lan0 up
}

has_seen_lan() {
  enter journalctl --no-pager --identifier=outlet-hub | grep 'discovery.addresses changed' | grep -q 192.0.2.7
}

runs_confined() {
  local status
  status=$(enter cat "/proc/$(main_pid)/status")
  echo "$status"
  # Nobody but outlet-hub, no capability but the one for low ports, no way to more, and a filter on system calls.
  [[ $(enter stat --format=%U "/proc/$(main_pid)") == outlet-hub ]] &&
    grep -q '^CapEff:.*0000000000000400$' <<<"$status" && grep -q '^CapBnd:.*0000000000000400$' <<<"$status" &&
    grep -q '^NoNewPrivs:.*1$' <<<"$status" && grep -q '^Seccomp:.*2$' <<<"$status"
}

state_is_private() {
  local have
  have=$(enter stat --format='%U:%G %a' "$state")
  echo "$have"
  [[ $have == 'outlet-hub:outlet-hub 750' ]]
}

writes_journal() {
  enter journalctl --no-pager --output=json --identifier=outlet-hub | grep -q '"PRIORITY"'
}

# Without systemd-sysusers, and with the old user gone and its number taken: another number, the same folder.
install_without_sysusers() {
  local number
  number=$(enter id --user outlet-hub)
  enter userdel outlet-hub
  enter useradd --system --no-create-home --uid "$number" somebody-else
  enter mv /usr/bin/systemd-sysusers /usr/bin/systemd-sysusers.away
  install_package outlet-hub.deb
  [[ $(enter id --user outlet-hub) != "$number" ]]
}

##### The proof

trap machine_down EXIT
trap 'exit 130' INT TERM
machine_root target/proof
cp "$deb" "$machine_dir/root/root/outlet-hub.deb"
make_upgrade
prove "a Debian boots with no network" machine_boot
((failed == 0)) || exit 1

prove "the package is installed" install_package outlet-hub.deb
prove "the hub is active" within 20 is_active
prove "it takes sales" within 10 is_ready
prove "it starts with the machine" enter systemctl is-enabled outlet-hub
prove "it runs confined" runs_confined
prove "its folder is its own" state_is_private
prove "it writes to the journal" within 10 writes_journal

edit_config
pid=$(main_pid)
enter systemctl restart outlet-hub
prove "an edited configuration is taken at a restart" within 10 is_another "$pid"
prove "a record is written: the first account" make_record

join_lan
prove "a network that comes later is seen, confined as it is" within 10 has_seen_lan
prove "its doctor finds nothing wrong" enter outlet-hub doctor

pid=$(main_pid)
send KILL
prove "killed, it answers again" within 20 is_another "$pid"
prove "with its records" has_record

pid=$(main_pid)
send STOP
prove "hung, it is started again by the watchdog" within 60 is_another "$pid"
prove "with its records" has_record

prove "it may take port 80" use_port_80
prove "and answers there" within 10 is_ready 80

pid=$(main_pid)
prove "it is upgraded" enter dpkg --force-confdef --force-confold --install /root/upgrade.deb
prove "the new one runs" within 10 is_another "$pid" 80
prove "the edited configuration is kept" grep -q 'Warung Pembuktian' "$machine_dir/root$config"
prove "the new one's lies beside it" grep -q 'a later version' "$machine_dir/root$config.dpkg-dist"
prove "the records are kept" has_record 80

prove "it stops within 5 s" stops_in_time
prove "of its own accord" property Result success
before=$(ledger_sum)
prove "it is removed" enter dpkg --remove outlet-hub
prove "the configuration stays until it is purged" enter test -f "$config"
purged=$(enter dpkg --purge outlet-hub)
prove "it is purged, and says that the sales are kept" grep -q "are kept in $state" <<<"$purged"
prove "the configuration is gone" fails_in_machine test -e /etc/outlet-hub
prove "the ledger is untouched" test "$before" == "$(ledger_sum)"

prove "it is installed again, without systemd-sysusers" install_without_sysusers
prove "the hub is active" within 20 is_active
prove "with the records of before, under another user number" within 10 has_record
prove "its folder is its own again" state_is_private

enter dpkg --remove outlet-hub >/dev/null
enter find "$state" -mindepth 1 -delete
prove "purged with nothing in its folder, it leaves nothing" enter dpkg --purge outlet-hub
prove "not even the folder" fails_in_machine test -e "$state"

echo "$passed passed, $failed failed"
((failed == 0))
