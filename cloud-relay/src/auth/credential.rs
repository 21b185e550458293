//! A hub's credential: `ohr1.<tenant>.<hub>.<secret>`. Only the hash of the secret is kept here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::PgPool;
use uuid::Uuid;

use crate::db::DbError;
use crate::ingest::Session;

/// What a credential begins with: its kind and version.
const PREFIX: &str = "ohr1";

/// A credential as a hub shows it.
#[derive(Clone, Copy)]
pub struct Credential {
    /// The chain.
    pub tenant: Uuid,
    /// The box.
    pub hub: Uuid,
    secret: [u8; 32],
}

impl Credential {
    /// A new one.
    pub fn new(tenant: Uuid) -> Result<Self, getrandom::Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self { tenant, hub: Uuid::now_v7(), secret })
    }

    /// Reads one as it stands behind `Bearer`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (prefix, tenant, hub, secret) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if prefix != PREFIX
            || parts.next().is_some()
            || secret.len() != 43
            || tenant.len() != 32
            || hub.len() != 32
        {
            return None;
        }
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { tenant: Uuid::try_parse(tenant).ok()?, hub: Uuid::try_parse(hub).ok()?, secret })
    }

    /// The same, of a tenant that was not known when it was made.
    #[must_use]
    pub fn of(self, tenant: Uuid) -> Self {
        Self { tenant, ..self }
    }

    /// The secret as the hub is given it, once.
    #[must_use]
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret)
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.secret).as_bytes()
    }

    /// Whose connection it is; none where the credential is wrong or revoked.
    pub async fn session(&self, pool: &PgPool) -> Result<Option<Session>, DbError> {
        let found: Option<(Uuid, Vec<u8>)> = sqlx::query_as(
            "SELECT outlet_id, secret_hash FROM hubs WHERE tenant_id = $1 AND hub_id = $2 AND revoked_at IS NULL",
        )
        .bind(self.tenant)
        .bind(self.hub)
        .fetch_optional(pool)
        .await?;
        Ok(found.and_then(|(outlet, hash)| {
            // Hashes of this kind are compared in constant time.
            let is_same = blake3::hash(&self.secret) == blake3::Hash::from_slice(&hash).ok()?;
            is_same.then_some(Session { tenant: self.tenant, outlet, hub: self.hub })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_reads_back_and_nothing_else_does() {
        let made = Credential::new(Uuid::now_v7()).unwrap();
        let (tenant, hub) = (made.tenant.simple(), made.hub.simple());
        let text = format!("ohr1.{tenant}.{hub}.{}", made.secret());
        let read = Credential::parse(&text).unwrap();
        assert_eq!((read.tenant, read.hub, read.secret), (made.tenant, made.hub, made.secret));
        for wrong in [
            String::new(),
            "ohr1".to_owned(),
            text.replace("ohr1", "ohr2"),
            format!("{text}.x"),
            format!("{text}x"),
            text[..text.len() - 1].to_owned(),
            format!("ohr1.{}.{hub}.{}", made.tenant, made.secret()),
            format!("ohr1.{tenant}.{hub}.{}", "!".repeat(43)),
        ] {
            assert!(Credential::parse(&wrong).is_none(), "{wrong}");
        }
    }
}
