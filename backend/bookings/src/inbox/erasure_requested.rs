//! Somebody is to be erased. What they booked is the practices' record and stays with those for as long as the law says; from
//! now on no account and no patient is tied to it.

use kernel::{
    Core, erasure as shared,
    outbox::{self, About},
};
use shared_types::{
    bookings::BookingsEvent,
    users::{Erased, ErasureRequest, Kept},
};
use sqlx::PgConnection;

use crate::store::{
    erasure, proposal, reservation,
    retention::{self, Record},
};

/// Erases what need not be kept, and answers.
pub async fn receive(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<()> {
    let (now, account_id, patients) = (core.now(), request.account_id, request.patients());
    let (holds, freed) = erasure::forget_holds(conn, account_id).await?;
    reservation::tell_next_free_soon(conn, &freed, now).await?;
    let bookings = erasure::bookings_of(conn, account_id, &patients).await?;
    // While it is known that they are one person's: without the tie their last visit could not be found any more.
    let records = retention::records(conn, &bookings).await?;
    for record in &records {
        retention::keep(conn, record.booking_id, record.keep_until()).await?;
    }
    let (nobody, ties) = (core.chance.bytes(), bookings.len() as u64);
    erasure::cut_ties(conn, account_id, &bookings, &nobody, now).await?;
    proposal::forget_proposer(conn, account_id, None).await?;
    let visits = erasure::forget_visits(conn, &bookings, now).await?;
    let (sessions, grants) = erasure::forget_ways_in(conn, &bookings, &patients).await?;
    let (feeds, calendars) = erasure::forget_calendars(conn, account_id, &patients).await?;
    let erased = vec![
        Erased::new("hold", holds),
        Erased::new("appointment_party (the tie to the account)", ties),
        Erased::new("appointment_party (the address of a home visit that is over)", visits),
        Erased::new("manage_session", sessions),
        Erased::new("access_grant", grants),
        Erased::new("waitlist_entry", erasure::forget_waiting(conn, account_id, &patients).await?),
        Erased::new("calendar_feed", feeds),
        Erased::new("external_calendar (the tie to the account)", calendars),
        Erased::new("role_keeper", erasure::forget_keeper(conn, account_id).await?),
        shared::forget_replies(conn, account_id).await?,
    ];
    let answer = shared::answer(conn, core, "bookings", request, erased, kept(&records)).await?;
    let about = About { aggregate: "erasure", id: request.erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &BookingsEvent::ErasureAnswered(answer)).await?;
    Ok(())
}

fn kept(records: &[Record]) -> Vec<Kept> {
    let what = match records.len() {
        0 => return Vec::new(),
        1 => "The record of one appointment, with who came and how to reach them".to_owned(),
        many => format!("The record of {many} appointments, with who came and how to reach them"),
    };
    let why = "It is the practice’s record, which has to be kept for seven years after the last visit, and until the age of \
               25 for who was under 18 then. No account is tied to it any more.";
    vec![Kept::new(what, why, records.iter().map(Record::keep_until).max())]
}
