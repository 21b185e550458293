//! Lists of the menu as the bytes that they were answered with, because every till asks for the same one.
//!
//! An answer belongs to one version of the catalogue, and each change makes another. The version is held here together with its
//! answers, so that no later one can take its place in memory and be mistaken for it: an answer is never stale.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::etag;
use crate::views::Catalogue;

/// Most bytes that are kept, with what was asked: some lists of a large menu.
const BYTES_MAX: usize = 512 << 10;

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    json: Bytes,
    tag: HeaderValue,
}

impl Answer {
    /// Of JSON.
    pub(super) fn new(json: Vec<u8>) -> Self {
        let tag = etag::of(&json);
        Self { json: Bytes::from(json), tag }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, json), (header::ETAG, self.tag)], Body::from(self.json)).into_response()
    }
}

/// The answers of the newest version that was asked about.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    version: Arc<Catalogue>,
    answers: HashMap<String, Answer>,
    bytes: usize,
}

impl Kept {
    /// What was answered to the same question about this very version.
    pub(super) fn answer(&self, version: &Arc<Catalogue>, asked: &str) -> Option<Answer> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&shelf.version, version) { shelf.answers.get(asked).cloned() } else { None }
    }

    /// Keeps an answer. Those of another version go, and all where there is no room.
    pub(super) fn keep(&self, version: &Arc<Catalogue>, asked: &str, answer: &Answer) {
        let bytes = asked.len() + answer.json.len();
        if bytes > BYTES_MAX {
            return;
        }
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&shelf.version, version) || shelf.bytes + bytes > BYTES_MAX {
            *shelf = Shelf { version: Arc::clone(version), ..Shelf::default() };
        }
        if shelf.answers.insert(asked.to_owned(), answer.clone()).is_none() {
            shelf.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer::new(text.as_bytes().to_vec())
    }

    #[test]
    fn an_answer_is_of_one_version_and_one_question() {
        let (kept, one, other) = (Kept::default(), Arc::new(Catalogue::default()), Arc::default());
        kept.keep(&one, "/?page=1", &answer("one"));
        assert_eq!(kept.answer(&one, "/?page=1").unwrap().json, "one");
        assert!(kept.answer(&one, "/?page=2").is_none());
        assert!(kept.answer(&other, "/?page=1").is_none(), "equal, but another version");
        kept.keep(&other, "/?page=2", &answer("two"));
        assert!(kept.answer(&one, "/?page=1").is_none(), "an old version is let go");
    }

    #[test]
    fn a_version_is_held_so_that_no_other_takes_its_place() {
        let (kept, version) = (Kept::default(), Arc::new(Catalogue::default()));
        kept.keep(&version, "/", &answer("one"));
        assert_eq!(Arc::strong_count(&version), 2);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let (kept, version) = (Kept::default(), Arc::new(Catalogue::default()));
        let large = answer(&"x".repeat(BYTES_MAX / 3));
        for asked in 0..10 {
            kept.keep(&version, &asked.to_string(), &large);
            kept.keep(&version, &asked.to_string(), &large);
            assert!(kept.answer(&version, &asked.to_string()).is_some(), "{asked}");
            assert!(kept.0.lock().unwrap().bytes <= BYTES_MAX, "{asked}");
        }
        kept.keep(&version, "huge", &answer(&"x".repeat(BYTES_MAX)));
        assert!(kept.answer(&version, "huge").is_none());
    }
}
