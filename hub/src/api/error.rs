//! Every error as JSON, in one place: `{"field": ["message"]}` for what does not hold, `{"detail", "code"}` otherwise.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::api::ErrorOut;
use serde_json::{Map, Value};

use crate::auth::Denied;
use crate::auth::gate::ApprovalError;
use crate::auth::passwords::Crowded;
use crate::auth::tokens::TokenError;
use crate::ledger::command::Refusal;
use crate::ledger::{LedgerError, Trouble};
use crate::views::orders::ViewError;

/// Seconds after which a client that was sent away may come back.
const RETRY_AFTER_S: &str = "1";
const THROTTLED: &str = "throttled";

/// An answer that is not the one asked for.
#[derive(Debug)]
pub enum ApiError {
    /// 400 with fields.
    Invalid(Map<String, Value>),
    /// Any status with a detail and a stable code.
    Plain(StatusCode, &'static str, String),
    /// 429: too often; listened to again in so many seconds.
    Later(u64, String),
}

impl ApiError {
    /// 404.
    pub fn not_found() -> Self {
        Self::Plain(StatusCode::NOT_FOUND, "not_found", "Not found.".to_owned())
    }

    /// 400 for one field.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Map::from_iter([(name.to_owned(), Value::from(vec![message.into()]))]))
    }

    /// 401 for a PIN that is not the account's; whether there is such an account is not said.
    pub fn wrong_pin() -> Self {
        Self::Plain(StatusCode::UNAUTHORIZED, "wrong_pin", "Wrong PIN.".to_owned())
    }

    /// 401 for a name and a password that do not go together; which of the two is wrong is not said.
    pub fn no_such_account() -> Self {
        let detail = "No active account found with the given credentials".to_owned();
        Self::Plain(StatusCode::UNAUTHORIZED, "no_active_account", detail)
    }

    /// 401 for a token that is not taken.
    pub fn token(error: TokenError) -> Self {
        Self::Plain(StatusCode::UNAUTHORIZED, "token_not_valid", error.to_string())
    }

    /// 403.
    pub fn forbidden() -> Self {
        let detail = "You do not have permission to perform this action.".to_owned();
        Self::Plain(StatusCode::FORBIDDEN, "permission_denied", detail)
    }

    /// 405.
    pub fn method_not_allowed(detail: &str) -> Self {
        Self::Plain(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail.to_owned())
    }

    /// The same as a live client is told it: a detail and a code.
    pub fn words(&self) -> (String, &'static str) {
        match self {
            Self::Invalid(fields) => (Value::Object(fields.clone()).to_string(), "invalid"),
            Self::Plain(_, code, detail) => (detail.clone(), code),
            Self::Later(_, detail) => (detail.clone(), THROTTLED),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Invalid(fields) => Self::Invalid(fields),
            Refusal::NotFound(_) => {
                Self::Plain(StatusCode::NOT_FOUND, "not_found", format!("Not found: {detail}."))
            }
            Refusal::Conflict { code, detail } => Self::Plain(StatusCode::CONFLICT, code, detail),
            Refusal::Wait { seconds } => Self::Later(seconds, detail),
            Refusal::SignedOut => Self::token(TokenError::Invalid),
            Refusal::NotPaired => Denied::NotPaired.into(),
            Refusal::PastLimit { .. } => Denied::ApprovalNeeded.into(),
            Refusal::NotSetUp => {
                let detail = "The outlet is not set up yet: fill [outlet] in the hub's configuration.";
                Self::Plain(StatusCode::SERVICE_UNAVAILABLE, "not_set_up", detail.to_owned())
            }
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let (status, code, detail) = match denied {
            Denied::Token(error) => return Self::token(error),
            Denied::Forbidden => return Self::forbidden(),
            Denied::NotSignedIn => (
                StatusCode::UNAUTHORIZED,
                "not_authenticated",
                "Authentication credentials were not provided.",
            ),
            Denied::NotPaired => {
                let detail = "This device is not paired, or not any more: pair it with a code from the manager's page.";
                (StatusCode::UNAUTHORIZED, "device_not_paired", detail)
            }
            Denied::ApprovalNeeded => (
                StatusCode::FORBIDDEN,
                "approval_needed",
                "This needs the PIN of a manager. Nothing was changed.",
            ),
            Denied::ApprovalRefused => {
                (StatusCode::FORBIDDEN, "approval_refused", "The PIN is wrong. Nothing was changed.")
            }
            Denied::HttpsNeeded => {
                let detail = "Others on the network could read this along: use the hub's https address. Nothing was changed.";
                (StatusCode::FORBIDDEN, "https_needed", detail)
            }
        };
        Self::Plain(status, code, detail.to_owned())
    }
}

impl From<ApprovalError> for ApiError {
    fn from(error: ApprovalError) -> Self {
        match error {
            ApprovalError::Denied(denied) => denied.into(),
            ApprovalError::Ledger(error) => error.into(),
            ApprovalError::Crowded(crowded) => crowded.into(),
        }
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        let detail = error.to_string();
        let unavailable = |code, detail| Self::Plain(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        match error {
            LedgerError::Refused(refusal) => refusal.into(),
            LedgerError::Busy => unavailable("busy", detail),
            LedgerError::Stopping => unavailable("stopping", detail),
            LedgerError::Damaged(_) => unavailable("ledger_damaged", detail),
            LedgerError::Storage(trouble) => match trouble.kind {
                Trouble::Full => Self::Plain(StatusCode::INSUFFICIENT_STORAGE, "storage_full", detail),
                Trouble::ReadOnly => unavailable("storage_read_only", detail),
                Trouble::Failed => unavailable("storage_failed", detail),
            },
        }
    }
}

impl From<Crowded> for ApiError {
    fn from(crowded: Crowded) -> Self {
        Self::Plain(StatusCode::SERVICE_UNAVAILABLE, "busy", crowded.to_string())
    }
}

impl From<ViewError> for ApiError {
    fn from(error: ViewError) -> Self {
        log::error!("views: {error}");
        Self::Plain(StatusCode::INTERNAL_SERVER_ERROR, "views_failed", error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(fields) => (StatusCode::BAD_REQUEST, Json(Value::Object(fields))).into_response(),
            Self::Later(seconds, detail) => {
                let body = Json(ErrorOut { detail, code: THROTTLED.to_owned() });
                (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], body)
                    .into_response()
            }
            Self::Plain(status, code, detail) => {
                let mut response = (status, Json(ErrorOut { detail, code: code.to_owned() })).into_response();
                let headers = response.headers_mut();
                if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::INSUFFICIENT_STORAGE {
                    headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
                }
                if status == StatusCode::UNAUTHORIZED {
                    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                }
                response
            }
        }
    }
}
