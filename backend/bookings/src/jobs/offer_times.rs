//! Offers free times to those who wait for them, in the order in which they are asked: each resource in a transaction of its
//! own, twenty in a row. A failure leaves them waiting, and fails the job once the others are looked at.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date};
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    PractitionerRoleId, Zone,
    bookings::{
        BookingsEvent, Busy, OfferFact,
        waitlist::{Choice, WaitlistOffer},
    },
};
use sqlx::PgConnection;

use super::one_by_one::OneByOne;
use crate::{
    domain::{is_awake, offered_until},
    holding,
    state::State,
    store::{
        calendar::{self, Calendar, Taken},
        hold::{self, HoldRow},
        reservation::{self, Place, ReserveError},
        waitlist::{self, EntryRow},
        waitlist_offer,
    },
};

const BATCH: u64 = 20;
/// When a room that somebody has at the moment is looked at again.
const ROOM_IN_USE: SignedDuration = SignedDuration::from_secs(5);

/// One batch. Says how many times were offered.
pub async fn offer_times(state: State) -> Result<u64> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let lapsed = waitlist_offer::lapse(&mut tx, now).await?;
    reservation::tell_next_free_soon(&mut tx, &lapsed, now).await?;
    waitlist::tidy(&mut tx, Zone::SYDNEY.date(now), now).await?;
    core.commit(tx).await?;
    let (mut offered, mut run) = (0, OneByOne::new());
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let Some((resource, roles)) = waitlist::claim(&mut tx, &run.failed, now).await? else { break };
        let made = offer(&mut tx, &state, &roles).await;
        offered += run.settle(core, tx, resource, made).await?.unwrap_or(0);
    }
    run.end().map(|_| offered)
}

/// Offers what is free of one practitioner, whichever of their roles it is with.
async fn offer(conn: &mut PgConnection, state: &State, roles: &[PractitionerRoleId]) -> Result<u64> {
    let now = state.core.now();
    let calendars = calendars(conn, roles, now).await?;
    let Some(first) = calendars.first() else { return Ok(0) };
    let mut everything: Vec<_> = calendars.iter().flat_map(Calendar::takes_at_all).collect();
    everything.sort_unstable();
    everything.dedup();
    // The practitioner is locked already, and who has one waits for no other: rooms in use are looked at in a moment.
    if !reservation::try_lock_all(conn, &everything).await? {
        let soon = now.saturating_add(ROOM_IN_USE).unwrap_or(now);
        waitlist::look_again(conn, roles, soon).await?;
        return Ok(0);
    }
    let (from, to) = days(now);
    let mut taken = calendar::busy(conn, &everything, &first.window(from, to), now).await?;
    let (mut offered, mut asked) = (0, Vec::new());
    for (entry, choices) in waitlist::waiting(conn, roles).await? {
        // Whoever waits in two places has one time kept for them, and is asked about another once they have answered.
        if asked.contains(&entry.person()) {
            continue;
        }
        let kept = offer_to(conn, state, &calendars, (&entry, &choices), &mut taken).await?;
        let Some((role, capped)) = kept else { continue };
        asked.push(entry.person());
        reservation::tell_next_free_soon(conn, &[role], now).await?;
        offered += 1;
        if capped {
            // It may have been the last of its day: the calendars are read anew.
            waitlist::look_again(conn, roles, now).await?;
            break;
        }
    }
    waitlist::rest(conn, roles).await?;
    Ok(offered)
}

/// The calendars of those roles in whose place it is not night.
async fn calendars(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    now: Timestamp,
) -> Result<Vec<Calendar>> {
    let (from, to) = days(now);
    let mut calendars = Vec::new();
    for role in roles {
        let calendar = calendar::load(conn, *role, from, to).await?;
        calendars.extend(calendar.filter(|calendar| is_awake(now, calendar.role.time_zone)));
    }
    Ok(calendars)
}

/// The days in which times are looked for: from yesterday, since zones differ, as far as any calendar reaches.
fn days(now: Timestamp) -> (Date, Date) {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    (today.saturating_sub(1.day()), today.saturating_add(366.days()))
}

