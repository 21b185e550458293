#!/bin/bash
# That the Debian package in target/debian holds what it should, as it should, and can be made again byte by byte.
set -euo pipefail
cd "$(dirname "$0")/../.."
deb=$(echo target/debian/outlet-hub_*.deb)
[[ -f $deb ]] || {
  echo "check: there is no package: run \`make deb\`" >&2
  exit 1
}
# Some times what the program needs: a slip, such as debug symbols, is found; growth has room.
readonly package_bytes_max=$((30 * 1024 * 1024))

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -i passed=0 failed=0
contents=$(dpkg-deb --contents "$deb" | sed 's| \./| /|')
dpkg-deb --raw-extract "$deb" "$work/deb"

# check NAME COMMAND...: passes where the command does; shows what it printed where it fails.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok   $name"
    passed+=1
  else
    echo "FAIL $name"
    echo "       ${output//$'\n'/$'\n'       }"
    failed+=1
  fi
}

field() {
  local have
  have=$(dpkg-deb --field "$deb" "$1")
  # shellcheck disable=SC2053 # a pattern
  [[ $have == $2 ]] || {
    echo "$1: $have"
    return 1
  }
}

# holds MODE PATH: a file or folder of root's.
holds() {
  grep -qE -- "^$1 (root/root|0/0) +[0-9]+ .* $2$" <<<"$contents" || {
    echo "$contents"
    return 1
  }
}

is_small() {
  local bytes
  bytes=$(stat --format=%s "$deb")
  echo "$bytes bytes"
  ((bytes <= package_bytes_max))
}

holds_nothing_else() {
  ! grep -vE ' /(usr/|etc/)?$| /etc/outlet-hub/|/usr/(bin|share|lib)/$|/usr/bin/outlet-hub$|/usr/share/doc/|/usr/lib/(systemd|sysusers\.d)/' \
    <<<"$contents"
}

carries_one_time() {
  local wanted
  wanted=$(date --utc --date="@$(packaging/tools/source-date.sh)" '+%Y-%m-%d %H:%M')
  ! TZ=UTC dpkg-deb --contents "$deb" | grep -vF " $wanted "
}

is_made_again() {
  cp "$deb" "$work/first.deb"
  packaging/deb/build.sh
  cmp "$work/first.deb" "$deb"
}

has_no_errors() {
  lintian --allow-root --tag-display-limit 0 --fail-on error "$deb"
}

scripts_parse() {
  local script
  for script in postinst prerm postrm; do
    sh -n "$work/deb/DEBIAN/$script" || return
    cmp "packaging/deb/$script" "$work/deb/DEBIAN/$script" || return
  done
}

changelog_names_version() {
  local first
  first=$(gzip --decompress --stdout "$work/deb/usr/share/doc/outlet-hub/changelog.Debian.gz" | head -n 1)
  [[ $first == "outlet-hub ($(dpkg-deb --field "$deb" Version)) "* ]] || {
    echo "$first"
    return 1
  }
}

program_runs() {
  "$work/deb/usr/bin/outlet-hub" --version
  ! file_has_symbols
}

file_has_symbols() {
  readelf --section-headers "$work/deb/usr/bin/outlet-hub" | grep -E '\.(symtab|debug_info)'
}

check "it is called outlet-hub" field Package outlet-hub
check "its version is a Debian one" field Version '[0-9]*.[0-9]*.[0-9]*-[0-9]*'
check "it is in section net" field Section net
check "it is optional" field Priority optional
check "it needs a C library of some version" field Depends '*libc6 (>= *'
check "it needs libgcc" field Depends '*libgcc-s1*'
check "it is described at length" field Description $'*\n*\n*\n*'
check "the program" holds -rwxr-xr-x /usr/bin/outlet-hub
check "the configuration" holds -rw-r--r-- /etc/outlet-hub/hub.toml
check "the configuration is one that dpkg keeps" grep -qx /etc/outlet-hub/hub.toml "$work/deb/DEBIAN/conffiles"
check "the unit" holds -rw-r--r-- /usr/lib/systemd/system/outlet-hub.service
check "the unit is the checked one" cmp systemd/outlet-hub.service "$work/deb/usr/lib/systemd/system/outlet-hub.service"
check "the user" holds -rw-r--r-- /usr/lib/sysusers.d/outlet-hub.conf
check "the user is the checked one" cmp systemd/sysusers.conf "$work/deb/usr/lib/sysusers.d/outlet-hub.conf"
check "the documentation" holds -rw-r--r-- /usr/share/doc/outlet-hub/README.md
check "the copyright" holds -rw-r--r-- /usr/share/doc/outlet-hub/copyright
check "nothing else" holds_nothing_else
check "the scripts are ours, and whole" scripts_parse
check "the changelog begins with this version" changelog_names_version
check "the program runs, without symbols" program_runs
check "every file carries the source's time" carries_one_time
check "it is no larger than it should be" is_small
check "it can be made again, byte by byte" is_made_again
if command -v lintian >/dev/null; then
  check "lintian finds no error" has_no_errors
else
  echo "skip lintian is not installed"
fi
echo "$deb: $(stat --format=%s "$deb") bytes"
echo "$passed passed, $failed failed"
((failed == 0))
