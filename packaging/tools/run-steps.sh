#!/bin/bash
# run-steps.sh LOG_FOLDER: runs the steps on standard input, one after the other, and sums up.
#
# A step is a line: its name, then a command. Each gets a heading, its time, and a log of its own. The first that fails ends
# the run, and the exit code says so. The last line is "N passed, N failed": the tests that the steps' own runners counted
# (count-tests.awk); a step that counts none, such as a build, stands for one.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
logs=${1:?run-steps.sh LOG_FOLDER}
mkdir -p "$logs"
rm -f "$logs"/*.log

readonly table_row='%-12s %7s passed %5s failed %5s skipped %6s s\n'
declare -i passed=0 failed=0 skipped=0 number=0 exit_code=0
table=() not_run=()

# Runs one step; leaves its exit code in $?. It reads nothing, so that it cannot eat the list of steps.
run_step() {
  bash -o pipefail -c "$2" </dev/null 2>&1 | tee "$3"
}

while read -r name command; do
  [[ -n $name ]] || continue
  if ((exit_code)); then
    not_run+=("$name")
    continue
  fi
  number+=1
  printf '\n===== %d. %s\n' "$number" "$name"
  log=$(printf '%s/%02d-%s.log' "$logs" "$number" "$name")
  began=$SECONDS
  run_step "$name" "$command" "$log" || exit_code=$?
  took=$((SECONDS - began))
  read -r step_passed step_failed step_skipped < <(awk -f "$here/count-tests.awk" "$log")
  # What failed without a count, or before its runner could count, is one failure; what passed without a count one pass.
  if ((exit_code && step_failed == 0)); then step_failed=1; fi
  if ((exit_code == 0 && step_passed + step_failed == 0)); then step_passed=1; fi
  # A runner that reports failures and says that all is well is not believed.
  if ((step_failed && exit_code == 0)); then exit_code=1; fi
  passed+=step_passed failed+=step_failed skipped+=step_skipped
  # shellcheck disable=SC2059 # the format is ours
  printf -v row "$table_row" "$name" "$step_passed" "$step_failed" "$step_skipped" "$took"
  table+=("$row")
  printf -- '----- %s: %s after %d s\n' "$name" "$( ((exit_code)) && echo FAILED || echo ok)" "$took"
done

printf '\n===== Summary, %d s\n' "$SECONDS"
printf '%s' "${table[@]}"
((${#not_run[@]} == 0)) || echo "not run: ${not_run[*]}"
((skipped == 0)) || echo "$skipped skipped: each says why in its log below $logs"
echo "$passed passed, $failed failed"
exit "$exit_code"
