//! What one service proves to another while a person waits: a signed statement that the person's own browser carries
//! from the one to the other. Short-lived, for one kind of use, and no session.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::PgConnection;

use crate::keys::{self, Signer};

/// What is signed. The prefix keeps tickets and session tokens apart, which one key signs.
const PREFIX: &[u8] = b"hm-ticket\0";

#[derive(Serialize, Deserialize)]
struct Ticket<T> {
    kid: String,
    kind: String,
    expires_at: Timestamp,
    body: T,
}

/// Only what is needed to find the key.
#[derive(Deserialize)]
struct Named {
    kid: String,
}

/// A ticket of a kind (`claim_bookings`), good until then.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn sign<T: Serialize>(
    signer: &Signer,
    kind: &str,
    expires_at: Timestamp,
    body: &T,
) -> serde_json::Result<String> {
    let ticket = Ticket { kid: signer.kid().to_owned(), kind: kind.to_owned(), expires_at, body };
    let payload = serde_json::to_vec(&ticket)?;
    let signature = signer.sign(&[PREFIX, &payload].concat());
    Ok(format!("{}.{signature}", URL_SAFE_NO_PAD.encode(payload)))
}

/// What a ticket of that kind and issuer says; `None` when it is not to be believed now, for whatever reason.
///
/// # Errors
/// When the table of keys cannot be read.
pub async fn open<T: DeserializeOwned>(
    conn: &mut PgConnection,
    issuer: &str,
    kind: &str,
    text: &str,
    now: Timestamp,
) -> sqlx::Result<Option<T>> {
    let Some((payload, signature)) = text.split_once('.') else { return Ok(None) };
    let Ok(payload) = URL_SAFE_NO_PAD.decode(payload) else { return Ok(None) };
    let Ok(Named { kid }) = serde_json::from_slice(&payload) else { return Ok(None) };
    let key: Option<Vec<u8>> =
        sqlx::query_scalar("select public_key from signing_key where kid = $1 and issuer = $2")
            .bind(kid.replace('\0', ""))
            .bind(issuer)
            .fetch_optional(conn)
            .await?;
    let Some(key) = key.and_then(|key| <[u8; 32]>::try_from(key).ok()) else { return Ok(None) };
    if !keys::verify(&key, &[PREFIX, &payload].concat(), signature) {
        return Ok(None);
    }
    let ticket: Option<Ticket<T>> = serde_json::from_slice(&payload).ok();
    Ok(ticket.filter(|ticket| ticket.kind == kind && now < ticket.expires_at).map(|ticket| ticket.body))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::users::{Claims, Strength};
    use uuid::Uuid;

    use super::{open, sign};
    use crate::{
        Chance,
        keys::{self, Signer},
        session::{self, Sessions, TokenError},
        testing::Database,
    };

    #[tokio::test]
    async fn a_ticket_is_believed_for_its_kind_its_issuer_and_its_time() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let core = Database::new().await.core("bookings", now).await;
        let mut conn = core.pool.acquire().await.unwrap();
        let signer = Signer::generate(&Chance::seeded(1));
        let end = now + SignedDuration::from_mins(5);
        let ticket = sign(&signer, "claim", end, &"ada").unwrap();
        let mut read = async |issuer: &str, kind: &str, text: &str, at| {
            open::<String>(&mut conn, issuer, kind, text, at).await.unwrap()
        };
        assert_eq!(read("users", "claim", &ticket, now).await, None, "no key is known yet");
        crate::keys::learn(&mut core.pool.acquire().await.unwrap(), &core, &signer.published("users"))
            .await
            .unwrap();
        assert_eq!(read("users", "claim", &ticket, now).await.as_deref(), Some("ada"));
        assert_eq!(read("users", "other", &ticket, now).await, None);
        assert_eq!(read("bookings", "claim", &ticket, now).await, None);
        assert_eq!(read("users", "claim", &ticket, end).await, None);
        let (payload, signature) = ticket.split_once('.').unwrap();
        let forged = sign(&Signer::generate(&Chance::seeded(2)), "claim", end, &"bo").unwrap();
        let (other, _) = forged.split_once('.').unwrap();
        for text in [
            format!("{other}.{signature}"),
            format!("{payload}."),
            payload.to_owned(),
            forged.clone(),
            String::new(),
        ] {
            assert_eq!(read("users", "claim", &text, now).await, None, "{text}");
        }
    }

    /// One key of users' signs both.
    #[tokio::test]
    async fn a_session_token_is_no_ticket_and_a_ticket_no_session_token() {
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let core = Database::new().await.core("bookings", now).await;
        let signer = Signer::generate(&Chance::seeded(1));
        let mut conn = core.pool.acquire().await.unwrap();
        keys::learn(&mut conn, &core, &signer.published("users")).await.unwrap();
        let sessions = Sessions::default();
        sessions.load(&core.pool).await.unwrap();
        let end = now + SignedDuration::from_mins(5);
        let claims = Claims {
            session_id: Uuid::from_u128(1).into(),
            account_id: Uuid::from_u128(2).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: now,
            expires_at: end,
        };
        let token = session::sign(&signer, &claims);
        let ticket = sign(&signer, "claim", end, &claims).unwrap();
        assert_eq!(sessions.verify(&token, now).as_ref(), Ok(&claims));
        let mut read =
            async |text: &str| open::<Claims>(&mut conn, "users", "claim", text, now).await.unwrap();
        assert_eq!(read(&ticket).await, Some(claims));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, body) = signed.split_once('.').unwrap();
        let (payload, of_ticket) = ticket.split_once('.').unwrap();
        for text in [
            token.clone(),
            format!("{header}.{signature}"),
            format!("{body}.{signature}"),
            format!("{payload}.{signature}"),
        ] {
            assert_eq!(read(&text).await, None, "{text}");
        }
        for text in [
            ticket.clone(),
            format!("{payload}.{ticket}"),
            format!("{header}.{ticket}"),
            format!("{signed}.{of_ticket}"),
        ] {
            assert_eq!(sessions.verify(&text, now), Err(TokenError::Forged), "{text}");
        }
    }
}
