//! Those who wait: who is asked about which time, and what they make of it.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use jiff::Timestamp;
use serde_json::json;
use shared_types::{
    HoldId, PatientId, WaitlistEntryId, Zone,
    bookings::{AppointmentStatus::Confirmed, Confirmation, waitlist::WaitlistEntry},
    users::Claims,
};
use uuid::Uuid;

use super::{World, link::link};
use crate::{
    app::{Browser, LONG, MONDAY, ROLE, minutes},
    members::{claims, signed_in_by},
};

/// Somebody who waits for one half hour with [`ROLE`].
pub struct Waiting {
    account: u128,
    entry: WaitlistEntryId,
    joined: Timestamp,
    /// Whether the practice did not keep an appointment of theirs.
    first: bool,
    pub slot: Timestamp,
    /// The hold of the offer that is open, and until when it is.
    pub open: Option<(HoldId, Timestamp)>,
    /// Whether they were asked: nobody is asked twice about a time.
    asked: bool,
}

impl World {
    /// A browser of somebody who waits: time passes, and sessions end.
    fn member(&self, account: u128) -> Browser {
        let patient_id = Some(PatientId(Uuid::from_u128(0xF0_0000 + account)));
        signed_in_by(&self.issuer, &self.app, &Claims { patient_id, ..claims(&self.app, account) })
    }

    pub async fn join(&mut self) -> String {
        let (slot, account) = (self.slot(), 1_000 + self.waiting.len() as u128);
        let at = Zone::SYDNEY.time(slot);
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG,
            "wishes": {"weekdays": 1, "from": at, "until": at, "first": MONDAY, "last": MONDAY},
        });
        if Zone::SYDNEY.date(self.now()) > MONDAY {
            return "too late to wait".to_owned();
        }
        let first = self.loses(account).await;
        let path = "/api/v1/bookings/me/waitlist";
        let reply = self.member(account).post(path, Some(self.app.key()), &body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let entry: WaitlistEntry = reply.read();
        assert_eq!(entry.priority.is_some(), first, "whose appointment was not kept comes first");
        // Of those who join in one moment, the one with the lower id comes first.
        let (entry, joined) = (entry.waitlist_entry_id, self.now());
        let place = self
            .waiting
            .partition_point(|one| (!one.first, one.joined, one.entry.0) < (!first, joined, entry.0));
        let one = Waiting { account, entry, joined, first, slot, open: None, asked: false };
        self.waiting.insert(place, one);
        format!("join for {slot}, first: {first}")
    }

    /// Gives an account one of the appointments that the practice did not keep, as claiming it would, if there is one and it is
    /// to be so. Says whether.
    async fn loses(&mut self, account: u128) -> bool {
        let lost: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].is_lost()).collect();
        if lost.is_empty() || self.pick(2) == 0 {
            return false;
        }
        let nth = lost[self.pick(lost.len())];
        self.links[nth].spent = true;
        sqlx::query(
            "update bookings.appointment_party set account_id = $2, patient_id = $3 \
             where booking_id = (select booking_id from bookings.appointment where appointment_id = $1)",
        )
        .bind(self.links[nth].id.0)
        .bind(Uuid::from_u128(account))
        .bind(Uuid::from_u128(0xF0_0000 + account))
        .execute(&mut self.conn)
        .await
        .unwrap();
        true
    }

    /// Somebody takes what is kept for them, or lets it go.
    pub async fn answer(&mut self) -> String {
        let asked: Vec<_> = (0..self.waiting.len()).filter(|nth| self.waiting[*nth].open.is_some()).collect();
        if asked.is_empty() {
            return "nobody is asked".to_owned();
        }
        let (nth, takes) = (asked[self.pick(asked.len())], self.pick(2) == 0);
        let slot = self.waiting[nth].slot;
        let (hold, _) = self.waiting[nth].open.take().unwrap();
        let mut member = self.member(self.waiting[nth].account);
        let path = format!("/api/v1/bookings/holds/{hold}");
        if takes {
            let details = self.app.details();
            let reply = member.post(&format!("{path}/confirm"), Some(self.app.key()), &details).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
            let id = reply.read::<Confirmation>().appointment_id;
            self.let_off(ROLE, slot, slot + minutes(30));
            self.links.push(link(id, ROLE, Confirmed, (slot, slot + minutes(30)), None));
        } else {
            let reply = member.send(Request::delete(path).body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, 204, "{}", reply.body);
        }
        format!("{nth} takes {slot}: {takes}")
    }

    /// What was offered since, against who was to be asked.
    pub async fn offers(&mut self) {
        let now = self.now();
        let open: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(
            "select waitlist_entry_id, hold_id, extract(epoch from expires_at)::bigint \
             from bookings.waitlist_offer where status = 'open'",
        )
        .fetch_all(&mut self.conn)
        .await
        .unwrap();
        let open = open.into_iter().map(|(entry, hold, until)| (entry, (hold, until)));
        let open: BTreeMap<_, _> = open.collect();
        for one in &mut self.waiting {
            if let Some((_, until)) = one.open {
                let stays = open.contains_key(&one.entry.0);
                assert_eq!(stays, now < until, "an offer is open until {until}");
                one.open = one.open.filter(|_| stays);
            }
        }
        for nth in 0..self.waiting.len() {
            let one = &self.waiting[nth];
            let (slot, new) = (one.slot, open.get(&one.entry.0).filter(|_| one.open.is_none()));
            let may = self.is_clear(ROLE, slot, slot + minutes(30), None);
            if let Some((hold, until)) = new {
                assert!(!one.asked && may && slot >= now + minutes(60), "{nth} is asked about {slot}");
                let before = self.waiting[..nth].iter().find(|other| other.slot == slot && !other.asked);
                assert!(before.is_none(), "{nth} is asked before somebody who comes first");
                let until = Timestamp::from_second(*until).unwrap();
                self.waiting[nth].open = Some((HoldId(*hold), until));
                self.waiting[nth].asked = true;
            } else {
                // What was looked at in the night is looked at again five minutes later.
                let awake = |at: Timestamp| (8..20).contains(&Zone::SYDNEY.time(at).hour());
                let awake = awake(now) && awake(now - minutes(5));
                let could = may && !one.asked && awake && slot >= now + minutes(120);
                assert!(!could, "{nth} was not asked about {slot}");
            }
        }
    }
}
