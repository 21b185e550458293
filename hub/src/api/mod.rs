//! REST, in the shapes of the framework that it replaces.
//!
//! A handler reads (`form`, `list`), asks the ledger, and answers in `protocol::api`'s shapes. Who may ask is one table
//! (`audience`), enforced before any handler; each receives who asks (`extract::Asker`). Handlers and document are one: `routes!` puts both into the same table, and
//! `GET /api/schema/` is what that table says.

pub mod about;
pub mod audience;
mod audit;
mod beside;
mod catalogue;
mod categories;
mod customers;
mod devices;
mod discounts;
mod document;
pub mod error;
mod etag;
pub mod extract;
pub mod form;
mod kept;
mod limits;
pub mod list;
mod modifier_groups;
mod modifiers;
mod order_items;
mod order_list;
mod orders;
mod outlets;
mod payments;
mod pictures;
mod products;
mod promotions;
mod requests;
mod settings;
mod staff;
mod tenants;
mod tokens;
mod uplink;
mod users;
mod work;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router};
use protocol::api::Context;
use protocol::ids::Id;
use protocol::settings::Settings;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::about::About;
use self::error::ApiError;
pub use self::kept::Kept;
use crate::auth::Gate;
use crate::guests::Guests;
use crate::ledger::Ledger;
use crate::ledger::record::Cursor;
use crate::pictures::Pictures;
use crate::schedule::Schedule;
use crate::views::Views;

/// What handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    /// Takes every change.
    pub ledger: Arc<Ledger>,
    /// Answers for orders.
    pub views: Views,
    /// Knows who asks.
    pub gate: Gate,
    /// Reads what is personal of guests.
    pub guests: Arc<Guests>,
    /// What a stranger may know.
    pub about: Arc<About>,
    /// What holds where nobody has set anything.
    pub defaults: Settings,
    /// Keeps pictures.
    pub pictures: Arc<Pictures>,
    /// What the hub does by itself; none where it does nothing.
    pub schedule: Option<Schedule>,
    /// Keeps lists of the menu as they were answered.
    pub kept: Arc<Kept>,
    /// Says what the relay has.
    pub uplink: tokio::sync::watch::Receiver<crate::uplink::Status>,
}

impl Hub {
    /// The hub's own settings, as they hold now.
    pub fn settings(&self) -> Settings {
        self.ledger.state().work.settings.unwrap_or(self.defaults)
    }

    /// What answers about orders need of the outlet.
    pub fn context(&self) -> Context {
        match &self.ledger.state().outlet {
            Some(outlet) => Context::of(outlet),
            None => Context {
                outlet_number: 0,
                currency: String::new(),
                currency_exponent: 0,
                tz: jiff::tz::TimeZone::UTC,
            },
        }
    }
}

/// The document's head; its paths come from the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Outlet Hub API",
        description = "The hub of a restaurant outlet. Amounts are integers in the currency's minor unit; times carry \
                       the outlet's offset. A write may be repeated under the same `id` or `Idempotency-Key`: the same \
                       content is answered as before, other content with 409. 201 means: on disk.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(protocol::live::OrderChange, protocol::live::CatalogueChange))
)]
struct Document;

/// Smallest answer that is compressed: what fits into one packet gains nothing.
const COMPRESSED_FROM_BYTES: u16 = 1_400;

