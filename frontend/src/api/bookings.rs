//! The bookings service: one function per endpoint. Reads give a path for `use_api`; changes are sent.

use form_urlencoded::Serializer;
use jiff::civil::Date;
use shared_types::{
    AppointmentId, AppointmentTypeId, HoldId, OrganizationId, PoolId, PractitionerRoleId, Problem, SeriesId,
    bookings::{
        AddStatement, AnswerReminder, Appointment, CancelAppointment, ClaimBookings, ClaimedBookings,
        ConfirmHold, Confirmation, CreateHold, Hold, MemberAppointment, MoveAppointment, OpenManageLink,
        PatientStatement, SendManageCode, When, pools::HoldFromPool, practice::SeenVersion,
        proposal::AnswerProposal, series::CancelMySeries,
    },
    page::Page,
};

use super::{ApiClient, Method};

/// How many pages of a list are read one after another where something in it is looked for: some two hundred appointments.
const MOST_PAGES: usize = 10;

/// `AppointmentTypes`.
pub fn list_appointment_types(role_id: PractitionerRoleId) -> String {
    format!("/api/v1/bookings/roles/{role_id}/appointment-types")
}

/// `RoleAvailability` from one day to another, both included.
pub fn find_availability(
    role_id: PractitionerRoleId,
    type_id: AppointmentTypeId,
    from: Date,
    to: Date,
) -> String {
    let query = Serializer::new(String::new())
        .append_pair("appointment_type", &type_id.to_string())
        .append_pair("from", &from.to_string())
        .append_pair("to", &to.to_string())
        .finish();
    format!("/api/v1/bookings/roles/{role_id}/availability?{query}")
}

/// `RoleAvailability` of four weeks from today at the place: for pages that do not know yet what day it is there.
pub fn find_first_availability(role_id: PractitionerRoleId, type_id: AppointmentTypeId) -> String {
    format!("/api/v1/bookings/roles/{role_id}/availability?appointment_type={type_id}")
}

/// `Pools`: what several people of a practice offer as one.
pub fn list_pools(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/pools?organization={organization_id}")
}

/// `HonourRate`: how many of its appointments a practice kept.
pub fn find_honour_rate(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/honour-rate")
}

/// `PoolAvailability` of four weeks from today at the place.
pub fn find_pool_availability(pool_id: PoolId) -> String {
    format!("/api/v1/bookings/pools/{pool_id}/availability")
}

/// Keeps a time with somebody of a pool for ten minutes. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/time-taken` with other times, `/problems/too-many-holds`, `/problems/cannot-be-charged`.
pub async fn hold_from_pool(
    client: &ApiClient,
    pool_id: PoolId,
    wanted: &HoldFromPool,
    key: String,
) -> Result<Hold, Problem> {
    let path = format!("/api/v1/bookings/pools/{pool_id}/holds");
    client.send(Method::Post, &path, Some(wanted), Some(key)).await
}

/// `Hold`, for the guest who made it.
pub fn get_hold(hold_id: HoldId) -> String {
    format!("/api/v1/bookings/holds/{hold_id}")
}

/// `Appointment`, for the guest who made it or who opened its manage link.
pub fn get_appointment(appointment_id: AppointmentId) -> String {
    format!("/api/v1/bookings/appointments/{appointment_id}")
}

/// A calendar file.
pub fn calendar_file(appointment_id: AppointmentId) -> String {
    format!("/api/v1/bookings/appointments/{appointment_id}/calendar.ics")
}

/// `Page<MemberAppointment>`: one's own appointments and those of people one acts for, from the nearest on; `cursor` is where a
/// page before it ended.
pub fn list_my_appointments(when: When, cursor: Option<&str>) -> String {
    let when = match when {
        When::Upcoming => "upcoming",
        When::Past => "past",
    };
    let mut query = Serializer::new(String::new());
    query.append_pair("when", when);
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    format!("/api/v1/bookings/me/appointments?{}", query.finish())
}

/// Reads on in a list of one's appointments until `is_enough` says so of one of them, for some pages at most. A page that could not
/// be read is the last: this only gives names to what is known.
pub async fn read_my_appointments(
    client: &ApiClient,
    when: When,
    mut is_enough: impl FnMut(MemberAppointment) -> bool,
) {
    let mut cursor = None::<String>;
    for _ in 0..MOST_PAGES {
        let reply = client.get(&list_my_appointments(when, cursor.as_deref())).await;
        let Ok(page) = reply.read::<Page<MemberAppointment>>() else { return };
        if page.items.into_iter().any(&mut is_enough) || page.next.is_none() {
            return;
        }
        cursor = page.next;
    }
}

/// `Page<Appointment>`: all visits of a series of one's own.
pub fn find_my_series(series_id: SeriesId) -> String {
    format!("/api/v1/bookings/me/series/{series_id}")
}

/// Cancels some visits of a series of one's own as last seen, all of them or none.
///
/// # Errors
/// `/problems/stale-version`, `/problems/not-cancellable`.
pub async fn cancel_my_series(
    client: &ApiClient,
    series_id: SeriesId,
    change: &CancelMySeries,
) -> Result<Page<Appointment>, Problem> {
    client.send(Method::Post, &format!("{}/cancel", find_my_series(series_id)), Some(change), None).await
}

