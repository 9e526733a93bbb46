//! A small practice for the tests beside the code.

use jiff::{SignedDuration, civil::date};
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, PractitionerRoleId, Zone,
    bookings::{
        AppointmentStatus, AppointmentType, Audience, CancellationPolicy, Cancelling, PracticePatient,
        practice::{CalendarAppointment, PracticeCalendar, Reachable, RoleCalendar},
    },
};
use uuid::Uuid;

/// The one who is booked.
pub fn role_id() -> PractitionerRoleId {
    PractitionerRoleId(Uuid::from_u128(1))
}

/// The nth booking: a first visit that stands.
pub fn appointment(nth: u128, start: &str, minutes: i64) -> CalendarAppointment {
    let start = start.parse().unwrap();
    let end = start + SignedDuration::from_mins(minutes);
    CalendarAppointment {
        appointment_id: AppointmentId(Uuid::from_u128(nth + 1_000)),
        booking_id: BookingId(Uuid::from_u128(nth)),
        practitioner_role_id: role_id(),
        version: 1,
        status: AppointmentStatus::Confirmed,
        reason: None,
        appointment_type: AppointmentType {
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
            name: "First visit".to_owned(),
            duration_minutes: 45,
            price_cents: AudCents(12_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            seats: None,
            home_visit: false,
        },
        start,
        end,
        takes: Some((start, end)),
        fitted_in: false,
        reply_by: None,
        attendance_confirmed_at: None,
        acts: Vec::new(),
        may_reschedule: true,
        may_propose: true,
        proposed: None,
        not_taken: None,
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_000) },
        cancelling_now: Cancelling::WithoutCharge,
        late_fee_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents(5_000),
        patient: PracticePatient {
            name: format!("Patient {nth}").into(),
            preferred_name: None,
            date_of_birth: date(1980, 2, 29).into(),
            email: "ada@example.org".to_owned().into(),
            mobile: "+61491570006".to_owned().into(),
        },
        reachable: Reachable::Email,
        statements: Vec::new(),
        resources: Vec::new(),
        series_id: None,
        group: None,
        visit: None,
        if_mistake: None,
        booked_zone: None,
    }
}

/// Priya Nairwood's week from Monday 23 November 2026, in Sydney, without open hours.
pub fn calendar(appointments: Vec<CalendarAppointment>) -> PracticeCalendar {
    PracticeCalendar {
        from: date(2026, 11, 23),
        to: date(2026, 11, 29),
        as_of: "2026-11-22T22:00:00Z".parse().unwrap(),
        roles: vec![RoleCalendar {
            practitioner_role_id: role_id(),
            name: "Priya Nairwood".to_owned(),
            time_zone: Zone::SYDNEY,
            open: Vec::new(),
            closed: Vec::new(),
            away: Vec::new(),
            appointments,
            taken: Vec::new(),
            running_late: None,
        }],
        tag: "as read".to_owned(),
    }
}
