//! A practice's staff in their calendar, for the tests of everything they do there.

mod desk;
mod desk_texts;
mod find_calendar;
mod model;
mod not_taken;
mod outside_hours;
mod proposals;
mod requests;
mod resources;
mod running_late;
mod schedule;
mod series;
mod suspended;
mod transitions;

use serde_json::{Value, json};
use shared_types::{
    AppointmentId, OrganizationId,
    bookings::practice::{CalendarAppointment, PracticeCalendar},
    users::{Claims, Membership, StaffRole},
};

use crate::{
    app::{App, Browser, ORGANIZATION, Reply},
    members::{claims, signed_in},
};

/// Somebody who works at the practice, signed in a moment ago.
pub async fn staff(app: &App, role: StaffRole) -> Browser {
    staff_of(app, ORGANIZATION, role).await
}

/// Somebody who works at a practice, signed in a moment ago.
pub async fn staff_of(app: &App, organization_id: OrganizationId, role: StaffRole) -> Browser {
    let memberships = vec![Membership { organization_id, roles: vec![role] }];
    signed_in(app, &Claims { memberships, ..claims(app, 50) }).await
}

/// The desk, signed in a moment ago: time passes in these tests, and sessions end.
pub async fn desk(app: &App) -> Browser {
    staff(app, StaffRole::Reception).await
}

/// A path of the practice.
pub fn at_practice(rest: &str) -> String {
    format!("/api/v1/bookings/practices/{ORGANIZATION}/{rest}")
}

impl App {
    /// The desk does something with an appointment.
    pub async fn act(&self, appointment: AppointmentId, version: i32, act: Value) -> Reply {
        act_as(&mut desk(self).await, appointment, version, act).await
    }

    /// The desk does something with an appointment, which must work.
    pub async fn acts(&self, appointment: AppointmentId, version: i32, act: Value) -> CalendarAppointment {
        let reply = self.act(appointment, version, act).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.read()
    }

    /// The practice's calendar of a day.
    pub async fn calendar(&self, day: &str) -> PracticeCalendar {
        let path = at_practice(&format!("calendar?from={day}&to={day}"));
        let reply = desk(self).await.get(&path).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.read()
    }
}

/// Somebody does something with an appointment.
pub async fn act_as(
    browser: &mut Browser,
    appointment: AppointmentId,
    version: i32,
    mut act: Value,
) -> Reply {
    act["version"] = json!(version);
    browser.post(&at_practice(&format!("appointments/{appointment}/transitions")), None, &act).await
}
