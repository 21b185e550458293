//! `/api/token/`: signing in, by password or by PIN, staying signed in, signing out.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use protocol::api::{PersonOut, TokenOut};
use protocol::event::Actor;
use protocol::ids::Id;
use protocol::staff::{PIN_DIGITS_MAX, Session, User};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{Asker, Body};
use super::form::Form;
use super::requests::{CredentialsIn, PinIn, RefreshIn};
use super::{Hub, NO_STORE, new_id};
use crate::auth::passwords::PASSWORD_CHARS_MAX;
use crate::auth::tokens::{Claims, Kind, Pair, REFRESH_FOR, TokenError};
use crate::auth::{Denied, Who};
use crate::ledger::LedgerError;
use crate::ledger::command::{Command, Refusal, Request, StaffCommand};

/// Longest token taken, in characters; ours have about 400.
const TOKEN_CHARS_MAX: usize = 2_000;

/// An empty object: there is nothing to say.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignedOut {}

/// A pair of tokens, which nobody on the way may keep.
type Tokens = ([(HeaderName, &'static str); 1], Json<TokenOut>);

/// Signs in by password.
#[utoipa::path(post, path = "/api/token/", tag = "token", request_body = CredentialsIn,
    responses((status = 200, body = TokenOut), (status = 400), (status = 401), (status = 403), (status = 429)))]
pub(super) async fn obtain(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Tokens, ApiError> {
    let mut form = Form::new(body.json)?;
    let username = form.text("username", protocol::staff::USERNAME_CHARS_MAX);
    let username = form.required("username", username).unwrap_or_default().trim().to_lowercase();
    let password = form.text("password", PASSWORD_CHARS_MAX);
    let password = form.required("password", password).unwrap_or_default();
    form.finish()?;
    if !asker.0.is_safe {
        return Err(Denied::HttpsNeeded.into());
    }
    let staff = hub.ledger.state().staff.clone();
    let user = staff.by_username(&username).filter(|user| user.is_active).cloned();
    // The ledger asks again; here it saves the work of looking.
    let tries = user.as_ref().and_then(|user| staff.wrong_tries.get(&user.id));
    if let Some(seconds) = tries.and_then(|tries| tries.wait_s(hub.gate.now_ms())) {
        return Err(Refusal::Wait { seconds }.into());
    }
    let hashed = user.as_ref().and_then(|user| user.password.clone());
    let is_right = hub.gate.auth.passwords.is_right(password, hashed).await?;
    let Some(user) = user else {
        log::warn!("token: nobody is called so, or the account is closed");
        return Err(ApiError::no_such_account());
    };
    if !is_right {
        log::warn!("token: wrong password user.id={}", user.id);
        hub.staff(Actor::user(&user), StaffCommand::Refuse { user: user.id }).await?;
        return Err(ApiError::no_such_account());
    }
    let session = hub.new_session(user.id);
    // By password from anywhere: the session is not tied to the device that it began on.
    hub.staff(Actor::user(&user), StaffCommand::Begin(session)).await?;
    log::info!("token: signed in user.id={}", user.id);
    Ok(hub.tokens(&user, &session))
}

/// Signs in by PIN, on a paired device.
#[utoipa::path(post, path = "/api/token/pin/", tag = "token", request_body = PinIn,
    responses((status = 200, body = TokenOut), (status = 400), (status = 401), (status = 403), (status = 429)))]
