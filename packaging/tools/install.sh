#!/bin/bash
# install.sh GROUP...: installs what the groups need, where it is missing; says nothing where nothing is.
#
# Debian packages come from apt-get (as root, or by sudo), Cargo's tools from `cargo install`. Rust and a current Node are
# not packaged by every Debian: where they are missing this says what to install, and fails.
#
# A need is a line of three or more words:
#   apt COMMAND PACKAGE...   these packages, where the command is missing
#   apt? COMMAND PACKAGE...  the same, but do without where that fails
#   crate COMMAND VERSION    the Cargo tool of that name, where it is missing
#   crate? COMMAND VERSION   the same, but do without where that fails
#   python MODULE PACKAGE    this package, where Debian's Python lacks the module
#   python3 - VERSION        this version of Python or a newer one
#   rust - VERSION           this version of Rust or a newer one
#   node - VERSION           this version of Node or a newer one
set -euo pipefail

readonly groups='build web lint test browser openapi deb proof bench'

needs() {
  case $1 in
    build)
      echo "apt gcc gcc libc6-dev"
      echo "apt make make"
      echo "rust - $(rust_version)"
      ;;
    web)
      echo "apt node nodejs"
      echo "apt npm npm"
      echo "node - 20.19"
      ;;
    lint)
      echo "apt? shellcheck shellcheck"
      echo "crate cargo-deny 0.20.2"
      ;;
    test)
      # Certificates as somebody else reads them.
      echo "apt openssl openssl"
      # A simulated disk, a LAN of network namespaces, and another machine that looks for the hub.
      echo "apt mkfs.ext4 e2fsprogs"
      echo "apt mount mount"
      echo "apt ip iproute2"
      echo "apt? avahi-daemon avahi-daemon"
      echo "apt? avahi-browse avahi-utils"
      echo "apt? dbus-daemon dbus"
      # The relay's database; the tests start servers of their own.
      echo "apt pg_ctlcluster postgresql-15"
      echo "crate? cargo-nextest 0.9.143"
      ;;
    browser)
      echo "apt chromium chromium"
      # A browser that trusts the hub's authority, and one whose authority was stolen.
      echo "apt certutil libnss3-tools"
      echo "apt openssl openssl"
      ;;
    openapi)
      echo "apt python3 python3"
      # Debian keeps what makes virtual environments apart from Python.
      echo "python ensurepip python3-venv"
      echo "python3 - 3.11"
      ;;
    deb)
      # The libraries that the program needs are found by dpkg-shlibdeps, the units are checked by systemd's own tools.
      echo "apt dpkg-shlibdeps dpkg-dev"
      echo "apt systemd-analyze systemd"
      echo "apt? lintian lintian"
      echo "crate cargo-deb 3.8.0"
      ;;
    proof)
      echo "apt systemd-nspawn systemd-container"
      echo "apt mmdebstrap mmdebstrap"
      echo "apt ip iproute2"
      ;;
    bench)
      # The Node server, and the Django one over a PostgreSQL of its own; their packages are npm-ci.sh's and venv.sh's to install.
      echo "apt node nodejs"
      echo "apt npm npm"
      echo "python ensurepip python3-venv"
      echo "apt pg_ctlcluster postgresql-15"
      # A file system of its own, where what is written is counted.
      echo "apt mkfs.ext4 e2fsprogs"
      echo "apt mount mount"
      ;;
    *) die "there is no group \"$1\"; there are: $groups" ;;
  esac
}

die() {
  echo "install: $*" >&2
  exit 1
}

say() {
  echo "install: $*"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# is_missing HOW WHAT: whether packages that must be there are not.
is_missing() {
  case $1 in
    apt) ! has "$2" ;;
    python) ! has_module "$2" ;;
    *) false ;;
  esac
}

# The oldest Rust that the workspace takes.
rust_version() {
  sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$(dirname "$0")/../../Cargo.toml"
}

# at_least HAVE WANT
at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1) == "$2" ]]
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    die "run this as root, or install sudo: $*"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

# The same Python as venv.sh's: the system's, unless SYSTEM_BIN names another place.
has_module() {
  PATH=${SYSTEM_BIN:-/usr/bin}:$PATH python3 -c "import $1" 2>/dev/null
}

has_updated=
install_packages() {
  has apt-get || die "apt-get is missing here: install what provides these Debian packages: $*"
  say "Debian packages: $*"
  if [[ -z $has_updated ]]; then
    apt_get update || return
    has_updated=yes
  fi
  apt_get install --yes --no-install-recommends "$@"
}

# Whole groups at once: one run of apt-get for everything that must be there.
packages_needed() {
  local how command packages
  while read -r how command packages; do
    if is_missing "$how" "$command"; then
      tr ' ' '\n' <<<"$packages"
    fi
  done | sort -u
}

without() {
  echo "install: $1 could not be installed; going on without it" >&2
}

# meet HOW WHAT REST: one need, after the packages that must be there.
meet() {
  case $1 in
    apt) has "$2" || die "$2 is still missing" ;;
    'apt?') has "$2" || install_packages "$3" || without "$2" ;;
    python) has_module "$2" || die "Python cannot import $2: install $3" ;;
    crate) has "$2" || install_crate "$2" "$3" ;;
    'crate?') has "$2" || install_crate "$2" "$3" || without "$2" ;;
    python3) check_python "$3" ;;
    rust) check_rust "$3" ;;
    node) check_node "$3" ;;
  esac
}

# These are tools, not what is shipped: built faster, at the price of running slower.
install_crate() {
  say "$1 $2, built from source: this takes some minutes, once"
  CARGO_TARGET_DIR='' CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install --locked --version "$2" "$1" </dev/null
}

check_rust() {
  local have
  has cargo || die "Rust is missing: install rustup (a package in Debian 13 and newer; otherwise from Rust's own site), then \
run \"rustup toolchain install stable --component clippy,rustfmt\". Rust $1 or newer is needed."
  have=$(cargo --version | cut -d ' ' -f 2)
  at_least "$have" "$1" || die "Rust $have is too old: $1 or newer is needed (\"rustup update stable\")."
  if ! has cargo-clippy || ! has cargo-fmt; then
    die "Rust's clippy or rustfmt is missing: \"rustup component add clippy rustfmt\"."
  fi
}

check_node() {
  local have
  have=$(node --version)
  at_least "${have#v}" "$1" || die "Node ${have#v} is too old: $1 or newer is needed. Debian 13 packages it as nodejs; on an \
older Debian install Node 20 or 22 from Node's own site."
}

check_python() {
  local have
  have=$(python3 --version)
  at_least "${have#Python }" "$1" || die "$have is too old: $1 or newer is needed. Debian 12 packages it as python3."
}

main() {
  local all missing how what rest
  (($#)) || die "which groups? There are: $groups"
  all=$(for group in "$@"; do needs "$group" || exit; done)
  all=$(sort -u <<<"$all")
  mapfile -t missing < <(packages_needed <<<"$all")
  if ((${#missing[@]})); then
    install_packages "${missing[@]}"
  fi
  # On a channel of its own, because what is run here may read.
  while read -r -u 3 how what rest; do
    meet "$how" "$what" "$rest"
  done 3<<<"$all"
}

main "$@"
