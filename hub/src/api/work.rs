//! `/api/hub/jobs/` and `/api/hub/days/`: what the hub does by itself, and the business days that are over.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use protocol::api::{Context, DayOut, JobOut, JobRunOut, Page};
use protocol::outlet::business_date;
use protocol::settings::minute_text;
use protocol::work::Job;

use super::Hub;
use super::error::ApiError;
use super::extract::{Asker, PathId};
use super::list::{Query, matches};
use crate::schedule::{Look, Schedule};
use crate::views::work::{ClosedDay, Run};

/// What the hub does by itself, each job with its last run.
#[utoipa::path(get, path = "/api/hub/jobs/", tag = "jobs",
    params(
        ("search" = Option<String>, Query, description = "Words to look for: name."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<JobOut>), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<JobOut>>, ApiError> {
    let context = hub.context();
    let looks = hub.schedule.as_ref().map(Schedule::looks).unwrap_or_default();
    let words = query.search();
    let looks = looks.into_iter().filter(|look| matches(&words, &[look.job.word()]));
    Ok(Json(query.page(looks.map(|look| out(&hub, &look, &context)).collect())?))
}

/// The last runs of a job that did something or failed, newest first: at most fifty.
#[utoipa::path(get, path = "/api/hub/jobs/{id}/runs/", tag = "jobs",
    params(
        ("id" = Job, Path),
        ("search" = Option<String>, Query, description = "Words to look for: message, who asked."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<JobRunOut>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn runs(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(name): PathId<String>,
    query: Query,
) -> Result<Json<Page<JobRunOut>>, ApiError> {
    let look = find(&hub, &name)?;
    let work = hub.ledger.state().work.clone();
    let context = hub.context();
    let written = work.runs_of(look.job).map(|run| run_out(run, &context));
    let unwritten = look.unwritten.iter().map(|run| run_out(run, &context));
    let words = query.search();
    let rows = unwritten.chain(written).filter(|run| matches(&words, &[&run.message, &run.by]));
    Ok(Json(query.page(rows.collect())?))
}

/// Has a job done now.
#[utoipa::path(post, path = "/api/hub/jobs/{id}/run/", tag = "jobs", params(("id" = Job, Path)),
    responses((status = 202, body = JobOut), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn run(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(name): PathId<String>,
) -> Result<Response, ApiError> {
    let job = find(&hub, &name)?.job;
    let device = asker.0.device.as_ref().map(|device| device.id);
    let asked = hub.schedule.as_ref().map(|schedule| schedule.ask(job, asker.0.actor(), device));
    if asked.is_none_or(|asked| asked.is_err()) {
        let detail = "This is at work already. Wait until it is done.".to_owned();
        return Err(ApiError::Plain(StatusCode::CONFLICT, "already_running", detail));
    }
    let look = find(&hub, &name)?;
    Ok((StatusCode::ACCEPTED, Json(out(&hub, &look, &hub.context()))).into_response())
}

/// Business days that are over, the last one first, each as its orders stood when it was closed.
#[utoipa::path(get, path = "/api/hub/days/", tag = "days", operation_id = "list",
    params(
        ("search" = Option<String>, Query, description = "Words to look for: the date, such as `2026-11`."),
        ("page" = Option<u32>, Query, description = "Which page."),
        ("page_size" = Option<u32>, Query, description = "Rows of a page, at most 500."),
    ),
    responses((status = 200, body = Page<DayOut>), (status = 401), (status = 403)))]
pub(super) async fn days(
    State(hub): State<Hub>,
    _asker: Asker,
    query: Query,
) -> Result<Json<Page<DayOut>>, ApiError> {
    let (work, context) = (hub.ledger.state().work.clone(), hub.context());
    let words = query.search();
    let is_wanted = |day: &&Arc<ClosedDay>| matches(&words, &[&business_date(day.totals.day).to_string()]);
    let page = query.page(work.days.values().rev().filter(is_wanted).collect())?;
    let results = page.results.into_iter().map(|day| day_out(day, &context)).collect();
    Ok(Json(Page { count: page.count, next: page.next, previous: page.previous, results }))
}

/// A business day that is over, by the date on which it began.
#[utoipa::path(get, path = "/api/hub/days/{id}/", tag = "days",
    params(("id" = String, Path, format = Date, description = "`YYYY-MM-DD`.")),
    responses((status = 200, body = DayOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn day(
    State(hub): State<Hub>,
    _asker: Asker,
    PathId(date): PathId<Date>,
) -> Result<Json<DayOut>, ApiError> {
    let work = hub.ledger.state().work.clone();
    let day = work.days.values().find(|day| business_date(day.totals.day) == date);
    day.map(|day| Json(day_out(day, &hub.context()))).ok_or_else(ApiError::not_found)
}

fn find(hub: &Hub, name: &str) -> Result<Look, ApiError> {
    let job = Job::from_word(name).ok_or_else(ApiError::not_found)?;
    let looks = hub.schedule.as_ref().map(Schedule::looks).unwrap_or_default();
    looks.into_iter().find(|look| look.job == job).ok_or_else(ApiError::not_found)
}

fn out(hub: &Hub, look: &Look, context: &Context) -> JobOut {
    let work = hub.ledger.state().work.clone();
    let last = look.unwritten.as_ref().or_else(|| work.runs_of(look.job).next().map(|run| &**run));
    let time = |at_ms: Option<i64>| at_ms.map(|at_ms| context.time(at_ms));
    JobOut {
        name: look.job,
        every: look.every,
        at: look.at.map(minute_text),
        is_running: look.is_running,
        next_run_at: time(look.next_ms),
        last_look_at: time(look.looked_ms),
        last_run: last.map(|run| run_out(run, context)),
    }
}

fn run_out(run: &Run, context: &Context) -> JobRunOut {
    JobRunOut::of(&run.run, &run.by, context)
}

fn day_out(day: &ClosedDay, context: &Context) -> DayOut {
    DayOut::of(&day.totals, day.closed_ms, context)
}
