#!/bin/bash
# source-date.sh: the environment, git, and no git.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

mkdir -p "$work/tree/packaging/tools"
cp "$project/packaging/tools/source-date.sh" "$work/tree/packaging/tools"
touch --date=@1600000000 "$work/tree/Cargo.lock"
unset SOURCE_DATE_EPOCH

source_date() {
  GIT_CEILING_DIRECTORIES=$work "$work/tree/packaging/tools/source-date.sh"
}

check "without git it is the lock file's" equal "$(source_date)" 1600000000
git -C "$work/tree" init --quiet
check "without a commit too" equal "$(source_date)" 1600000000
GIT_COMMITTER_DATE=@1700000000 git -C "$work/tree" -c user.name=test -c user.email=test@test.invalid \
  commit --quiet --allow-empty --message=first
check "with one it is the commit's" equal "$(source_date)" 1700000000
check "the environment goes first" equal "$(SOURCE_DATE_EPOCH=5 source_date)" 5

finish
