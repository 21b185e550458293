//! `/api/promotions/`, and `/api/orders/{id}/promotions/`: which codes a guest named.

mod read;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::api::{Context, OrderOut, Page, PromotionOut, PromotionTrigger};
use protocol::ids::Id;
use protocol::promotion::{CODES_MAX, State as Standing};
use protocol::staff::Permission;
use uuid::Uuid;

use super::catalogue::order_by;
use super::error::ApiError;
use super::extract::{Asker, Body, PathId};
use super::form::Form;
use super::list::{Query, matches};
use super::orders::{answer as order_answer, order_id};
use super::requests::{CodesIn, PromotionIn};
use super::{Hub, created, new_id};
use crate::auth::Who;
use crate::ledger::command::{Change, Command, PromotionCommand};
use crate::ledger::{Outcome, OutcomeKind};
use crate::views::KeptPromotion;

/// Longest code that is looked at.
pub(super) const CODE_CHARS_MAX: usize = *protocol::promotion::CODE_CHARS.end();

/// Whether somebody may know a promotion: a code is for those who sell by it, and for those who make it.
fn may_know(who: &Who, kept: &KeptPromotion) -> bool {
    kept.promotion.code.is_none() || who.may(Permission::Sell) || who.may(Permission::ChangeMenu)
}

fn shape(kept: &KeptPromotion, at_ms: i64, context: &Context) -> PromotionOut {
    PromotionOut::new(&kept.promotion, kept.facts(), at_ms, context)
}

/// All promotions, in the order in which they are applied.
#[utoipa::path(get, path = "/api/promotions/", tag = "promotions",
    params(
        ("is_active" = Option<bool>, Query, description = "Only those switched on, or only those switched off."),
        ("trigger" = Option<PromotionTrigger>, Query, description = "Only those that everybody gets, or only those by code."),
        ("state" = Option<Vec<Standing>>, Query, style = Form, explode = false, description = "One or more, joined by commas."),
        ("search" = Option<String>, Query, description = "Words to look for in name and code."),
        ("ordering" = Option<String>, Query,
            description = "`name`, `priority`, `start_date`, `created_at`; `-` before one goes down."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<PromotionOut>)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    asker: Asker,
    query: Query,
) -> Result<Json<Page<PromotionOut>>, ApiError> {
    let is_active = query.boolean("is_active")?;
    let trigger = query.parse("trigger", "Select a valid choice.", read::trigger)?;
    let mut states = Vec::new();
    for word in query.all("state") {
        let state = Standing::ALL.into_iter().find(|state| state.word() == word);
        let message = format!("Select a valid choice. {word} is not one of the available choices.");
        states.push(state.ok_or_else(|| ApiError::field("state", message))?);
    }
    let words = query.search();
    let (at_ms, context) = (hub.gate.clock.now_ms(), hub.context());
    let promotions = hub.ledger.state().promotions.clone();
    let mut kept: Vec<_> = promotions
        .by_id
        .values()
        .filter(|kept| may_know(&asker.0, kept))
        .filter(|kept| is_active.is_none_or(|active| kept.promotion.is_active == active))
        .filter(|kept| trigger.is_none_or(|by_code| kept.promotion.code.is_some() == by_code))
        .collect();
    kept.sort_by_key(|kept| kept.promotion.place());
    let mut rows: Vec<PromotionOut> = kept
        .into_iter()
        .map(|kept| shape(kept, at_ms, &context))
        .filter(|row| states.is_empty() || states.contains(&row.state))
        .filter(|row| matches(&words, &[&row.name, &row.code]))
        .collect();
    let known = ["name", "priority", "start_date", "created_at"];
    order_by(&mut rows, &query.ordering(&known), |field, one, other| match field {
        "name" => one.name.cmp(&other.name),
        "priority" => one.priority.cmp(&other.priority),
        "start_date" => one.start_date.cmp(&other.start_date),
        "created_at" => one.created_at.cmp(&other.created_at),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(Json(query.page(rows)?))
}

fn find(hub: &Hub, who: &Who, id: Id) -> Result<PromotionOut, ApiError> {
    let kept = hub.ledger.state().promotions.by_id.get(&id).cloned();
    let kept = kept.filter(|kept| may_know(who, kept)).ok_or_else(ApiError::not_found)?;
    Ok(shape(&kept, hub.gate.clock.now_ms(), &hub.context()))
}

/// A promotion.
#[utoipa::path(get, path = "/api/promotions/{id}/", tag = "promotions",
    params(("id" = Uuid, Path)), responses((status = 200, body = PromotionOut), (status = 404)))]
