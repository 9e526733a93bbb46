//! A practice's calendar, as its staff read and change it: what bookings keeps for them.

use form_urlencoded::Serializer;
use jiff::civil::Date;
use shared_types::{
    AppointmentId, AppointmentTypeId, GroupSessionId, OrganizationId, PoolId, PractitionerRoleId, Problem,
    ResourceId, SeriesId,
    bookings::{
        pools::{PoolDraft, PracticePool, PutPool},
        practice::{
            ActOnAppointment, CalendarAppointment, CancelSession, CreateAppointment, RescheduleAppointment,
            SeenVersion, SessionCancelled,
        },
        proposal::{Proposal, ProposeTime},
        resources::{CreateResource, PracticeResource},
        running_late::{RunningLateSaid, SayRunningLate},
        schedule::{OutsideHours, PutKeeper, PutSchedule, PutType, RoleType, SchedulePut, TypeDraft},
        series::{CancelSeries, CheckSeries, CreateSeries, SeriesReport},
    },
    page::Page,
};

use super::{ApiClient, Method};

/// `PracticeRoles`: who can be booked there.
pub fn list_practice_roles(organization_id: OrganizationId) -> String {
    below(organization_id, "roles")
}

/// `Page<WaitingRequest>`: the requests that wait for the practice's answer.
pub fn list_requests(organization_id: OrganizationId) -> String {
    below(organization_id, "requests")
}

/// `Page<UnmarkedVisit>`: the visits that nobody marked.
pub fn list_unmarked(organization_id: OrganizationId) -> String {
    below(organization_id, "unmarked")
}

/// `PracticeCalendar`: what some roles' days look like, both days included; everybody's where no roles are named.
pub fn find_calendar(
    organization_id: OrganizationId,
    (from, to): (Date, Date),
    roles: &[PractitionerRoleId],
) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
    if !roles.is_empty() {
        let ids: Vec<_> = roles.iter().map(ToString::to_string).collect();
        query.append_pair("roles", &ids.join(","));
    }
    below(organization_id, &format!("calendar?{}", query.finish()))
}

/// `Option<PracticeCalendar>`: the same, none where it still has this tag.
pub fn find_calendar_unless(path: &str, tag: &str) -> String {
    if tag.is_empty() { path.to_owned() } else { format!("{path}&unless={tag}") }
}

/// `RoleSchedule`: when somebody can be booked.
pub fn find_schedule(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    below(organization_id, &format!("roles/{role_id}/schedule"))
}

/// `OutsideHours`: what is booked outside of their hours as they are.
pub fn list_outside(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    format!("{}/outside", find_schedule(organization_id, role_id))
}

/// `RoleTypes`: what they can be booked for, with what is no longer offered.
pub fn list_role_types(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    below(organization_id, &format!("roles/{role_id}/appointment-types"))
}

/// `PracticeResources`: the practice's rooms and devices, with what is retired.
pub fn list_resources(organization_id: OrganizationId) -> String {
    below(organization_id, "resources")
}

/// Adds a room or a device. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`.
pub async fn create_resource(
    client: &ApiClient,
    organization_id: OrganizationId,
    resource: &CreateResource,
    key: String,
) -> Result<PracticeResource, Problem> {
    client.send(Method::Post, &list_resources(organization_id), Some(resource), Some(key)).await
}

/// Retires a room or a device.
///
/// # Errors
/// `/problems/resource-needed`.
pub async fn retire_resource(
    client: &ApiClient,
    organization_id: OrganizationId,
    resource_id: ResourceId,
) -> Result<(), Problem> {
    let path = format!("{}/{resource_id}", list_resources(organization_id));
    client.send(Method::Delete, &path, None::<&()>, None).await
}

/// `PracticePools`: what several people of the practice offer as one, with what is no longer offered.
pub fn list_practice_pools(organization_id: OrganizationId) -> String {
    below(organization_id, "pools")
}

/// Offers what several people offer as one. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`.
pub async fn create_pool(
    client: &ApiClient,
    organization_id: OrganizationId,
    pool: &PoolDraft,
    key: String,
) -> Result<PracticePool, Problem> {
    client.send(Method::Post, &list_practice_pools(organization_id), Some(pool), Some(key)).await
}

/// Sets a pool, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/invalid`.
pub async fn put_pool(
    client: &ApiClient,
    organization_id: OrganizationId,
    pool_id: PoolId,
    change: &PutPool,
) -> Result<PracticePool, Problem> {
    let path = format!("{}/{pool_id}", list_practice_pools(organization_id));
    client.send(Method::Put, &path, Some(change), None).await
}

/// Books a time at the desk. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/time-taken`, `/problems/invalid`.
pub async fn create_appointment(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment: &CreateAppointment,
    key: String,
) -> Result<CalendarAppointment, Problem> {
    client.send(Method::Post, &below(organization_id, "appointments"), Some(appointment), Some(key)).await
}

/// How each visit of a series would stand. It changes nothing.
///
/// # Errors
/// `/problems/invalid`.
pub async fn check_series(
    client: &ApiClient,
    organization_id: OrganizationId,
    series: &CheckSeries,
) -> Result<SeriesReport, Problem> {
    client.send(Method::Post, &below(organization_id, "series/check"), Some(series), None).await
}

/// Books the visits that the patient agreed to, all of them or none. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/series-changed`, `/problems/invalid`.
pub async fn create_series(
    client: &ApiClient,
    organization_id: OrganizationId,
    series: &CreateSeries,
    key: String,
) -> Result<Page<CalendarAppointment>, Problem> {
    client.send(Method::Post, &below(organization_id, "series"), Some(series), Some(key)).await
}

