# shellcheck shell=bash
# For the tests of the scripts: a file of tests sources this, says `check NAME COMMAND...` for each, and ends with `finish`.
# Each file has a folder of its own, $work, which goes with it.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export project
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -i passed=0 failed=0

# check NAME COMMAND...: passes where the command does. What it printed is shown where it fails.
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

# equal HAVE WANT
equal() {
  [[ $1 == "$2" ]] || {
    printf 'have: %s\nwant: %s\n' "$1" "$2"
    return 1
  }
}

# contains TEXT PART
contains() {
  [[ $1 == *"$2"* ]] || {
    printf 'have: %s\nwithout: %s\n' "$1" "$2"
    return 1
  }
}

# fails COMMAND...
fails() {
  ! "$@" || {
    echo "it succeeds: $*"
    return 1
  }
}

finish() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
}
