//! Series: half hours of several weeks that the desk looks at one by one, books in one act, all of them or none, and cancels so.
//! What it booked are appointments like any other.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::{
    Zone,
    bookings::{
        AppointmentStatus::Confirmed,
        practice::{ActName, CalendarAppointment},
        series::{Finding, SeriesReport},
    },
    page::Page,
};

use super::{
    WEEK, World,
    link::{Link, link},
};
use crate::{
    app::{BORN, LONG, ROLE, minutes},
    practice::at_practice,
};

impl World {
    pub async fn book_series(&mut self) -> String {
        let (first, visits) = (self.any_slot(), 2 + i32::try_from(self.pick(2)).unwrap());
        let starts: Vec<Timestamp> = (0..visits).map(|nth| first + WEEK * nth).collect();
        self.look_at(&starts).await;
        let who = self.series.len();
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG, "starts": starts, "agreed": true,
            // Somebody else each time: whom another series is for does not come anyway.
            "patient": {"name": "Bo Lee", "date_of_birth": BORN, "email": format!("bo{who}@example.org")},
        });
        let is_taken =
            |start: &Timestamp| self.lane(false, ROLE, (*start, *start + minutes(30)), None).is_none();
        let taken = starts.iter().position(is_taken);
        let mut owner = self.owner();
        let reply = owner.post(&at_practice("series"), Some(self.app.key()), &body).await;
        if !self.is_recent(first) {
            reply.problem(422, "invalid");
            return format!("{visits} visits from {first} on: too late");
        }
        if let Some(nth) = taken {
            let problem = reply.problem(409, "series-changed");
            assert_eq!(problem.errors[0].pointer, format!("/starts/{nth}"));
            return format!("{visits} visits from {first} on: {nth} is taken");
        }
        assert_eq!(reply.status, 201, "{}", reply.body);
        let made: Page<CalendarAppointment> = reply.read();
        assert_eq!(made.items.iter().map(|visit| visit.start).collect::<Vec<_>>(), starts);
        self.written_down(&made.items).await;
        format!("{visits} visits from {first} on")
    }

    /// Each visit is found as it stands: free, or taken, if only by who is fitted in, and with others near it that are free.
    async fn look_at(&mut self, starts: &[Timestamp]) {
        let first = starts[0];
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG, "date": Zone::SYDNEY.date(first),
            "time": Zone::SYDNEY.time(first), "every": "week", "visits": starts.len(),
        });
        let reply = self.owner().post(&at_practice("series/check"), None, &body).await;
        if !self.is_recent(first) {
            reply.problem(422, "invalid");
            return;
        }
        assert_eq!(reply.status, 200, "{}", reply.body);
        let report: SeriesReport = reply.read();
        assert_eq!(report.visits.iter().map(|visit| visit.start).collect::<Vec<_>>(), starts);
        let is_clear = |start: Timestamp| self.is_clear(ROLE, start, start + minutes(30), None);
        for visit in &report.visits {
            let expected = if is_clear(visit.start) { Finding::Free } else { Finding::Taken };
            assert_eq!(visit.finding, expected, "{}", visit.start);
            assert_eq!(visit.alternatives.is_empty(), expected == Finding::Free, "{}", visit.start);
            for start in &visit.alternatives {
                let offered = self.is_offered(false, *start, *start + minutes(30));
                assert!(offered && is_clear(*start), "{start} is said to be free");
            }
        }
    }

    /// Each visit is an appointment from now on, and its patient has it in a browser: what a mailed link opens is closed after an
    /// hour.
    async fn written_down(&mut self, visits: &[CalendarAppointment]) {
        let (who, series) = (self.series.len(), visits[0].series_id.unwrap());
        let (secret, hash) = self.app.core.chance.link_token();
        let mut browser = self.app.browser();
        browser.cookies.push((kernel::cookies::GUEST.to_owned(), secret));
        sqlx::query("update bookings.appointment_party set guest_hash = $2 where series_id = $1")
            .bind(series.0)
            .bind(hash.to_vec())
            .execute(&mut self.conn)
            .await
            .unwrap();
        for visit in visits {
            assert_eq!((visit.status, visit.series_id), (Confirmed, Some(series)));
            self.let_off(ROLE, visit.start, visit.end);
            let times = (visit.start, visit.end);
            let one = link(visit.appointment_id, ROLE, Confirmed, times, Some(browser.clone()));
            self.links.push(Link { series: Some(who), ..one });
        }
        self.series.push(series);
    }

    /// The practice cancels a visit and those that were booked after it, all of them or none.
    pub async fn cancel_series(&mut self) -> String {
        let visits: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].series.is_some()).collect();
        if visits.is_empty() {
            return "no series is cancelled".to_owned();
        }
        let from = visits[self.pick(visits.len())];
        let series = self.links[from].series;
        let rest: Vec<_> =
            visits.into_iter().filter(|nth| *nth >= from && self.links[*nth].series == series).collect();
        let act = [ActName::Cancel, ActName::CancelForPatient][self.pick(2)];
        let to: Option<Vec<_>> = rest.iter().map(|nth| self.leads_to(*nth, act)).collect();
        let seen = |nth: &usize| {
            let it = &self.links[*nth];
            json!({"appointment_id": it.id, "version": it.version})
        };
        let seen: Value = rest.iter().map(seen).collect();
        let body = json!({"visits": seen, "action": act, "reason": "other", "waive_fee": false});
        let path = at_practice(&format!("series/{}/cancel", self.series[series.unwrap()]));
        let reply = self.owner().post(&path, None, &body).await;
        assert_eq!(reply.status == 200, to.is_some(), "{act:?} of {rest:?}: {}", reply.body);
        let now = self.now();
        for (nth, to) in rest.iter().zip(to.iter().flatten()) {
            self.links[*nth].stand(*to, now);
        }
        format!("{act:?} of {rest:?}: {to:?}")
    }

    /// Whether the patient of a visit comes then anyway, for another one of its series.
    pub fn comes_anyway(&self, nth: usize, start: Timestamp, end: Timestamp) -> bool {
        let series = self.links[nth].series;
        let others = self.links.iter().enumerate().filter(|(other, it)| *other != nth && it.series == series);
        series.is_some()
            && others
                .filter(|(_, it)| it.status.is_upcoming() && it.start > start - minutes(12 * 60))
                .any(|(_, it)| it.start < end && start < it.end)
    }
}
