//! `/api/products/{id}/image/`

use axum::body::{Bytes, HttpBody as _};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::{Json, RequestExt};
use protocol::api::ProductOut;
use protocol::event::Key;
use uuid::Uuid;

use super::Hub;
use super::catalogue;
use super::error::ApiError;
use super::extract::{Asker, PathId, bytes_hash, header_key};
use super::products::Products;
use super::requests::PictureIn;
use crate::ledger::command::{CatalogueCommand, Change, Command, ProductPatch};
use crate::ledger::{LedgerError, StorageTrouble};
use crate::pictures::{PICTURE_BYTES_MAX, PictureError, refusal_of_type};

/// What a form adds around a picture: boundaries and a name.
const FORM_BYTES_MAX: usize = 64 << 10;
const FIELD: &str = "image";

/// A picture as it came, and the request's idempotency key.
#[derive(Debug)]
pub(super) struct Upload {
    picture: Bytes,
    header_key: Option<[u8; 16]>,
}

impl FromRequest<Hub> for Upload {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, hub: &Hub) -> Result<Self, ApiError> {
        let scope = format!("{} {}", request.method(), request.uri().path());
        let header_key = header_key(request.headers(), &scope)?;
        let kind = request.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or_default());
        let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        DefaultBodyLimit::max(PICTURE_BYTES_MAX + FORM_BYTES_MAX).apply(&mut request);
        let picture = match &kind[..] {
            "image/jpeg" | "image/jpg" | "image/png" | "image/webp" => raw(request).await?,
            "multipart/form-data" => field(request, hub).await?,
            other => {
                let detail = refusal_of_type(other);
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                return Err(ApiError::Plain(status, "unsupported_media_type", detail));
            }
        };
        if picture.len() > PICTURE_BYTES_MAX {
            return Err(too_large());
        }
        Ok(Self { picture, header_key })
    }
}

async fn raw(request: Request) -> Result<Bytes, ApiError> {
    // What is far too large need not come in first.
    if request.body().size_hint().lower() > 2 * PICTURE_BYTES_MAX as u64 {
        return Err(too_large());
    }
    request.extract::<Bytes, _>().await.map_err(|error| unread(error.status(), error.body_text()))
}

async fn field(request: Request, hub: &Hub) -> Result<Bytes, ApiError> {
    let form = Multipart::from_request(request, hub).await;
    let mut form = form.map_err(|error| unread(error.status(), error.body_text()))?;
    let unread = |error: MultipartError| unread(error.status(), error.body_text());
    let mut picture = None;
    while let Some(field) = form.next_field().await.map_err(unread)? {
        if field.name() == Some(FIELD) && picture.is_none() {
            picture = Some(field.bytes().await.map_err(unread)?);
        }
    }
    picture.ok_or_else(|| ApiError::field(FIELD, "No file was submitted."))
}

fn unread(status: StatusCode, detail: String) -> ApiError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    ApiError::Plain(StatusCode::BAD_REQUEST, "parse_error", detail)
}

fn too_large() -> ApiError {
    let detail = format!("A picture has at most {} MB.", PICTURE_BYTES_MAX >> 20);
    ApiError::Plain(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

impl From<PictureError> for ApiError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Disk(error) => LedgerError::Storage(StorageTrouble::of(&error)).into(),
            refused => Self::field(FIELD, refused.to_string()),
        }
    }
}

/// Gives a product its picture, made small: at most 800 × 800, as JPEG. Beside it, `….thumb.jpg` has at most 160 × 160.
#[utoipa::path(post, path = "/api/products/{id}/image/", tag = "products", params(("id" = Uuid, Path)),
    request_body(content(("image/jpeg"), ("image/png"), ("image/webp"), (PictureIn = "multipart/form-data")),
        description = "The picture as it is, or in a form's field `image`."),
    responses((status = 200, body = ProductOut), (status = 400), (status = 404), (status = 413), (status = 415),
        (status = 503), (status = 507)))]
pub(super) async fn set_image(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
    request: Request,
) -> Result<Json<ProductOut>, ApiError> {
    let Some(_room) = hub.pictures.receive() else {
        let detail = "Other pictures are on their way in. Send this one again in a moment.".to_owned();
        return Err(ApiError::Plain(StatusCode::SERVICE_UNAVAILABLE, "busy", detail));
    };
    let Upload { picture, header_key } = Upload::from_request(request, &hub).await?;
    // Behind the body, so that whoever sends it hears of it; before the work.
    let _ = catalogue::detail::<Products>(&hub, id)?;
    let content = bytes_hash(&picture);
    let address = hub.pictures.keep(picture).await?;
    let keys = header_key.map(|key| Key { key, content });
    change(&hub, &asker, id, keys.into_iter().collect(), Some(address)).await
}

/// Takes a product's picture off.
#[utoipa::path(delete, path = "/api/products/{id}/image/", tag = "products", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProductOut), (status = 404)))]
pub(super) async fn remove_image(
    State(hub): State<Hub>,
    asker: Asker,
    PathId(id): PathId<Uuid>,
) -> Result<Json<ProductOut>, ApiError> {
    change(&hub, &asker, id, Vec::new(), None).await
}

async fn change(
    hub: &Hub,
    asker: &Asker,
    id: Uuid,
    keys: Vec<Key>,
    image: Option<String>,
) -> Result<Json<ProductOut>, ApiError> {
    let patch = ProductPatch { image: Some(image), ..ProductPatch::default() };
    let command = Command::Catalogue(CatalogueCommand::Product(id, Change::Update(patch)));
    hub.ledger.call(asker.0.request(keys, command), 0).await?;
    catalogue::detail::<Products>(hub, id)
}
