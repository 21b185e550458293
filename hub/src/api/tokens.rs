//! `/api/token/`: signing in, staying signed in, signing out.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::api::TokenOut;
use protocol::event::Actor;
use protocol::ids::Id;
use protocol::staff::{Session, User};
use serde_json::{Value, json};

use super::error::ApiError;
use super::extract::Body;
use super::form::Form;
use super::requests::{CredentialsIn, RefreshIn};
use super::{Hub, new_id};
use crate::auth::passwords::PASSWORD_CHARS_MAX;
use crate::auth::tokens::{Claims, Kind, Pair, REFRESH_FOR, TokenError};
use crate::ledger::command::{Command, Refusal, Request, StaffCommand};
use crate::ledger::{LedgerError, Outcome};

/// Longest token taken, in characters; ours have about 400.
const TOKEN_CHARS_MAX: usize = 2_000;

/// Signs in.
#[utoipa::path(post, path = "/api/token/", tag = "token", request_body = CredentialsIn,
    responses((status = 200, body = TokenOut), (status = 400), (status = 401), (status = 429)))]
pub(super) async fn obtain(State(hub): State<Hub>, body: Body) -> Result<Json<TokenOut>, ApiError> {
    let mut form = Form::new(body.json)?;
    let username = form.text("username", protocol::staff::USERNAME_CHARS_MAX);
    let username = form.required("username", username).unwrap_or_default().trim().to_lowercase();
    let password = form.text("password", PASSWORD_CHARS_MAX);
    let password = form.required("password", password).unwrap_or_default();
    form.finish()?;
    let staff = hub.ledger.state().staff.clone();
    let user = staff.by_username(&username).filter(|user| user.is_active).cloned();
    // The ledger asks again; here it saves the work of looking.
    let tries = user.as_ref().and_then(|user| staff.wrong_tries.get(&user.id));
    if let Some(seconds) = tries.and_then(|tries| tries.wait_s(hub.now_ms())) {
        return Err(Refusal::Wait { seconds }.into());
    }
    let hashed = user.as_ref().and_then(|user| user.password.clone());
    let is_right = hub.auth.passwords.is_right(password, hashed).await?;
    let Some(user) = user else {
        log::warn!("token: nobody is called so, or the account is closed");
        return Err(ApiError::no_such_account());
    };
    let actor = Actor::user(&user);
    if !is_right {
        log::warn!("token: wrong password user.id={}", user.id);
        hub.staff(actor, StaffCommand::Refuse { user: user.id }).await?;
        return Err(ApiError::no_such_account());
    }
    let expires_ms = hub.now_ms() + REFRESH_FOR.as_millis() as i64;
    let session = Session { id: new_id(), user: user.id, generation: 0, expires_ms };
    hub.staff(actor, StaffCommand::Begin(session)).await?;
    log::info!("token: signed in user.id={}", user.id);
    Ok(Json(hub.token_out(&user, hub.auth.tokens.issue(user.id, session.id, 0, hub.now_ms()))))
}

/// Exchanges a refresh token for the next pair. Each is taken once; one that comes again ends the whole session.
#[utoipa::path(post, path = "/api/token/refresh/", tag = "token", request_body = RefreshIn,
    responses((status = 200, body = TokenOut), (status = 400), (status = 401)))]
pub(super) async fn refresh(State(hub): State<Hub>, body: Body) -> Result<Json<TokenOut>, ApiError> {
    let claims = hub.read_refresh(body)?;
    let user = hub.user(&claims)?;
    let expires_ms = hub.now_ms() + REFRESH_FOR.as_millis() as i64;
    let Claims { sid: session, generation, .. } = claims;
    hub.staff(Actor::user(&user), StaffCommand::Refresh { session, generation, expires_ms }).await?;
    // Where the token had been used, the session has ended instead.
    if !hub.ledger.state().staff.sessions.contains_key(&session) {
        log::warn!("token: a refresh token came again, the session is ended user.id={}", user.id);
        return Err(ApiError::token(TokenError::Invalid));
    }
    let pair = hub.auth.tokens.issue(user.id, session, generation + 1, hub.now_ms());
    Ok(Json(hub.token_out(&user, pair)))
}

/// Signs out: the session of a refresh token ends.
#[utoipa::path(post, path = "/api/token/blacklist/", tag = "token", request_body = RefreshIn,
    responses((status = 200), (status = 400), (status = 401)))]
pub(super) async fn blacklist(
    State(hub): State<Hub>,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let claims = hub.read_refresh(body)?;
    let user = hub.user(&claims)?;
    hub.staff(Actor::user(&user), StaffCommand::End { session: claims.sid }).await?;
    Ok((StatusCode::OK, Json(json!({}))))
}

impl Hub {
    /// The ledger's time, which never goes back.
    fn now_ms(&self) -> i64 {
        self.clock.now_ms().max(self.ledger.state().counters.last_ms)
    }

    async fn staff(&self, actor: Actor, command: StaffCommand) -> Result<Outcome, LedgerError> {
        self.ledger.call(Request { actor, keys: Vec::new(), command: Command::Staff(command) }, 0).await
    }

    fn read_refresh(&self, body: Body) -> Result<Claims, ApiError> {
        let mut form = Form::new(body.json)?;
        let token = form.text("refresh", TOKEN_CHARS_MAX);
        let token = form.required("refresh", token).unwrap_or_default();
        form.finish()?;
        self.auth.tokens.read(&token, Kind::Refresh, self.now_ms()).map_err(ApiError::token)
    }

    /// Whose token it is, where the session still stands.
    pub(super) fn user(&self, claims: &Claims) -> Result<std::sync::Arc<User>, ApiError> {
        let staff = self.ledger.state().staff.clone();
        let session = staff.sessions.get(&claims.sid).filter(|session| session.user == claims.user_id);
        let user = session.and_then(|session| staff.users.get(&session.user)).filter(|user| user.is_active);
        user.cloned().ok_or_else(|| ApiError::token(TokenError::Invalid))
    }

    /// Who shows an access token.
    pub(super) fn bearer(&self, token: &str) -> Result<std::sync::Arc<User>, ApiError> {
        let claims = self.auth.tokens.read(token, Kind::Access, self.now_ms()).map_err(ApiError::token)?;
        self.user(&claims)
    }

    fn token_out(&self, user: &User, pair: Pair) -> TokenOut {
        let outlet = self.ledger.state().outlet.clone();
        TokenOut {
            access: pair.access,
            refresh: pair.refresh,
            role: user.role,
            tenant_id: outlet.as_ref().map_or(Id::nil(), |outlet| outlet.id),
            outlet_id: outlet.map_or(0, |outlet| outlet.number),
        }
    }
}
