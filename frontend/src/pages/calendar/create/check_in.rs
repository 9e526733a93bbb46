//! Checking in who is there already, with what was booked for them.

use shared_types::{
    OrganizationId,
    bookings::practice::{ActName, ActOnAppointment, CalendarAppointment, PracticeAct},
};

use crate::api::{ApiClient, calendar};

/// What became of it.
pub(super) enum Made {
    /// All that was wanted.
    Done(CalendarAppointment),
    /// It is booked, and its patient could not be checked in.
    NotCheckedIn(CalendarAppointment),
}

/// Checks in the patient of something that was booked just now. It stays booked where that cannot be: sent again, the form would
/// book them a second time.
pub(super) async fn check_in(
    client: &ApiClient,
    organization_id: OrganizationId,
    booked: CalendarAppointment,
) -> Made {
    if !booked.acts.contains(&ActName::CheckIn) {
        return Made::NotCheckedIn(booked);
    }
    let act = ActOnAppointment { version: booked.version, act: PracticeAct::CheckIn };
    match calendar::act_on_appointment(client, organization_id, booked.appointment_id, &act).await {
        Ok(after) => Made::Done(after),
        Err(_) => Made::NotCheckedIn(booked),
    }
}
