# shellcheck shell=bash
# A machine with a real systemd, for prove-install.sh: a small Debian root, booted by systemd-nspawn in a network namespace
# that has nothing but loopback, so that what starts in it starts with no network.
#
#   machine_unavailable      prints why it cannot be had here, or nothing
#   machine_root FOLDER      makes the root, from the archive kept in FOLDER
#   machine_boot             boots it, and waits until systemd has
#   enter COMMAND...         runs a command in it
#   get PORT PATH            asks it by HTTP: prints the body, fails unless it says 200
#   post PORT PATH JSON      the same, unless it says 201
#   within SECONDS COMMAND.. waits until the command succeeds; leaves how long that took in $waited_ms
#
# Whatever becomes of the script, its end takes the machine down: processes, name space, files.

# What the root holds, besides Debian's essential packages.
readonly packages=systemd,systemd-sysv,dbus,init-system-helpers
# Everything of this run is called so.
namespace=outlet-hub-proof-$$
lock=
machine_dir=
nspawn=
init=
waited_ms=0

machine_unavailable() {
  local tool
  if [[ $(id -u) != 0 ]]; then
    echo "it takes root"
    return
  fi
  for tool in systemd-nspawn mmdebstrap ip nsenter unshare; do
    command -v "$tool" >/dev/null || {
      echo "$tool is not installed"
      return
    }
  done
  unshare --mount --pid --net --ipc --uts --fork true 2>/dev/null || {
    echo "name spaces are not permitted here"
    return
  }
  { ip netns add "$namespace" && ip netns delete "$namespace"; } 2>/dev/null || echo "network name spaces are not permitted here"
}

# The suite that this machine runs, so that the package's C library is there.
suite() {
  # shellcheck source=/dev/null
  (. /etc/os-release && [[ $ID == debian ]] && echo "${VERSION_CODENAME:-stable}") || echo stable
}

# machine_root FOLDER
machine_root() {
  local cache=$1 archive left
  archive=$cache/root-$(suite)-$(dpkg --print-architecture)-$(cksum <<<"$packages" | cut -d ' ' -f 1).tar
  mkdir -p "$cache"
  # One machine at a time, so that what lies here was left by runs that were killed outright.
  exec {lock}>"$cache/lock"
  flock "$lock"
  rm -rf --one-file-system "$cache"/machine.*
  for left in /run/netns/outlet-hub-proof-*; do
    [[ ! -e $left ]] || ip netns delete "${left##*/}"
  done
  if [[ ! -f $archive ]]; then
    echo "making a small Debian ($(suite)); it is kept as ${archive#"$PWD/"}"
    mmdebstrap --quiet --mode=root --variant=minbase --format=tar --include="$packages" \
      "$(suite)" "$archive.part"
    mv "$archive.part" "$archive"
  fi
  machine_dir=$(mktemp -d "$cache/machine.XXXXXX")
  mkdir "$machine_dir/root"
  tar --extract --numeric-owner --xattrs --xattrs-include='*' --file "$archive" --directory "$machine_dir/root"
  # Nothing in it asks, and nothing in it waits for a network.
  : >"$machine_dir/root/etc/machine-id"
  ln -sf /dev/null "$machine_dir/root/etc/systemd/system/systemd-networkd-wait-online.service"
}

machine_boot() {
  ip netns add "$namespace"
  ip -n "$namespace" link set lo up
  systemd-nspawn --quiet --register=no --keep-unit --machine="$namespace" --directory="$machine_dir/root" \
    --network-namespace-path="/run/netns/$namespace" --console=read-only --link-journal=no --resolv-conf=off --timezone=off \
    --boot </dev/null >"$machine_dir/console.log" 2>&1 {lock}>&- &
  nspawn=$!
  within 30 find_init || return
  within 60 is_booted
}

# Its first process, which has a PID name space of its own.
find_init() {
  kill -0 "$nspawn" 2>/dev/null || {
    echo "systemd-nspawn has ended:" >&2
    cat "$machine_dir/console.log" >&2
    return 1
  }
  local child
  for child in $(pgrep --parent "$nspawn"); do
    if [[ $(readlink "/proc/$child/ns/pid") != "$(readlink /proc/self/ns/pid)" ]]; then
      init=$child
      return 0
    fi
  done
  return 1
}

is_booted() {
  [[ $(enter systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]
}

enter() {
  nsenter --target "$init" --all -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    "$@" </dev/null
}

# http PORT STATUS REQUEST: sends it from inside the machine's network; prints the body.
http() {
  local answer
  # shellcheck disable=SC2016 # for the inner shell
  answer=$(timeout 5 ip netns exec "$namespace" bash -c \
    'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "%s" "$2" >&3 && cat <&3' - "$1" "$3" 2>/dev/null) || return 1
  [[ $answer == "HTTP/1.1 $2 "* ]] || return 1
  echo "${answer#*$'\r\n\r\n'}"
}

get() {
  http "$1" 200 "GET $2 HTTP/1.1"$'\r\nHost: localhost\r\nConnection: close\r\n\r\n'
}

post() {
  local head="POST $2 HTTP/1.1"$'\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n'
  http "$1" "${4:-201}" "${head}Content-Length: ${#3}"$'\r\n\r\n'"$3"
}

within() {
  local seconds=$1 began now
  shift
  began=$(date +%s%3N)
  until "$@"; do
    now=$(date +%s%3N)
    if ((now - began > seconds * 1000)); then
      echo "not within $seconds s: $*" >&2
      return 1
    fi
    sleep 0.02
  done
  waited_ms=$(($(date +%s%3N) - began))
}

machine_down() {
  if [[ -n $nspawn ]]; then
    # SIGTERM shuts the machine down in order; what does not end by itself is ended.
    kill -TERM "$nspawn" 2>/dev/null || true
    within 20 is_down 2>/dev/null || kill -KILL ${init:+"$init"} "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  ip netns delete "$namespace" 2>/dev/null || true
  [[ -z $machine_dir ]] || rm -rf --one-file-system "$machine_dir"
}

is_down() {
  ! kill -0 "$nspawn" 2>/dev/null
}
