//! Codes that a hub exchanges for its credential: ten letters and digits, good once and for a while. Only their hash is kept.

use sqlx::PgPool;
use uuid::Uuid;

use super::credential::Credential;
use crate::db::DbError;

/// Crockford's: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 10;

/// A code.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode([u8; LETTERS]);

/// What a hub gets for a code.
pub struct Claimed {
    /// Its credential.
    pub credential: Credential,
    /// Its outlet.
    pub outlet: Uuid,
}

impl ClaimCode {
    /// A new one.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; LETTERS];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.map(|byte| ALPHABET[usize::from(byte & 31)])))
    }

    /// Reads one as somebody types it: any case, with or without hyphens, `O` for 0 and `I` or `L` for 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
        let letters = letters.map(|byte| match byte.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        });
        let letters: Vec<u8> = letters.take(LETTERS + 1).collect();
        let is_code = letters.iter().all(|letter| ALPHABET.contains(letter));
        letters.try_into().ok().filter(|_| is_code).map(Self)
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }

    /// Exchanges it; none where it is wrong, used or expired. The code is used and the hub is there in one statement.
    pub async fn exchange(
        &self,
        pool: &PgPool,
        software: &str,
        claimed_as: &str,
    ) -> Result<Option<Claimed>, DbError> {
        // The tenant is the code's, and not known before.
        let credential = Credential::new(Uuid::nil()).map_err(|error| DbError::Io(error.into()))?;
        let claimed: Option<(Uuid, Uuid)> = sqlx::query_as(
            "WITH used AS (
                 UPDATE claim_codes SET used_at = now()
                 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > now()
                 RETURNING tenant_id, outlet_id
             )
             INSERT INTO hubs (tenant_id, hub_id, outlet_id, secret_hash, software, claimed_as)
             SELECT tenant_id, $2, outlet_id, $3, $4, $5 FROM used
             RETURNING tenant_id, outlet_id",
        )
        .bind(&self.hash()[..])
        .bind(credential.hub)
        .bind(&credential.hash()[..])
        .bind(software)
        .bind(claimed_as)
        .fetch_optional(pool)
        .await?;
        Ok(claimed.map(|(tenant, outlet)| Claimed { credential: credential.of(tenant), outlet }))
    }
}

impl std::fmt::Display for ClaimCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, second) = self.0.split_at(LETTERS / 2);
        write!(formatter, "{}-{}", String::from_utf8_lossy(first), String::from_utf8_lossy(second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ClaimCode::new().unwrap();
        let shown = code.to_string();
        assert_eq!((shown.len(), shown.as_bytes()[5]), (11, b'-'));
        assert!(ClaimCode::parse(&shown) == Some(code.clone()));
        assert!(ClaimCode::parse(&format!(" {} ", shown.to_lowercase())) == Some(code));
        let read = ClaimCode::parse("oil2345678").map(|code| code.to_string());
        assert_eq!(read.as_deref(), Some("01123-45678"));
        for wrong in ["", "ABCDE", "ABCDE-FGHJKM", "ABCDE-FGHJU", "ÄBCDE-FGHJ", "ABCDE-FGHJ\u{0}"] {
            assert!(ClaimCode::parse(wrong).is_none(), "{wrong}");
        }
    }
}
