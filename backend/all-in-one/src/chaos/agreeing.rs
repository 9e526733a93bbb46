//! People whose visit is bulk billed: they book it without a card to charge, and agree that the practitioner is paid by Medicare.

use std::{thread, time::Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use shared_types::{
    BookingId,
    payments::{
        assignment::{Assignment, Assignments},
        funding::Cohort,
    },
};

use super::{
    asking::{PATIENCE, PAUSE},
    guest::{Ended, Guest, ticket},
    place::Slot,
};

impl Guest<'_> {
    /// Holds a time, books it, and agrees to what they are asked.
    ///
    /// # Errors
    /// When they are not answered, or otherwise than they should be.
    pub fn book_and_agree(&mut self, slot: Slot) -> Result<Ended> {
        let hold = self.hold(slot, Some(Cohort::Medicare))?;
        let confirmation = self.confirm(&hold, 200)?;
        let ticket = ticket(&confirmation)?;
        let asked = self.wait_until_asked(confirmation.booking_id, &ticket)?;
        let answer = json!({
            "agrees": true,
            "document_sha256": asked.document_sha256,
            "relation": "patient",
            "claimant": {
                "family_name": "Person",
                "given_name": "Chaos",
                "date_of_birth": "1980-02-29",
                "medicare_number": medicare_card(self.number),
                "medicare_irn": "1",
            },
        });
        let path = format!("/api/v1/payments/assignments/{}/answer", asked.assignment_id);
        self.asker.post(&path, &ticket, &answer.to_string())?.expect(200)?;
        Ok(Ended::Agreed)
    }

    /// They are asked once payments has heard of the booking.
    fn wait_until_asked(&mut self, booking_id: BookingId, ticket: &str) -> Result<Assignment> {
        let path = format!("/api/v1/payments/bookings/{booking_id}/assignments");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen: Assignments = self.asker.insist("GET", &path, ticket, "")?.expect(200)?.json()?;
            if let Some(asked) = seen.items.into_iter().next() {
                return Ok(asked);
            }
            ensure!(Instant::now() < deadline, "nobody asked the patient of {booking_id} for the benefit");
            thread::sleep(PAUSE);
        }
    }
}

/// A card of one's own: eight digits, the check digit of them, the first issue.
fn medicare_card(number: usize) -> String {
    const WEIGHTS: [u32; 8] = [1, 3, 7, 9, 1, 3, 7, 9];
    let body = format!("3{number:07}");
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}1", sum % 10)
}

#[cfg(test)]
mod tests {
    use shared_types::payments::coverage::{MedicareCard, MedicareGiven};

    use super::medicare_card;

    #[test]
    fn everybody_has_a_card_of_their_own() {
        for number in [0, 7, 59, 99_999] {
            let given = MedicareGiven { number: medicare_card(number).into(), irn: "1".to_owned().into() };
            assert!(MedicareCard::read(&given).is_ok(), "{number}");
        }
        assert_ne!(medicare_card(1), medicare_card(2));
    }
}
