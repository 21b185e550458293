//! The table of legal steps, and its words.

use super::*;

#[test]
fn nothing_leaves_a_final_state_and_nothing_stays_where_it_is() {
    for from in OrderStatus::ALL {
        assert!(!from.may_become(from), "{from:?} to itself");
        assert!(!from.may_become(OrderStatus::Open), "{from:?} reopened");
        if from.is_final() {
            assert!(OrderStatus::ALL.iter().all(|to| !from.may_become(*to)), "{from:?} left");
        } else {
            assert!(from.may_become(OrderStatus::Cancelled), "{from:?} cannot be cancelled");
            assert!(from.may_become(OrderStatus::Closed), "{from:?} cannot be closed");
        }
    }
}

#[test]
fn words_read_back_as_the_status_that_wrote_them() {
    for status in OrderStatus::ALL {
        assert_eq!(OrderStatus::from_word(status.word()), Some(status));
    }
    assert_eq!(OrderStatus::from_word("flambéed"), None);
}
