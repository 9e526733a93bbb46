//! What patients sealed to a practice, for its staff: `/api/v1/users/practices/{organization_id}/notes` and
//! `…/bookings/{booking_id}/notes`.

use axum::extract::{Path, Query, State as Extract};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    Created, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use schemars::JsonSchema;
use sealing::identity::IdentityKeys;
use serde::Deserialize;
use shared_types::{
    BookingId, OrganizationId, Problem,
    page::Page,
    problem::FieldError,
    users::{AddNote, BookingNotes, BookingWithNotes, NoteAuthor, NoteKept, Since},
};
use sqlx::PgConnection;

use super::booking_notes::{readers, show};
use crate::{
    notes::{self, Destination},
    people::{entry, note},
    state::State,
    store::{
        booking::{self, BookingRow},
        identity,
        mailbox::{self, EpochRow},
        note::{self as notes_store, After},
    },
};

/// How many bookings one page has.
const PAGE: usize = 50;

/// Where the list goes on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct InboxPage {
    cursor: Option<String>,
}

/// Bookings that have notes, the one with the newest note first.
pub async fn list_note_inbox(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(page): Query<InboxPage>,
) -> Result<Disclosed<Page<BookingWithNotes>>, Reject> {
    let core = &state.core;
    let after = read_cursor(page.cursor.as_deref())?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut rows = notes_store::inbox(&mut tx, organization_id, after, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|(row, _)| After { newest_at: row.newest_at, booking_id: row.booking_id });
    let mut items = Vec::with_capacity(rows.len());
    for (row, whose) in rows {
        let (actor, id) = (Actor::for_practice(&caller, organization_id), row.booking_id);
        items.push((row, entry(actor, "list_note_inbox", id, whose, Purpose::Care)));
    }
    let next = last.filter(|_| more).map(After::encode);
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// What was said about one booking, with what the caller holds to open it. From now on it counts as read.
pub async fn list_practice_notes(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
    Query(Since { since }): Query<Since>,
) -> Result<Disclosed<BookingNotes>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let booking = practices_booking(&mut tx, organization_id, booking_id).await?;
    let mut notes = show(&mut tx, &state, &booking, since).await?;
    if let Some(own) = identity::find(&mut tx, caller.account_id).await? {
        let (key_id, from) = (own.keys.key_id(), booking.minimum_epoch);
        let held = mailbox::grants_to(&mut tx, organization_id, key_id, from).await?;
        notes.grants = held.iter().map(|sealed| URL_SAFE_NO_PAD.encode(sealed)).collect();
    }
    notes_store::opened(&mut tx, booking_id, core.now()).await?;
    let (actor, whose) = (Actor::for_practice(&caller, organization_id), booking.patient_id);
    let recorded =
        note(&mut tx, core, actor, "list_practice_notes", booking_id, whose, Purpose::Care).await?;
    Ok(Disclosed::commit(core, tx, recorded, notes).await?)
}

/// Adds a note for the practice, or a new version of one's own.
pub async fn add_practice_note(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
    Json(body): Json<AddNote>,
) -> Result<Created<Json<NoteKept>>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let sealed = notes::read(body.envelope).await?;
    let mut tx = core.begin().await?;
    let booking = practices_booking(&mut tx, organization_id, booking_id).await?;
    let practice = notes::practice_now(&mut tx, organization_id).await?;
    let signer = notes::writers_keys(&mut tx, account_id).await?;
    require_certified(&mut tx, &practice, &signer).await?;
    let readers = readers(&mut tx, core, booking_id).await?;
    let readers = notes::keys_of(&mut tx, &readers).await?;
    let to = Destination {
        booking_id,
        practice: &practice,
        author: NoteAuthor::Practice { account_id },
        signer: Some(&signer),
        readers: &readers,
        destroy_at: None,
    };
    let kept = notes::keep(&mut tx, core, &sealed, &to).await?;
    let (actor, whose) = (Actor::for_practice(&caller, organization_id), booking.patient_id);
    note(&mut tx, core, actor, "add_practice_note", booking_id, whose, Purpose::Care).await?;
    core.commit(tx).await?;
    Ok(Created(Json(kept)))
}

/// A booking of the practice; 404 for another one's.
async fn practices_booking(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    booking_id: BookingId,
) -> Result<BookingRow, Reject> {
    let booking = booking::find(conn, booking_id).await?;
    let booking = booking.filter(|booking| booking.organization_id == organization_id);
    booking.ok_or_else(|| Problem::not_found("This booking").into())
}

/// Without an owner's word nobody on the patient's side could tell that the writer works there.
async fn require_certified(
    conn: &mut PgConnection,
    EpochRow { practice, .. }: &EpochRow,
    signer: &IdentityKeys,
) -> Result<(), Reject> {
    let key_id = signer.key_id();
    if mailbox::is_certified(conn, practice.organization(), practice.epoch(), key_id).await? {
        return Ok(());
    }
    Err(Problem::new("not-certified", 403, "No owner has vouched for your keys yet")
        .detail("Nothing was sent. Ask an owner of the practice to give you the mailbox's key.")
        .into())
}

fn read_cursor(cursor: Option<&str>) -> Result<Option<After>, Problem> {
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "Take it from the page before")]);
    cursor.map(|text| After::decode(text).ok_or_else(wrong)).transpose()
}
