#!/bin/bash
# run-steps.sh and count-tests.awk: what is counted, and what a failure does.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# count LINE: passed, failed, skipped.
count() {
  awk -f "$project/packaging/tools/count-tests.awk" <<<"$1"
}

# steps LINE...: runs them; leaves $output and $code.
steps() {
  code=0
  output=$(printf '%s\n' "$@" | "$project/packaging/tools/run-steps.sh" "$work/logs" 2>&1) || code=$?
  last=${output##*$'\n'}
}

check "nextest" equal \
  "$(count '     Summary [   4.331s] 45 tests run: 42 passed (1 slow), 2 failed, 1 timed out, 3 skipped')" "42 3 3"
check "one test under nextest" equal "$(count '     Summary [   0.331s] 1 test run: 1 passed, 0 skipped')" "1 0 0"
check "cargo test" equal \
  "$(count 'test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.1s')" "5 2 1"
check "vitest" equal "$(count '      Tests  2 failed | 57 passed | 1 skipped (60)')" "57 2 1"
check "vitest in colours" equal "$(count $'\e[2m      Tests \e[22m \e[1m\e[32m9 passed\e[39m\e[22m (9)')" "9 0 0"
check "vitest counts its files too, which are no tests" equal "$(count ' Test Files  4 passed (4)')" "0 0 0"
check "node, its two reporters" equal \
  "$(count $'# pass 7\n# fail 1\n# cancelled 2\n# skipped 3\nℹ pass 1\nℹ fail 0\nℹ todo 1')" "8 3 4"
check "our own" equal "$(count '12 passed, 3 failed')" "12 3 0"
check "words in a test's name count for nothing" equal "$(count 'ok 7 passed on, 2 failed before')" "0 0 0"

steps 'one  echo "5 passed, 0 failed"' 'two  true' 'three  printf "# pass 2\n# skipped 4\n"'
check "all is well" equal "$code" 0
check "the sum is the last line; a step that counts nothing stands for one" equal "$last" "8 passed, 0 failed"
check "what was skipped is said" contains "$output" "4 skipped"
check "each step has a heading" contains "$output" "===== 3. three"

steps 'one  true' 'two  echo "3 passed, 2 failed"; exit 7' 'three  touch '"$work/ran"
check "a failure's exit code is the run's" equal "$code" 7
check "a failure is counted" equal "$last" "4 passed, 2 failed"
check "what comes behind it is not run" fails test -e "$work/ran"
check "and is named" contains "$output" "not run: three"

steps 'one  false | true'
check "a failure inside a pipe is one" equal "$code" 1
check "a failure that counts nothing is one" equal "$last" "0 passed, 1 failed"

steps 'one  echo "1 passed, 1 failed"'
check "a runner that forgets its exit code is not believed" equal "$code" 1

steps 'one  cat' 'two  true'
check "a step that reads cannot eat the list" equal "$last" "2 passed, 0 failed"

check "each step has a log" equal "$(ls "$work/logs")" $'01-one.log\n02-two.log'

finish
