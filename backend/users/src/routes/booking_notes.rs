//! `/api/v1/users/me/bookings/{booking_id}/notes`: what was said about a booking, for the patient's side.

use axum::extract::{Path, Query, State as Extract};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{
    AccountId, BookingId, Problem,
    users::{AddNote, BookingNotes, NoteAuthor, NoteKept, Since},
};
use sqlx::PgConnection;

use crate::{
    notes::{self, Destination},
    people::note,
    state::State,
    store::{
        booking::{self, BookingRow},
        key_log, mailbox,
        note::list,
    },
};

/// All of it, with what is needed to open it.
pub async fn list_notes(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(booking_id): Path<BookingId>,
    Query(Since { since }): Query<Since>,
) -> Result<Disclosed<BookingNotes>, Reject> {
    let core = &state.core;
    let booking = open_booking(core, &caller, booking_id, "list_notes").await?;
    let mut tx = core.begin().await?;
    let notes = show(&mut tx, &state, &booking, since).await?;
    let (actor, whose) = (actor(&caller, &booking), booking.patient_id);
    let recorded = note(&mut tx, core, actor, "list_notes", booking_id, whose, Purpose::OwnRecord).await?;
    Ok(Disclosed::commit(core, tx, recorded, notes).await?)
}

/// Adds a note, or a new version of one's own.
pub async fn add_note(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(booking_id): Path<BookingId>,
    Json(body): Json<AddNote>,
) -> Result<Created<Json<NoteKept>>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let booking = open_booking(core, &caller, booking_id, "add_note").await?;
    let sealed = notes::read(body.envelope).await?;
    let mut tx = core.begin().await?;
    let practice = notes::practice_now(&mut tx, booking.organization_id).await?;
    let signer = notes::writers_keys(&mut tx, account_id).await?;
    let mut readers = readers(&mut tx, core, booking_id).await?;
    readers.retain(|reader| *reader != account_id);
    let mut readers = notes::keys_of(&mut tx, &readers).await?;
    readers.push(signer);
    let to = Destination {
        booking_id,
        practice: &practice,
        author: NoteAuthor::Patient { account_id },
        signer: Some(&signer),
        readers: &readers,
        destroy_at: None,
    };
    let kept = notes::keep(&mut tx, core, &sealed, &to).await?;
    let (actor, whose) = (actor(&caller, &booking), booking.patient_id);
    note(&mut tx, core, actor, "add_note", booking_id, whose, Purpose::OwnRecord).await?;
    core.commit(tx).await?;
    Ok(Created(Json(kept)))
}

/// A booking whose notes the caller may read. 404 for everybody else, written down as refused.
async fn open_booking(
    core: &Core,
    caller: &SignedIn,
    booking_id: BookingId,
    action: &'static str,
) -> Result<BookingRow, Reject> {
    let not_found = || Problem::not_found("This booking");
    let mut tx = core.begin().await?;
    let booking = booking::find(&mut tx, booking_id).await?.ok_or_else(not_found)?;
    if booking.is_open_to(caller) {
        return Ok(booking);
    }
    let entry = Entry {
        actor: Actor::of(caller),
        action,
        resource: booking_id.into(),
        whose: booking.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Denied,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Err(not_found().into())
}

fn actor(caller: &SignedIn, booking: &BookingRow) -> Actor {
    match booking.patient_id {
        Some(patient_id) => Actor::for_patient(caller, patient_id),
        None => Actor::of(caller),
    }
}

/// The accounts on the patient's side that a note is sealed to.
///
/// # Errors
/// When a table cannot be read.
pub async fn readers(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
) -> sqlx::Result<Vec<AccountId>> {
    let side = booking::patients_side(conn, booking_id, core.now()).await?;
    Ok(side.into_iter().filter(|one| one.reads).map(|one| one.account_id).collect())
}

/// A booking's notes for either side; the keys that a member of staff holds are added for them.
///
/// # Errors
/// 422 when somebody has seen more of the key directory's log than there is; else when a table cannot be read.
pub async fn show(
    conn: &mut PgConnection,
    state: &State,
    booking: &BookingRow,
    since: Option<u64>,
) -> Result<BookingNotes, Reject> {
    let (booking_id, organization_id) = (booking.booking_id, booking.organization_id);
    let side = booking::patients_side(conn, booking_id, state.core.now()).await?;
    let accounts: Vec<AccountId> = side.iter().map(|one| one.account_id).collect();
    let patients = key_log::of_accounts(conn, &accounts).await?;
    let epochs = mailbox::epochs(conn, organization_id, booking.minimum_epoch).await?;
    let epochs: Vec<_> = epochs.into_iter().map(|epoch| epoch.leaf).collect();
    let certificates = mailbox::certificates_of(conn, booking_id).await?;
    let items = list(conn, booking_id).await?;
    let shown = state.key_log.show(conn, &state.core, since).await?;
    Ok(BookingNotes {
        booking_id,
        organization_id,
        minimum_epoch: booking.minimum_epoch,
        epochs: shown.entries(conn, &epochs).await?,
        patients: shown.entries(conn, &patients).await?,
        seal_to: side.iter().filter(|one| one.reads).map(|one| one.account_id).collect(),
        certificates: certificates.iter().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).collect(),
        grants: Vec::new(),
        items,
        head: shown.head,
    })
}