pub(super) async fn detail(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<PromotionOut>, ApiError> {
    find(&hub, &asker.0, id).map(Json)
}

/// Makes one.
#[utoipa::path(post, path = "/api/promotions/", tag = "promotions", request_body = PromotionIn,
    responses((status = 201, body = PromotionOut), (status = 400), (status = 409)))]
pub(super) async fn create(State(hub): State<Hub>, asker: Asker, body: Body) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let given = form.id("id");
    let patch = read::patch(&mut form, true);
    form.finish()?;
    let id = given.unwrap_or_else(new_id);
    let command = PromotionCommand::Change(id, Box::new(Change::Create(patch)));
    let outcome = send(&hub, &asker, &body, given, command).await?;
    answer(&hub, &asker, &outcome, true)
}

/// Replaces one.
#[utoipa::path(put, path = "/api/promotions/{id}/", tag = "promotions", request_body = PromotionIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = PromotionOut), (status = 400), (status = 404)))]
pub(super) async fn replace(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    update(&hub, &asker, id, &body, true).await
}

/// Changes fields of one; `null` empties those that may be empty.
#[utoipa::path(patch, path = "/api/promotions/{id}/", tag = "promotions", request_body = PromotionIn,
    params(("id" = Uuid, Path)), responses((status = 200, body = PromotionOut), (status = 400), (status = 404)))]
pub(super) async fn patch(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    body: Body,
) -> Result<Response, ApiError> {
    update(&hub, &asker, id, &body, false).await
}

async fn update(hub: &Hub, asker: &Asker, id: Id, body: &Body, is_whole: bool) -> Result<Response, ApiError> {
    let mut form = Form::new(body.json.clone())?;
    let patch = read::patch(&mut form, is_whole);
    form.finish()?;
    let command = PromotionCommand::Change(id, Box::new(Change::Update(patch)));
    let outcome = send(hub, asker, body, None, command).await?;
    answer(hub, asker, &outcome, false)
}

/// Takes one away. Orders that have it keep what it took off.
#[utoipa::path(delete, path = "/api/promotions/{id}/", tag = "promotions",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404)))]
pub(super) async fn remove(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Response, ApiError> {
    let command = Command::Promotion(PromotionCommand::Change(id, Box::new(Change::Remove)));
    hub.ledger.call(asker.0.request(Vec::new(), command), 0).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn send(
    hub: &Hub,
    asker: &Asker,
    body: &Body,
    given: Option<Id>,
    command: PromotionCommand,
) -> Result<Outcome, ApiError> {
    let request = asker.0.request(body.keys(given), Command::Promotion(command));
    Ok(hub.ledger.call(request, body.bytes).await?)
}

fn answer(hub: &Hub, asker: &Asker, outcome: &Outcome, is_create: bool) -> Result<Response, ApiError> {
    let promotion = find(hub, &asker.0, outcome.subject)?;
    Ok(created(is_create && outcome.kind != OutcomeKind::Nothing, promotion))
}

/// Says which codes the guest of an order named, instead of those before. Each has to run at the moment at which the order was priced.
#[utoipa::path(post, path = "/api/orders/{id}/promotions/", tag = "orders", request_body = CodesIn,
    params(("id" = String, Path)),
    responses((status = 200, body = OrderOut), (status = 400), (status = 404), (status = 409)))]
pub(super) async fn set_codes(
    State(hub): State<Hub>,
    asker: Asker,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let order = order_id(&id)?;
    let mut form = Form::new(body.json.clone())?;
    let codes = form.texts("codes", CODES_MAX, CODE_CHARS_MAX);
    let codes = form.required("codes", codes).unwrap_or_default();
    form.finish()?;
    let request = asker.0.request(body.keys(None), Command::SetCodes { order, codes });
    let outcome = hub.ledger.call(request, body.bytes).await?;
    order_answer(&hub, &outcome, false)
}
