//! `POST /api/v1/users/notes`: a sealed note for a booking that is being made. Users has not heard of the booking yet; that
//! the sender keeps its time, bookings says in a ticket.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{
    Caller, Core, Created, Json, Reject,
    address::ClientAddress,
    audit::{self, Actor, Entry, Outcome, Purpose},
    consent,
    cookies::Holder,
    idempotency::{self, Begun, IdempotencyKey},
    ticket,
};
use sealing::identity::IdentityKeys;
use shared_types::{
    Problem,
    bookings::HOLD_MINUTES,
    problem::FieldError,
    users::{NoteAuthor, NoteKept, NoteTicket, PutNote},
};
use sqlx::PgConnection;

use crate::{
    domain::envelope::Sealed,
    notes::{self, Destination},
    state::State,
    store::booking,
};

/// The notice that is read and agreed to before anything is sealed.
const CONSENT_TEXT: &str = "intake-collection";
/// How long a note waits for its booking: two hours after the longest that a hold may last from now.
const WAITS: SignedDuration = SignedDuration::from_mins(2 * 60 + HOLD_MINUTES);

/// Keeps a note. It is destroyed two hours after the hold unless the booking is made.
pub async fn put_note(
    Extract(state): Extract<State>,
    address: ClientAddress,
    caller: Caller,
    holder: Holder,
    key: IdempotencyKey,
    Json(body): Json<PutNote>,
) -> Result<Created<Json<NoteKept>>, Reject> {
    state.notes_per_address.check(address)?;
    let core = &state.core;
    let ticket = open_ticket(core, &body).await?;
    let sealed = notes::read(body.envelope.clone()).await?;
    let mut tx = core.begin().await?;
    let who = ticket.booking_id.to_string();
    let begun = idempotency::begin::<_, NoteKept>(&mut tx, core, "put_note", &who, key, &body).await?;
    let once = match begun {
        Begun::New(once) => once,
        Begun::Replay(kept) => return Ok(Created(Json(kept))),
    };
    consent::require_current(&mut tx, core, CONSENT_TEXT, &body.consent).await?;
    let kept = keep(&mut tx, core, &ticket, &sealed).await?;
    let (kind, subject) = match ticket.account_id {
        Some(account_id) => ("account", account_id.0),
        None => ("booking", ticket.booking_id.0),
    };
    consent::store_receipt(&mut tx, core, CONSENT_TEXT, body.consent.version, kind, subject).await?;
    note(&mut tx, core, &ticket, actor(&caller, &holder, &ticket)).await?;
    once.finish(&mut tx, 201, &kept).await?;
    core.commit(tx).await?;
    Ok(Created(Json(kept)))
}

async fn open_ticket(core: &Core, body: &PutNote) -> Result<NoteTicket, Reject> {
    let mut conn = core.pool.acquire().await?;
    let ticket =
        ticket::open(&mut conn, "bookings", NoteTicket::KIND, body.ticket.expose(), core.now()).await?;
    ticket.ok_or_else(|| {
        let detail = "The time is no longer held for you: choose a time again";
        Problem::invalid(vec![FieldError::new("/ticket", detail)]).into()
    })
}

/// A member signs with their own keys and can read it again; a guest's is for the practice alone.
async fn keep(
    conn: &mut PgConnection,
    core: &Core,
    ticket: &NoteTicket,
    sealed: &Sealed,
) -> Result<NoteKept, Reject> {
    let practice = notes::practice_now(conn, ticket.organization_id).await?;
    let (author, readers): (_, Vec<IdentityKeys>) = match ticket.account_id {
        Some(account_id) => {
            (NoteAuthor::Patient { account_id }, vec![notes::writers_keys(conn, account_id).await?])
        }
        None => (NoteAuthor::Guest, Vec::new()),
    };
    let told = booking::find(conn, ticket.booking_id).await?.is_some();
    let waits_until = core.now().saturating_add(WAITS).unwrap_or(core.now());
    let to = Destination {
        booking_id: ticket.booking_id,
        practice: &practice,
        author,
        signer: readers.first(),
        readers: &readers,
        destroy_at: Some(waits_until).filter(|_| !told),
    };
    notes::keep(conn, core, sealed, &to).await
}

/// Who brings it. A ticket is good in any browser, but only the account it was made for acts for that account.
fn actor(Caller(claims): &Caller, holder: &Holder, ticket: &NoteTicket) -> Actor {
    let signed_in = claims.as_ref().filter(|claims| Some(claims.account_id) == ticket.account_id);
    match (signed_in, holder.guest) {
        (Some(claims), _) => Actor::of(claims),
        (None, Some(guest)) => Actor::Guest(guest),
        (None, None) => Actor::Anonymous,
    }
}

async fn note(conn: &mut PgConnection, core: &Core, ticket: &NoteTicket, actor: Actor) -> sqlx::Result<()> {
    let entry = Entry {
        actor,
        action: "put_note",
        resource: ticket.booking_id.into(),
        whose: ticket.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