pub(super) async fn pin(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Tokens, ApiError> {
    let mut form = Form::new(body.json)?;
    let user = form.id("user");
    let user = form.required("user", user).unwrap_or_default();
    let pin = form.text("pin", PIN_DIGITS_MAX);
    let pin = form.required("pin", pin).unwrap_or_default();
    form.finish()?;
    let who = asker.0;
    if who.device.is_none() {
        return Err(Denied::NotPaired.into());
    }
    let in_charge = |user: &User| user.role.is_in_charge();
    if !who.is_safe && hub.ledger.state().staff.active(user).is_some_and(|user| in_charge(user)) {
        return Err(Denied::HttpsNeeded.into());
    }
    let Some(user) = hub.gate.check_pin(&who, user, &pin).await? else { return Err(ApiError::wrong_pin()) };
    let session = hub.new_session(user.id);
    let who = Who { user: Some(user.clone()), ..who };
    let command = Command::Staff(StaffCommand::BeginByPin(session));
    hub.ledger.call(who.request(Vec::new(), command), 0).await?;
    log::info!("token: signed in by PIN user.id={}", user.id);
    Ok(hub.tokens(&user, &session))
}

/// Exchanges a refresh token for the next pair. Each is taken once; one that comes again ends the whole session.
#[utoipa::path(post, path = "/api/token/refresh/", tag = "token", request_body = RefreshIn,
    responses((status = 200, body = TokenOut), (status = 400), (status = 401)))]
pub(super) async fn refresh(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Tokens, ApiError> {
    let claims = hub.read_refresh(body)?;
    let user = hub.gate.signed_in(&claims, asker.0.device.as_deref())?;
    let expires_ms = hub.session_end_ms();
    let Claims { sid, generation, .. } = claims;
    hub.staff(Actor::user(&user), StaffCommand::Refresh { session: sid, generation, expires_ms }).await?;
    // Where the token had been used, the session has ended instead.
    let session = hub.ledger.state().staff.sessions.get(&sid).map(|signed_in| signed_in.session);
    let Some(session) = session else {
        log::warn!("token: a refresh token came again, the session is ended user.id={}", user.id);
        return Err(ApiError::token(TokenError::Invalid));
    };
    Ok(hub.tokens(&user, &Session { generation: generation + 1, ..session }))
}

/// Signs out: the session of a refresh token ends.
#[utoipa::path(post, path = "/api/token/blacklist/", tag = "token", request_body = RefreshIn,
    responses((status = 200, body = SignedOut), (status = 400), (status = 401)))]
pub(super) async fn blacklist(
    State(hub): State<Hub>,
    asker: Asker,
    body: Body,
) -> Result<Json<SignedOut>, ApiError> {
    let claims = hub.read_refresh(body)?;
    let user = hub.gate.signed_in(&claims, asker.0.device.as_deref())?;
    hub.staff(Actor::user(&user), StaffCommand::End { session: claims.sid }).await?;
    Ok(Json(SignedOut {}))
}

impl Hub {
    async fn staff(&self, actor: Actor, command: StaffCommand) -> Result<(), LedgerError> {
        self.ledger.call(Request::of(actor, Vec::new(), Command::Staff(command)), 0).await.map(drop)
    }

    fn session_end_ms(&self) -> i64 {
        self.gate.now_ms() + REFRESH_FOR.as_millis() as i64
    }

    fn new_session(&self, user: Id) -> Session {
        Session { id: new_id(), user, generation: 0, expires_ms: self.session_end_ms() }
    }

    fn read_refresh(&self, body: Body) -> Result<Claims, ApiError> {
        let mut form = Form::new(body.json)?;
        let token = form.text("refresh", TOKEN_CHARS_MAX);
        let token = form.required("refresh", token).unwrap_or_default();
        form.finish()?;
        self.gate.auth.tokens.read(&token, Kind::Refresh, self.gate.now_ms()).map_err(ApiError::token)
    }

    fn tokens(&self, user: &User, session: &Session) -> Tokens {
        let outlet = self.ledger.state().outlet.clone();
        let Session { id, generation, .. } = *session;
        let Pair { access, refresh } =
            self.gate.auth.tokens.issue(user.id, id, generation, self.gate.now_ms());
        let out = TokenOut {
            access,
            refresh,
            role: user.role,
            tenant_id: outlet.as_ref().map_or(Id::nil(), |outlet| outlet.id),
            outlet_id: outlet.map_or(0, |outlet| outlet.number),
            user: PersonOut { id: user.id, name: user.name.clone() },
        };
        (NO_STORE, Json(out))
    }
}