/// `ConsentText`: what a guest agrees to when booking.
pub fn get_booking_consent() -> String {
    "/api/v1/bookings/consent-texts/booking-collection".to_owned()
}

/// Keeps a time for ten minutes. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/time-taken` names the nearest other times.
pub async fn create_hold(client: &ApiClient, hold: &CreateHold, key: String) -> Result<Hold, Problem> {
    client.send(Method::Post, "/api/v1/bookings/holds", Some(hold), Some(key)).await
}

/// Lets a time go.
///
/// # Errors
/// The service's problem.
pub async fn release_hold(client: &ApiClient, hold_id: HoldId) -> Result<(), Problem> {
    client.send(Method::Delete, &get_hold(hold_id), None::<&()>, None).await
}

/// Turns a hold into an appointment.
///
/// # Errors
/// `/problems/hold-expired` with other times, `/problems/invalid` with fields.
pub async fn confirm_hold(
    client: &ApiClient,
    hold_id: HoldId,
    details: &ConfirmHold,
    key: String,
) -> Result<Confirmation, Problem> {
    client.send(Method::Post, &format!("{}/confirm", get_hold(hold_id)), Some(details), Some(key)).await
}

/// Opens a manage link with a proof.
///
/// # Errors
/// `/problems/wrong-proof`, `/problems/code-only`, 404 for an unknown or expired link.
pub async fn open_manage_link(client: &ApiClient, link: &OpenManageLink) -> Result<Appointment, Problem> {
    client.send(Method::Post, "/api/v1/bookings/manage/open", Some(link), None).await
}

/// Asks for a code by e-mail.
///
/// # Errors
/// The service's problem.
pub async fn send_manage_code(client: &ApiClient, link: &SendManageCode) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/bookings/manage/codes", Some(link), None).await
}

/// Says by a reminder's link that the patient will come.
///
/// # Errors
/// 404 for a link that is unknown, over, or of another time than the appointment's.
pub async fn answer_reminder(client: &ApiClient, answer: &AnswerReminder) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/bookings/replies/attendance", Some(answer), None).await
}

/// Says of an appointment as last seen that its patient will come.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state`.
pub async fn confirm_attendance(
    client: &ApiClient,
    appointment_id: AppointmentId,
    seen: SeenVersion,
) -> Result<Appointment, Problem> {
    let path = format!("{}/attendance", get_appointment(appointment_id));
    client.send(Method::Post, &path, Some(&seen), None).await
}

/// Says of an appointment as last seen that its patient is at the practice.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state`, `/problems/too-early`.
pub async fn report_arrival(
    client: &ApiClient,
    appointment_id: AppointmentId,
    seen: SeenVersion,
) -> Result<Appointment, Problem> {
    let path = format!("{}/arrival", get_appointment(appointment_id));
    client.send(Method::Post, &path, Some(&seen), None).await
}

/// Says of an appointment as last seen that its practitioner was not there.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state`, `/problems/too-early`.
pub async fn report_absence(
    client: &ApiClient,
    appointment_id: AppointmentId,
    seen: SeenVersion,
) -> Result<Appointment, Problem> {
    let path = format!("{}/absence", get_appointment(appointment_id));
    client.send(Method::Post, &path, Some(&seen), None).await
}

/// Cancels an appointment as last seen.
///
/// # Errors
/// `/problems/stale-version` when it changed meanwhile.
pub async fn cancel_appointment(
    client: &ApiClient,
    appointment_id: AppointmentId,
    cancel: &CancelAppointment,
) -> Result<Appointment, Problem> {
    client
        .send(Method::Post, &format!("{}/cancel", get_appointment(appointment_id)), Some(cancel), None)
        .await
}

/// Moves an appointment as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/time-taken` with other times.
pub async fn move_appointment(
    client: &ApiClient,
    appointment_id: AppointmentId,
    to: &MoveAppointment,
    key: String,
) -> Result<Appointment, Problem> {
    client.send(Method::Post, &format!("{}/move", get_appointment(appointment_id)), Some(to), Some(key)).await
}

/// Agrees to a time that the practice proposes, or keeps the appointment as it is.
///
/// # Errors
/// `/problems/proposal-ended` with what became of it.
pub async fn answer_proposal(
    client: &ApiClient,
    appointment_id: AppointmentId,
    answer: AnswerProposal,
) -> Result<Appointment, Problem> {
    let path = format!("{}/proposal/answer", get_appointment(appointment_id));
    client.send(Method::Post, &path, Some(&answer), None).await
}

/// `Page<PatientStatement>`: what the patient says beside the practice's record.
pub fn list_statements(appointment_id: AppointmentId) -> String {
    format!("{}/disagreement", get_appointment(appointment_id))
}

/// Says something beside the practice's record; gives all that was said. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/too-many-statements`.
pub async fn add_statement(
    client: &ApiClient,
    appointment_id: AppointmentId,
    statement: &AddStatement,
    key: String,
) -> Result<Page<PatientStatement>, Problem> {
    client.send(Method::Post, &list_statements(appointment_id), Some(statement), Some(key)).await
}

/// Takes over what was booked without an account, with a statement that users signed.
///
/// # Errors
/// `/problems/invalid` for a ticket that has ended.
pub async fn claim_bookings(client: &ApiClient, claim: &ClaimBookings) -> Result<ClaimedBookings, Problem> {
    client.send(Method::Post, "/api/v1/bookings/me/claims", Some(claim), None).await
}
