//! Claiming: a code that head office made becomes this hub's own credential.

use std::path::Path;
use std::time::Duration;

use protocol::ids::Id;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use url::Url;

use super::credential::{Credential, relay_url};
use super::line::{SOFTWARE, trust};

/// How long the relay may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Where claims are answered, below the relay's address.
const PATH: &str = "/api/hubs/claim/";

/// Why a hub was not claimed. Nothing has changed, but where it says so.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// What was typed leads nowhere.
    #[error("{0}")]
    Address(String),
    /// It is claimed already.
    #[error("this hub is claimed already, at {0}; use --again to claim it anew")]
    Claimed(Url),
    /// The relay could not be asked.
    #[error("the relay cannot be reached: {0}")]
    Unreachable(String),
    /// The relay does not take the code.
    #[error("the relay refuses the code: {0}")]
    Code(String),
    /// It answered something else.
    #[error("the relay answers {0}: {1}")]
    Answer(StatusCode, String),
    /// The credential is there, and cannot be kept: the code is used up.
    #[error("the credential cannot be kept, and the code is used up: {0}")]
    Keep(std::io::Error),
}

#[derive(Serialize)]
struct Ask<'code> {
    code: &'code str,
    software: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    tenant_id: Id,
    outlet_id: Id,
    hub_id: Id,
    secret: String,
    uplink_path: String,
}

/// What a relay says of a code that it does not take.
#[derive(Deserialize, Default)]
struct Refused {
    #[serde(default)]
    code: Vec<String>,
    #[serde(default)]
    detail: String,
}

/// Exchanges a code for a credential, and keeps that; a hub that runs begins to replicate within seconds. `authority` is the certificate, as
/// PEM, of whoever vouches for the relay where that is none of the system's.
pub async fn claim(
    data_dir: &Path,
    address: &str,
    code: &str,
    authority: Option<String>,
    again: bool,
) -> Result<Credential, ClaimError> {
    let url = relay_url(address).map_err(ClaimError::Address)?;
    // One that cannot be read is no reason not to get another.
    if let Ok(Some(kept)) = Credential::open(data_dir)
        && !again
    {
        return Err(ClaimError::Claimed(kept.url));
    }
    let tls = trust(authority.as_deref()).map_err(ClaimError::Address)?;
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).timeout(ANSWER_WITHIN);
    let client = client.build().map_err(|error| unreachable(&error))?;
    let ask = Ask { code, software: SOFTWARE };
    let mut at = url.clone();
    at.set_path(PATH);
    let answer = client.post(at).json(&ask).send().await.map_err(|error| unreachable(&error))?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(|error| unreachable(&error))?;
    if !status.is_success() {
        return Err(refusal(status, &body));
    }
    let answer: Answer = serde_json::from_slice(&body)
        .map_err(|_| ClaimError::Answer(status, "what no relay would".to_owned()))?;
    let ids = (answer.tenant_id, answer.outlet_id, answer.hub_id);
    let credential = Credential::new(url, answer.uplink_path, ids, answer.secret, authority);
    credential.keep(data_dir).map_err(ClaimError::Keep)?;
    Ok(credential)
}

fn refusal(status: StatusCode, body: &[u8]) -> ClaimError {
    let refused: Refused = serde_json::from_slice(body).unwrap_or_default();
    match refused.code.into_iter().next() {
        Some(why) if status == StatusCode::BAD_REQUEST => ClaimError::Code(why),
        _ if refused.detail.is_empty() => {
            ClaimError::Answer(status, String::from_utf8_lossy(body).chars().take(200).collect())
        }
        _ => ClaimError::Answer(status, refused.detail),
    }
}

/// With what it comes from: the library's own words stop at "error sending request".
fn unreachable(error: &reqwest::Error) -> ClaimError {
    let words = error.to_string();
    let mut source = None;
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        source = Some(next.to_string());
        inner = next;
    }
    ClaimError::Unreachable(source.map_or_else(|| words.clone(), |source| format!("{words}: {source}")))
}
