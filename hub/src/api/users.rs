//! `/api/users/`: the accounts of those who work here.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use protocol::api::{Page, UserOut};
use protocol::catalogue::NAME_CHARS_MAX;
use protocol::ids::Id;
use protocol::staff::{PIN_DIGITS_MAX, PIN_DIGITS_MIN, Permission, Role, USERNAME_CHARS_MAX, User, is_pin};
use serde_json::Value;
use uuid::Uuid;

use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::requests::UserIn;
use super::{Hub, created, new_id};
use crate::auth::passwords::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::ledger::OutcomeKind;
use crate::ledger::command::{Change, Command, StaffCommand, UserPatch};

/// Accounts, by username.
#[utoipa::path(get, path = "/api/users/", tag = "users",
    params(
        ("role" = Option<Role>, Query, description = "Only those of a role."),
        ("is_active" = Option<bool>, Query, description = "Only those who may sign in, or only the others."),
        ("search" = Option<String>, Query, description = "Words to look for: username, name."),
        ("ordering" = Option<String>, Query, description = "Fields to order by; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<UserOut>), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<UserOut>>, ApiError> {
    let (words, is_active) = (query.search(), query.boolean("is_active")?);
    let role = query.choice("role", Role::from_word)?;
    let staff = hub.ledger.state().staff.clone();
    let mut rows: Vec<UserOut> = staff
        .users
        .values()
        .filter(|user| role.is_none_or(|role| user.role == role))
        .filter(|user| is_active.is_none_or(|is_active| user.is_active == is_active))
        .filter(|user| matches(&words, &[&user.username, &user.name]))
        .map(|user| UserOut::of(user, staff.pins.contains_key(&user.id)))
        .collect();
    rows.sort_by(|one, other| one.username.cmp(&other.username));
    order_by(&mut rows, &query.ordering(&["username", "name", "role"]), |field, one, other| match field {
        "username" => one.username.cmp(&other.username),
        "name" => one.name.cmp(&other.name),
        "role" => one.role.word().cmp(other.role.word()),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows)?))
}

/// An account.
#[utoipa::path(get, path = "/api/users/{id}/", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<UserOut>, ApiError> {
    out(&hub, id).map(Json)
}

/// Opens an account.
#[utoipa::path(post, path = "/api/users/", tag = "users", request_body = UserIn,
    responses((status = 201, body = UserOut), (status = 400), (status = 401), (status = 403), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let given = form.id("id");
    let fields = read(&mut form);
    form.required("username", fields.username.as_ref().map(|_| ()));
    form.required("role", fields.role.map(|_| ()));
    if fields.password.is_none() && !matches!(fields.pin, Some(Some(_))) {
        form.error("password", "An account needs a password, a PIN, or both.");
    }
    form.finish()?;
    allow(&asker, None, fields.role)?;
    send(&hub, asker, &body, given, given.unwrap_or_else(new_id), true, fields).await
}

/// Changes fields of an account. Another role, password or PIN, and closing it, sign its owner out everywhere.
#[utoipa::path(patch, path = "/api/users/{id}/", tag = "users", request_body = UserIn,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = UserOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let fields = read(&mut form);
    form.finish()?;
    allow(&asker, Some(&*find(&hub, id)?), fields.role)?;
    send(&hub, asker, &body, None, id, false, fields).await
}

/// Fields as sent: the password in the clear.
fn read(form: &mut Form) -> UserPatch {
    let password = form.text("password", PASSWORD_CHARS_MAX);
    if password.as_ref().is_some_and(|password| password.chars().count() < PASSWORD_CHARS_MIN) {
        form.error("password", format!("Ensure this field has at least {PASSWORD_CHARS_MIN} characters."));
    }
    let is_told = form.has("pin");
    let pin = match form.take("pin") {
        // `null` takes it away.
        None => is_told.then_some(None),
        Some(Value::String(pin)) if is_pin(&pin) => Some(Some(pin)),
        Some(_) => {
            form.error("pin", format!("A PIN has {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits."));
            None
        }
    };
    UserPatch {
        username: form.name("username", USERNAME_CHARS_MAX).map(|name| name.to_lowercase()),
        name: form.name("name", NAME_CHARS_MAX),
        role: form.choice("role", Role::from_word),
        password,
        pin,
        is_active: form.boolean("is_active"),
    }
}

/// Owners are made and changed by owners.
fn allow(asker: &Asker, current: Option<&User>, role: Option<Role>) -> Result<(), ApiError> {
    if role == Some(Role::Owner) || current.is_some_and(|user| user.role == Role::Owner) {
        asker.0.require(Permission::ManageOwners)?;
    }
    Ok(())
}

async fn send(
    hub: &Hub,
    asker: Asker,
    body: &Body,
    given: Option<Id>,
    id: Id,
    is_new: bool,
    mut fields: UserPatch,
) -> Result<Response, ApiError> {
    let passwords = &hub.gate.auth.passwords;
    if let Some(password) = fields.password.take() {
        fields.password = Some(passwords.hash(password).await?);
    }
    if let Some(Some(pin)) = fields.pin.take_if(|pin| pin.is_some()) {
        fields.pin = Some(Some(passwords.hash(pin).await?));
    }
    let change = if is_new { Change::Create(fields) } else { Change::Update(fields) };
    let command = Command::Staff(StaffCommand::User(id, change));
    let request = asker.0.request(body.keys(given), command);
    let outcome = hub.ledger.call(request, body.bytes).await?;
    Ok(created(is_new && outcome.kind != OutcomeKind::Nothing, out(hub, outcome.subject)?))
}

fn out(hub: &Hub, id: Id) -> Result<UserOut, ApiError> {
    let has_pin = hub.ledger.state().staff.pins.contains_key(&id);
    find(hub, id).map(|user| UserOut::of(&user, has_pin))
}

fn find(hub: &Hub, id: Id) -> Result<std::sync::Arc<User>, ApiError> {
    hub.ledger.state().staff.users.get(&id).cloned().ok_or_else(ApiError::not_found)
}
