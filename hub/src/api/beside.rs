//! Work that takes its time, away from the thread that answers.

use axum::http::StatusCode;

use super::error::ApiError;

/// Does what takes its time beside the thread that answers.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(unfinished()))
}

/// Goes on when whoever asked has gone: a record without what follows it would wait for the next start.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(unfinished()))
}

fn unfinished() -> ApiError {
    let detail = "The request was not finished: ask again.".to_owned();
    ApiError::Plain(StatusCode::INTERNAL_SERVER_ERROR, "unfinished", detail)
}
