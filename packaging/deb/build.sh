#!/bin/bash
# build.sh [OPTION...]: makes the Debian package of the release hub that is built already: target/debian/outlet-hub_*.deb.
# Options go to cargo-deb, such as `--target aarch64-unknown-linux-gnu --no-strip` for a hub that was built for another machine.
#
# Every time stamp in it is the source's, so the same tree gives the same package.
set -euo pipefail
cd "$(dirname "$0")/../.."
SOURCE_DATE_EPOCH=$(packaging/tools/source-date.sh)
export SOURCE_DATE_EPOCH
# What the modes in the package come from, whoever builds it.
umask 022

readonly revision=1
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
mkdir -p target/debian
# Only one at a time lies there, so that whoever takes outlet-hub_*.deb takes this one.
rm -f target/debian/outlet-hub_*.deb
packaging/deb/changelog.sh "$version-$revision" "$SOURCE_DATE_EPOCH" >target/debian/changelog
cargo deb --locked --no-build -p outlet-hub --deb-revision "$revision" "$@"
