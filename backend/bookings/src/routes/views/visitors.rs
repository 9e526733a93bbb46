//! An appointment that somebody may see who is no staff.

use kernel::{
    Core, Reject,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{AppointmentId, PatientId, Problem};
use sqlx::{PgConnection, Postgres, Transaction};

use super::times::load_calendar;
use crate::{
    store::{
        appointment::{self, AppointmentRow},
        calendar::Calendar,
    },
    visitor::{Visitor, actor_for, may_see},
};

/// What somebody may do who has opened a reminder's link to cancel.
const CANCELLING: [&str; 2] = ["cancel_appointment", "find_appointment"];

/// An appointment that a visitor may see, in the transaction that it was read in.
pub struct Held {
    pub tx: Transaction<'static, Postgres>,
    pub row: AppointmentRow,
    pub calendar: Calendar,
    /// Who the visitor is, for the audit log.
    pub actor: Actor,
    /// Whose it is, for the same.
    pub whose: Option<PatientId>,
}

/// Begins a transaction with an appointment that the visitor may see: with the account of its patient or of who acts for
/// them, with the cookie it was made with, or with its opened link. 404 for everybody else, written down as refused.
pub async fn begin_for_visitor(
    core: &Core,
    appointment_id: AppointmentId,
    visitor: &Visitor,
    action: &'static str,
) -> Result<Held, Reject> {
    let not_found = || Reject::from(Problem::not_found("This appointment"));
    let mut tx = core.begin().await?;
    let access = appointment::access(&mut tx, appointment_id, &visitor.holder, core.now()).await?;
    let access = access.ok_or_else(not_found)?;
    let whose = access.patient_id;
    let member = visitor.claims.as_ref().filter(|claims| may_see(claims, access.account_id, whose));
    let actor = match (member, visitor.holder.guest) {
        (Some(claims), _) => actor_for(claims, whose),
        (None, Some(guest)) if access.by_guest => Actor::Guest(guest),
        (None, _) if access.by_link => Actor::Link(access.booking_id),
        (None, _) if access.by_cancelling_link && CANCELLING.contains(&action) => {
            Actor::Link(access.booking_id)
        }
        (None, _) => {
            let entry = audit::Entry {
                actor: visitor.actor(),
                action,
                resource: access.booking_id.into(),
                whose,
                purpose: Purpose::Booking,
                outcome: Outcome::Denied,
            };
            audit::record(&mut tx, core, entry).await?;
            core.commit(tx).await?;
            return Err(not_found());
        }
    };
    let row = appointment::by_id(&mut tx, appointment_id).await?.ok_or_else(not_found)?;
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
    Ok(Held { tx, row, calendar, actor, whose })
}

/// An appointment once more, its resources locked: whoever had them until now may have changed it.
pub async fn read_again(conn: &mut PgConnection, row: &AppointmentRow) -> Result<AppointmentRow, Reject> {
    let again = appointment::by_id(conn, row.appointment_id).await?;
    again.ok_or_else(|| Problem::not_found("This appointment").into())
}