/// Offers somebody the first time that suits them and of which they were asked about no part, with the first of their choices that
/// has one: whoever said no to ten o'clock is not asked about a quarter past, nor in another place of theirs. Says with whom, and
/// whether a day has only so many of it.
async fn offer_to(
    conn: &mut PgConnection,
    state: &State,
    calendars: &[Calendar],
    (entry, choices): (&EntryRow, &[Choice]),
    taken: &mut Taken,
) -> Result<Option<(PractitionerRoleId, bool)>> {
    let now = state.core.now();
    for choice in choices {
        let of = |calendar: &&Calendar| calendar.role.practitioner_role_id == choice.practitioner_role_id;
        let Some(calendar) = calendars.iter().find(of) else { continue };
        let Some(row) = calendar.find_type(choice.appointment_type_id) else { continue };
        let asked = waitlist_offer::asked(conn, entry.waitlist_entry_id, choice.practitioner_role_id).await?;
        let zone = calendar.role.time_zone;
        let window = zone.days(entry.wishes.first, entry.wishes.last);
        let free = calendar.free_times(row, taken, &window, now);
        let length = SignedDuration::from_mins(row.duration_minutes.into());
        let is_new =
            |start: Timestamp| asked.iter().all(|time| time.end <= start || start + length <= time.start);
        let suits = |start: &Timestamp| entry.wishes.suits(*start, zone) && is_new(*start);
        let Some(start) = free.into_iter().find(suits) else { continue };
        let Some(expires_at) = offered_until(now, start) else { continue };
        let visit = start..start + length;
        // What they could not be charged for they could not book either.
        let Ok(offer) = holding::offer(conn, calendar, row, start, None).await? else { continue };
        let with = (choice.practitioner_role_id, calendar.role.organization_id);
        let offer = (offer, calendar.offered(row.version));
        let held = holding::begin(state, with, offer, &visit, expires_at);
        let place = holding::place(calendar, row, &visit);
        keep(conn, state, (calendar, &place), (entry, &held)).await?;
        taken.add(&place.resources, Busy { start: place.during.start, end: place.during.end });
        return Ok(Some((choice.practitioner_role_id, row.daily_cap.is_some())));
    }
    Ok(None)
}

/// Holds a time for somebody and tells them.
async fn keep(
    conn: &mut PgConnection,
    state: &State,
    (calendar, place): (&Calendar, &Place),
    (entry, held): (&EntryRow, &HoldRow),
) -> Result<()> {
    let (core, now) = (&state.core, state.core.now());
    reservation::clear_lapsed(conn, &place.resources, &place.during, now).await?;
    // Nobody's browser has its cookie: it is confirmed by the account.
    hold::insert(conn, held, &core.chance.bytes(), Some(entry.account_id), now).await?;
    match reservation::keep(conn, &|| core.id(), place, held.hold_id).await {
        Ok(()) => {}
        Err(ReserveError::TimeTaken | ReserveError::SessionShorter) => {
            anyhow::bail!("a free time of a locked calendar is taken")
        }
        Err(ReserveError::Database(error)) => return Err(error.into()),
    }
    let offer = WaitlistOffer {
        hold_id: held.hold_id,
        practitioner_role_id: held.practitioner_role_id,
        appointment_type_id: held.appointment_type.appointment_type_id,
        start: held.starts_at,
        end: held.ends_at,
        expires_at: held.expires_at,
        // Counted when it is read.
        passed: 0,
    };
    waitlist_offer::insert(conn, core.id(), entry.waitlist_entry_id, &offer, now).await?;
    tell(conn, core, calendar, entry, held).await
}

async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    calendar: &Calendar,
    entry: &EntryRow,
    held: &HoldRow,
) -> Result<()> {
    let noted = audit::Entry {
        actor: Actor::System("bookings.offer_times"),
        action: "offer_time",
        resource: held.booking_id.into(),
        whose: entry.patient_id,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, noted).await?;
    let fact = OfferFact {
        waitlist_entry_id: entry.waitlist_entry_id,
        hold_id: held.hold_id,
        account_id: entry.account_id,
        patient_id: entry.patient_id,
        role: calendar.told_role(&held.appointment_type),
        discreet: calendar.discreet,
        start: held.starts_at,
        end: held.ends_at,
        expires_at: held.expires_at,
    };
    let about = About { aggregate: "waitlist_offer", id: held.hold_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &BookingsEvent::TimeOffered(fact)).await?;
    Ok(())
}
