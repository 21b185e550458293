#!/bin/bash
# install.sh on machines that lack things: each a folder with a few commands, apt-get and cargo among them played by stubs.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# machine NAME COMMAND...: a machine that has these commands, besides what every Debian has.
machine() {
  bin=$work/$1
  shift
  mkdir -p "$bin"
  local tool
  for tool in bash env sed sort head tr cut cat chmod dirname id; do
    ln -sf "$(command -v "$tool")" "$bin/$tool"
  done
  : >"$bin.log"
  for tool in "$@"; do
    stub "$tool" ''
  done
}

# stub COMMAND BODY: a command of the machine that notes that it was called.
stub() {
  cat >"$bin/$1" <<STUB
#!/bin/bash
bin="$bin"; PATH="$bin"
make_stub() { printf '#!/bin/bash\nexit 0\n' >"\$bin/\$1"; chmod +x "\$bin/\$1"; }
echo "$1 \$*" >>"$bin.log"
$2
STUB
  chmod +x "$bin/$1"
}

# The package of each command is that command's name here, but for Node.
stub_apt() {
  # shellcheck disable=SC2016
  stub apt-get 'for word in "$@"; do case $word in
    nodejs) printf "#!/bin/bash\necho v20.19.2\n" >"$bin/node"; chmod +x "$bin/node" ;;
    e2fsprogs) make_stub mkfs.ext4 ;; iproute2) make_stub ip ;; postgresql-15) make_stub pg_ctlcluster ;; avahi-utils) make_stub avahi-browse ;;
    dbus) make_stub dbus-daemon ;; libnss3-tools) make_stub certutil ;;
    -*|install|update|*=*) ;;
    *) make_stub "$word" ;;
  esac; done'
}

stub_rust() {
  # shellcheck disable=SC2016
  stub cargo 'case $1 in --version) echo "cargo '"$1"' (stub)" ;; install) make_stub "${@: -1}" ;; esac'
  stub cargo-clippy ''
  stub cargo-fmt ''
}

install_on() {
  PATH=$bin SYSTEM_BIN=$bin "$project/packaging/tools/install.sh" "$@"
}

calls() {
  grep -c "$1" "$bin.log" || true
}

machine bare
stub_apt
stub_rust 1.99.0
check "a bare machine gets what it lacks" install_on build web test
check "the package lists are brought up to date once" equal "$(calls 'apt-get .* update')" 1
check "what must be there comes in one go" contains "$(grep 'install' "$bin.log" | head -n 1)" \
  "e2fsprogs gcc iproute2 libc6-dev make mount nodejs npm openssl postgresql-15"
check "a Cargo tool is built, in the version that is named" contains "$(cat "$bin.log")" \
  "cargo install --locked --version 0.9.143 cargo-nextest"
before=$(grep -vc 'version' "$bin.log")
check "the second time" install_on build web test
check "nothing is installed twice" equal "$(grep -vc 'version' "$bin.log")" "$before"
check "and nothing is said" equal "$(install_on build web test 2>&1)" ""

machine no-rust gcc make
stub_apt
check "a machine without Rust is refused" fails install_on build
check "with what to install" contains "$(install_on build 2>&1 || true)" "rustup toolchain install stable"

machine old-rust gcc make
stub_rust 1.80.0
check "a Rust that is too old is refused" contains "$(install_on build 2>&1 || true)" "Rust 1.80.0 is too old: 1.94 or newer"

machine newer-rust gcc make
stub_rust 1.100.0
check "versions are compared as numbers" install_on build

machine old-node npm
stub node 'echo v18.20.4'
check "a Node that is too old is refused" contains "$(install_on web 2>&1 || true)" "Node 18.20.4 is too old: 20.19 or newer"

machine no-apt
check "without apt-get it says which packages are needed" contains "$(install_on browser 2>&1 || true)" \
  "install what provides these Debian packages: chromium libnss3-tools"

machine broken-apt openssl mkfs.ext4 mount ip pg_ctlcluster cargo-nextest dbus-daemon avahi-browse
stub apt-get 'exit 100'
check "what can be done without is done without" install_on test
check "aloud" contains "$(install_on test 2>&1)" "avahi-daemon could not be installed; going on without it"
check "what cannot is not" fails install_on browser

machine no-python
stub_apt
# shellcheck disable=SC2016
stub python3 'case "$1" in --version) echo "Python 3.11.2" ;; *) [[ -e "$bin/python3-venv" ]] ;; esac'
check "a Python that makes no environments gets what does" install_on openapi
check "by Debian's name for it" equal "$(calls 'apt-get .* install .* python3-venv$')" 1
check "once" install_on openapi
check "and not again" equal "$(calls 'apt-get .* install .* python3-venv$')" 1

machine no-venv
stub apt-get ''
# shellcheck disable=SC2016
stub python3 'case "$1" in --version) echo "Python 3.11.2" ;; *) false ;; esac'
check "one that cannot be had is named" contains "$(install_on openapi 2>&1 || true)" "cannot import ensurepip: install python3-venv"
check "and fails" fails install_on openapi

machine old-python
# shellcheck disable=SC2016
stub python3 'case "$1" in --version) echo "Python 3.9.2" ;; esac'
check "a Python that is too old is refused" contains "$(install_on openapi 2>&1 || true)" "Python 3.9.2 is too old: 3.11 or newer"

machine no-root
stub_apt
rm "$bin/id"
stub id 'echo 1000'
check "without root and sudo it says so" contains "$(install_on browser 2>&1 || true)" "run this as root, or install sudo"
# shellcheck disable=SC2016
stub sudo '"$@"'
check "sudo serves" install_on browser
check "sudo was asked" equal "$(calls '^sudo env DEBIAN_FRONTEND=noninteractive apt-get .* install')" 1

check "an unknown group is refused by name" contains "$(install_on kitchen 2>&1 || true)" 'there is no group "kitchen"'
check "and fails" fails install_on kitchen
check "no group is refused" fails install_on

finish