/// `Page<CalendarAppointment>`: all visits of a series.
pub fn find_series(organization_id: OrganizationId, series_id: SeriesId) -> String {
    below(organization_id, &format!("series/{series_id}"))
}

/// Cancels some visits of a series as last seen, all of them or none.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state`.
pub async fn cancel_series(
    client: &ApiClient,
    organization_id: OrganizationId,
    series_id: SeriesId,
    change: &CancelSeries,
) -> Result<Page<CalendarAppointment>, Problem> {
    let path = format!("{}/cancel", find_series(organization_id, series_id));
    client.send(Method::Post, &path, Some(change), None).await
}

/// Cancels a group session for everybody in it who is still to come. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state`, `/problems/stale-version`, `/problems/invalid`.
pub async fn cancel_session(
    client: &ApiClient,
    organization_id: OrganizationId,
    session_id: GroupSessionId,
    wanted: CancelSession,
    key: String,
) -> Result<SessionCancelled, Problem> {
    let path = below(organization_id, &format!("sessions/{session_id}/cancel"));
    client.send(Method::Post, &path, Some(&wanted), Some(key)).await
}

/// Does something with an appointment as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state`, `/problems/too-early`, `/problems/not-allowed`.
pub async fn act_on_appointment(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    act: &ActOnAppointment,
) -> Result<CalendarAppointment, Problem> {
    let path = below(organization_id, &format!("appointments/{appointment_id}/transitions"));
    client.send(Method::Post, &path, Some(act), None).await
}

/// Moves an appointment, changes its length, or gives it to somebody else. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/time-taken`, `/problems/stale-version`, `/problems/wrong-state`.
pub async fn reschedule_appointment(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    change: &RescheduleAppointment,
    key: String,
) -> Result<CalendarAppointment, Problem> {
    let path = below(organization_id, &format!("appointments/{appointment_id}/reschedule"));
    client.send(Method::Post, &path, Some(change), Some(key)).await
}

/// Proposes another time to the patient; the appointment stays until they agree. It takes the place of an earlier proposal, and the
/// same time once more is the same proposal.
///
/// # Errors
/// `/problems/time-taken`, `/problems/stale-version`, `/problems/wrong-state`, `/problems/invalid`.
pub async fn propose_time(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    wanted: ProposeTime,
) -> Result<Proposal, Problem> {
    client.send(Method::Post, &proposal(organization_id, appointment_id), Some(&wanted), None).await
}

/// Takes a proposal back; that there is none any more is no mistake.
///
/// # Errors
/// The service's problem.
pub async fn withdraw_proposal(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
) -> Result<(), Problem> {
    client.send(Method::Delete, &proposal(organization_id, appointment_id), None::<&()>, None).await
}

/// Lets somebody off the fee for cancelling late or not coming. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/nothing-owed`, `/problems/stale-version`.
pub async fn waive_fee(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    seen: SeenVersion,
    key: String,
) -> Result<CalendarAppointment, Problem> {
    let path = below(organization_id, &format!("appointments/{appointment_id}/waive-fee"));
    client.send(Method::Post, &path, Some(&seen), Some(key)).await
}

/// Says by how much somebody runs late today, as last seen. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/stale-version`, `/problems/invalid`.
pub async fn say_running_late(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    wanted: SayRunningLate,
    key: String,
) -> Result<RunningLateSaid, Problem> {
    let path = below(organization_id, &format!("roles/{role_id}/running-late"));
    client.send(Method::Post, &path, Some(&wanted), Some(key)).await
}

/// Sets somebody's whole schedule, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/invalid`.
pub async fn put_schedule(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    schedule: &PutSchedule,
) -> Result<SchedulePut, Problem> {
    client.send(Method::Put, &find_schedule(organization_id, role_id), Some(schedule), None).await
}

/// What lies within somebody's hours as they are and would lie outside of these. It changes nothing.
///
/// # Errors
/// `/problems/invalid`.
pub async fn check_outside(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    schedule: &PutSchedule,
) -> Result<OutsideHours, Problem> {
    client.send(Method::Post, &list_outside(organization_id, role_id), Some(schedule), None).await
}

/// Gives somebody's schedule to one of the staff to keep, or to nobody but the managers.
///
/// # Errors
/// `/problems/not-allowed`.
pub async fn put_keeper(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    keeper: PutKeeper,
) -> Result<(), Problem> {
    let path = below(organization_id, &format!("roles/{role_id}/keeper"));
    client.send(Method::Put, &path, Some(&keeper), None).await
}

/// Offers another appointment type. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`.
pub async fn create_appointment_type(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    draft: &TypeDraft,
    key: String,
) -> Result<RoleType, Problem> {
    client.send(Method::Post, &list_role_types(organization_id, role_id), Some(draft), Some(key)).await
}

/// Sets an appointment type, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/invalid`.
pub async fn put_appointment_type(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    type_id: AppointmentTypeId,
    change: &PutType,
) -> Result<RoleType, Problem> {
    let path = format!("{}/{type_id}", list_role_types(organization_id, role_id));
    client.send(Method::Put, &path, Some(change), None).await
}

fn proposal(organization_id: OrganizationId, appointment_id: AppointmentId) -> String {
    below(organization_id, &format!("appointments/{appointment_id}/proposal"))
}

fn below(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/{rest}")
}