fn table() -> OpenApiRouter<Hub> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(tokens::obtain))
        .routes(routes!(tokens::pin))
        .routes(routes!(tokens::refresh))
        .routes(routes!(tokens::blacklist))
        .routes(routes!(about::about))
        .routes(routes!(audit::list))
        .routes(routes!(uplink::detail))
        .routes(routes!(staff::list))
        .routes(routes!(devices::list))
        .routes(routes!(devices::me))
        .routes(routes!(devices::pair))
        .routes(routes!(devices::detail, devices::patch))
        .routes(routes!(devices::revoke))
        .routes(routes!(devices::make_code))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::detail, users::patch))
        .routes(routes!(outlets::list))
        .routes(routes!(outlets::detail, outlets::patch))
        .routes(routes!(settings::retrieve, settings::partial_update))
        .routes(routes!(work::list))
        .routes(routes!(work::runs))
        .routes(routes!(work::run))
        .routes(routes!(work::days))
        .routes(routes!(work::day))
        .routes(routes!(tenants::list))
        .routes(routes!(tenants::detail))
        .routes(routes!(categories::list, categories::create))
        .routes(routes!(categories::detail, categories::replace, categories::patch, categories::remove))
        .routes(routes!(modifier_groups::list, modifier_groups::create))
        .routes(routes!(
            modifier_groups::detail,
            modifier_groups::replace,
            modifier_groups::patch,
            modifier_groups::remove
        ))
        .routes(routes!(modifiers::list, modifiers::create))
        .routes(routes!(modifiers::detail, modifiers::replace, modifiers::patch, modifiers::remove))
        .routes(routes!(products::list, products::create))
        .routes(routes!(products::detail, products::replace, products::patch, products::remove))
        .routes(routes!(pictures::set_image, pictures::remove_image))
        .routes(routes!(promotions::list, promotions::create))
        .routes(routes!(promotions::detail, promotions::replace, promotions::patch, promotions::remove))
        .routes(routes!(orders::list, orders::create))
        .routes(routes!(orders::detail, orders::patch))
        .routes(routes!(orders::add_items))
        .routes(routes!(orders::cancel))
        .routes(routes!(discounts::discount))
        .routes(routes!(promotions::set_codes))
        .routes(routes!(order_items::list, order_items::create))
        .routes(routes!(order_items::detail, order_items::patch))
        .routes(routes!(order_items::void))
        .routes(routes!(payments::list, payments::create))
        .routes(routes!(payments::detail))
        .routes(routes!(customers::list, customers::create))
        .routes(routes!(customers::detail, customers::replace, customers::patch, customers::remove))
        .routes(routes!(customers::export))
        .routes(routes!(customers::forget))
}

/// The `OpenAPI` document.
pub fn document() -> serde_json::Value {
    document::finish(serde_json::to_value(table().into_openapi()).expect("a document is JSON"))
}

/// Every route below `/api/`, with its document and its browsable page.
pub fn router(hub: Hub, body_bytes_max: usize) -> Router {
    let (routes, _) = table().split_for_parts();
    let document = document();
    let swagger = utoipa_swagger_ui::SwaggerUi::new("/api/schema/swagger-ui")
        .config(utoipa_swagger_ui::Config::from("/api/schema/").validator_url("none"))
        .external_url_unchecked(
            "/api/schema/openapi.json",
            serde_json::to_value(&document).unwrap_or_default(),
        );
    let schema = Json(document);
    let swagger: Router<Hub> = swagger.into();
    routes
        .layer(middleware::from_fn_with_state(hub.clone(), audience::admit))
        .route("/api/schema/", axum::routing::get(move || async move { schema }))
        .merge(swagger)
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(limits::accept))
        .layer(axum::extract::DefaultBodyLimit::max(body_bytes_max))
        .layer(middleware::from_fn(etag::tag))
        .layer(compression())
        .with_state(hub)
}

/// Lists are text that repeats itself: a page of the menu is a quarter of its size, on a Wi-Fi that everybody shares. Quick rather
/// than small, because the box is slower than the network.
fn compression() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(COMPRESSED_FROM_BYTES))
}

/// An address without its closing slash leads to the one with it, as before; anything else is not there.
async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") && !path.ends_with('/') {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("{path}/{query}")).into_response();
    }
    ApiError::not_found().into_response()
}

async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::method_not_allowed(&format!("Method \"{method}\" not allowed."))
}

/// Headers that say which part of the ledger an answer contains, so that live messages continue from there.
fn ledger_headers(cursor: &Cursor) -> [(&'static str, String); 2] {
    [("x-ledger-epoch", cursor.epoch.to_string()), ("x-ledger-seq", cursor.seq.to_string())]
}

/// For answers that nobody on the way may keep.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// 201 for what is new, 200 for what was so already.
fn created<T: serde::Serialize>(is_new: bool, body: T) -> Response {
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    (status, NO_STORE, Json(body)).into_response()
}

/// A new identity: a `UUIDv7`, by the machine's clock.
fn new_id() -> Id {
    Id::now_v7()
}
