# Reads what test runners print, and prints how many tests passed, failed and were skipped.
#
#   cargo nextest   "     Summary [  12.3s] 45 tests run: 43 passed (1 slow), 2 failed, 3 skipped"
#   cargo test      "test result: ok. 5 passed; 0 failed; 1 ignored; ..."
#   vitest          "      Tests  2 failed | 57 passed | 1 skipped (60)"
#   node --test     "# pass 12" and "ℹ pass 12", one line for each of pass, fail, cancelled, skipped and todo
#   our own         "12 passed, 0 failed"

function before(text, word) {
  # The number in front of a word; not "timed out", not part of a longer number.
  return match(text, "[0-9]+ " word) ? substr(text, RSTART, RLENGTH) + 0 : 0
}

function count(text) {
  passed += before(text, "passed")
  failed += before(text, "failed") + before(text, "timed out")
  skipped += before(text, "skipped") + before(text, "ignored")
}

# Colours, for whoever forced them on.
{ gsub(/\033\[[0-9;]*m/, "") }

/^ *Summary \[.*tests? run:/ { count(substr($0, index($0, "run:"))) }
/^test result: / { count($0) }
/^ *Tests  +[0-9]+ (failed|passed|skipped)/ { count($0) }
/^[0-9]+ passed, [0-9]+ failed/ { count($0) }
/^(#|ℹ) pass [0-9]+$/ { passed += $3 }
/^(#|ℹ) (fail|cancelled) [0-9]+$/ { failed += $3 }
/^(#|ℹ) (skipped|todo) [0-9]+$/ { skipped += $3 }

END { print passed + 0, failed + 0, skipped + 0 }
