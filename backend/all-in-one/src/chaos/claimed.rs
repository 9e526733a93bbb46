//! What is bulk billed, counted: the claims that Medicare has by its own book, what payments says of them, and whether they say the same.

use std::collections::BTreeMap;

use anyhow::Result;
use claims_simulator::{Lodged, Simulator};
use serde::Serialize;
use sqlx::PgConnection;

use super::verdict::{count, counts, differing, number};

/// What a run found of it.
#[derive(Debug, Serialize)]
pub struct Claimed {
    /// Bookings that are bulk billed, and those of them whose visit took place.
    pub bulk_billed: i64,
    pub completed: i64,
    /// Claims that Medicare has, by its own book.
    pub lodged: usize,
    /// Services that it has more than once.
    pub lodged_twice: usize,
    /// Bookings of which we say that it has more than one claim.
    pub noted_twice: i64,
    /// Claims that it alone has, or we alone say that it has, or for another amount.
    pub noted_otherwise: usize,
    /// Visits that took place and whose benefit was assigned, and it has no claim.
    pub not_lodged: i64,
    /// Bulk-billed bookings with a charge of any kind.
    pub charged: i64,
    /// Messages that were sent again, because nobody knew whether they had arrived.
    pub sent_again: i64,
    /// How many claims stand where.
    pub claims: BTreeMap<String, i64>,
}

impl Claimed {
    /// What is wrong, and how often.
    pub fn wrong(&self) -> [(&'static str, i64); 5] {
        [
            ("services were claimed twice, by Medicare's own book", number(self.lodged_twice)),
            ("bookings have two claims at Medicare", self.noted_twice),
            ("claims are not what we say", number(self.noted_otherwise)),
            ("visits were not claimed, although the benefit was assigned", self.not_lodged),
            ("bulk-billed bookings carry a charge", self.charged),
        ]
    }

    /// Whether nothing was tried out.
    pub fn is_hardly_any(&self) -> bool {
        number(self.lodged) * 2 < self.bulk_billed
    }

    /// What is not where it should be.
    pub fn lost(&self) -> i64 {
        number(self.noted_otherwise) + self.not_lodged + self.charged
    }

    /// What Medicare has twice.
    pub fn doubled(&self) -> usize {
        self.lodged_twice.max(usize::try_from(self.noted_twice).unwrap_or_default())
    }
}

/// Counts.
///
/// # Errors
/// When the database cannot be read.
pub async fn look(conn: &mut PgConnection, simulator: &Simulator) -> Result<Claimed> {
    let lodged = simulator.world().lodged().to_vec();
    Ok(Claimed {
        bulk_billed: count(conn, BULK_BILLED).await?,
        completed: count(conn, COMPLETED).await?,
        lodged: lodged.len(),
        lodged_twice: twice(&lodged),
        noted_twice: count(conn, NOTED_TWICE).await?,
        noted_otherwise: differing(&by_name(&lodged), &counts(conn, NOTED).await?),
        not_lodged: count(conn, NOT_LODGED).await?,
        charged: count(conn, CHARGED).await?,
        sent_again: count(conn, SENT_AGAIN).await?,
        claims: counts(conn, CLAIMS).await?,
    })
}

const BULK_BILLED: &str = "select count(distinct booking_id) from bookings.appointment where bulk_billed";
const COMPLETED: &str =
    "select count(*) from bookings.appointment where bulk_billed and status = 'completed'";
const NOTED_TWICE: &str = "select count(*) from (select from payments.claim where medicare_claim_id is not null \
    group by booking_id having count(*) > 1) twice";
const NOTED: &str = "select correlation_id || ' ' || medicare_claim_id, claimed_cents \
    from payments.claim join payments.claim_submission sent using (claim_id) where sent.status = 'accepted'";
const NOT_LODGED: &str = "select count(*) from bookings.appointment a where a.bulk_billed and a.status = 'completed' \
    and exists (select from payments.assignment where booking_id = a.booking_id and status in ('assigned', 'relied_on')) \
    and not exists (select from payments.claim where booking_id = a.booking_id and medicare_claim_id is not null)";
const CHARGED: &str = "select count(distinct a.booking_id) from bookings.appointment a \
    left join payments.payment using (booking_id) left join payments.intent using (payment_id) \
    where a.bulk_billed and (a.price_cents > 0 or a.late_fee_cents > 0 or intent_id is not null or not payment.bulk_billed \
    or payment.patient_charge_cents + payment.held_cents + payment.captured_cents + payment.fee_owed_cents > 0)";
const SENT_AGAIN: &str = "select count(*) from payments.claim_submission where attempts > 1";
const CLAIMS: &str = "select status, count(*) from payments.claim group by status";

/// How many services it has more than once. Everybody has a card of their own, so that a card, a day and an item are of one booking.
fn twice(lodged: &[Lodged]) -> usize {
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for claim in lodged {
        for service in &claim.services {
            *times.entry((&claim.member_number, service.day, &service.item_number)).or_default() += 1;
        }
    }
    times.values().filter(|times| **times > 1).count()
}

/// What each claim is for, by the id under which it came and the name that it was given.
fn by_name(lodged: &[Lodged]) -> BTreeMap<String, i64> {
    let named = |claim: &Lodged| format!("{} {}", claim.correlation_id, claim.claim_id);
    lodged.iter().map(|claim| (named(claim), claim.charge_cents())).collect()
}

#[cfg(test)]
mod tests {
    use claims_simulator::{Lodged, Service};

    use super::{by_name, twice};

    fn lodged(claim_id: &str, card: &str, day: &str) -> Lodged {
        let service = Service {
            event_id: "01".to_owned(),
            id: "0001".to_owned(),
            item_number: "23".to_owned(),
            day: day.parse().unwrap(),
            charge_cents: 4_390,
            benefit_cents: 4_390,
            code: None,
        };
        Lodged {
            location_id: "CHA00000".to_owned(),
            claim_id: claim_id.to_owned(),
            correlation_id: "urn:uuid:1".to_owned(),
            lodged_at: "2026-12-07T00:00:00Z".parse().unwrap(),
            provider_number: "2447781L".to_owned(),
            member_number: card.to_owned(),
            patient_status: None,
            is_manual: false,
            services: vec![service],
        }
    }

    #[test]
    fn a_service_that_came_under_two_names_was_claimed_twice() {
        let all = [
            lodged("A0001@", "2123456701", "2026-12-01"),
            lodged("A0002@", "4951525561", "2026-12-01"),
            lodged("A0003@", "2123456701", "2026-12-02"),
        ];
        assert_eq!((twice(&all), by_name(&all).len()), (0, 3));
        let mut again = all.to_vec();
        again.push(lodged("A0004@", "2123456701", "2026-12-01"));
        assert_eq!((twice(&again), by_name(&again).len()), (1, 4));
    }
}
