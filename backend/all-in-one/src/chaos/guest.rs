//! People who book, and what they do about it: those who pay.

use std::{net::SocketAddr, thread};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Chance, cookies::GUEST};
use serde_json::json;
use shared_types::{
    AppointmentId,
    bookings::{Appointment, AppointmentStatus, Confirmation, ConsentGiven, CreateHold, Hold},
    payments::{
        funding::Cohort,
        pay::{CARD_TEXT, Checkout, StartPayment},
        quote::TICKET_HEADER,
    },
    users::ConsentText,
};

use super::{
    asking::{Asker, Asking, PAUSE},
    place::Slot,
};
use crate::bench::http::{Client, Reply};

/// How long somebody looks whether their booking is made before they leave.
const LOOKS: u32 = 60;

/// What somebody is going to do.
#[derive(Clone, Copy, Debug)]
pub enum Plan {
    /// Pays for what they book.
    Pay(Paying),
    /// Books what is bulk billed, and agrees to that.
    Agree,
}

/// How somebody pays.
#[derive(Clone, Copy, Debug)]
pub struct Paying {
    /// What they pay with, one card after the other; nothing when they leave the page.
    cards: &'static [&'static str],
    /// Comes back from the processor's page.
    returns: bool,
    /// Cancels once it is booked.
    cancels: bool,
}

impl Paying {
    /// Draws one.
    pub fn draw(chance: &Chance) -> Self {
        let cards: &'static [&'static str] = match below(chance, 100) {
            0..50 => &["4242424242424242"],
            50..65 => &["4000000000000077"],
            // Declined first.
            65..80 => &["4000000000000002", "5555555555554444"],
            // The bank asks who it is.
            80..90 => &["4000002500003155"],
            _ => &[],
        };
        let cancels = below(chance, 100) < 30;
        Self { cards, returns: cancels || below(chance, 100) < 50, cancels }
    }
}

/// A number below `most`.
pub fn below(chance: &Chance, most: u32) -> u32 {
    u32::from_be_bytes(chance.bytes()) % most.max(1)
}

/// How far somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The page was left.
    Left,
    /// The processor took the card.
    Paid,
    /// And the booking was cancelled.
    Cancelled,
    /// It is bulk billed, and the benefit was assigned.
    Agreed,
}

/// What all of them know.
pub struct Guests {
    processor: SocketAddr,
    booking_text: ConsentText,
    card_text: ConsentText,
    pub asking: Asking,
}

impl Guests {
    /// Reads what they agree to.
    ///
    /// # Errors
    /// When it is not there.
    pub fn new(addr: SocketAddr, processor: SocketAddr) -> Result<Self> {
        let mut client = Client::new(addr);
        let booking_text = client.get("/api/v1/bookings/consent-texts/booking-collection")?.json()?;
        let card_text = client.get(&format!("/api/v1/payments/consent-texts/{CARD_TEXT}"))?.json()?;
        Ok(Self { processor, booking_text, card_text, asking: Asking::at(addr) })
    }

    /// One of them, with a browser of their own.
    pub fn arrive(&self, number: usize) -> Guest<'_> {
        let secret = self.asking.chance.bytes::<32>();
        let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let cookie = format!("Cookie: {GUEST}={secret}\r\n");
        Guest { all: self, number, cookie, asker: self.asking.begin() }
    }
}

/// Somebody.
pub struct Guest<'a> {
    all: &'a Guests,
    pub(super) number: usize,
    cookie: String,
    pub(super) asker: Asker<'a>,
}

impl Guest<'_> {
    /// Books a time, and does what was planned.
    ///
    /// # Errors
    /// When they are not answered, or otherwise than they should be.
    pub fn book(&mut self, slot: Slot, plan: Plan) -> Result<Ended> {
        match plan {
            Plan::Pay(plan) => self.book_and_pay(slot, plan),
            Plan::Agree => self.book_and_agree(slot),
        }
    }

    fn book_and_pay(&mut self, slot: Slot, plan: Paying) -> Result<Ended> {
        let hold = self.hold(slot, None)?;
        let confirmation = self.confirm(&hold, 202)?;
        let checkout = self.start_payment(&hold)?;
        let page = checkout.address.context("there is a page to pay at")?;
        let session = page.rsplit('/').next().unwrap_or_default().to_owned();
        if !self.pay(&session, plan.cards)? {
            return Ok(Ended::Left);
        }
        if plan.returns {
            self.return_from(&confirmation)?;
        }
        if plan.cancels && self.cancel(confirmation.appointment_id)? {
            return Ok(Ended::Cancelled);
        }
        Ok(Ended::Paid)
    }

    /// Holds a time, at the price for people like them.
    pub(super) fn hold(&mut self, slot: Slot, cohort: Option<Cohort>) -> Result<Hold> {
        let wanted = CreateHold {
            practitioner_role_id: slot.role,
            appointment_type_id: slot.kind,
            start: slot.start,
            cohort,
        };
        self.post("/api/v1/bookings/holds", &serde_json::to_string(&wanted)?)?.expect(201)?.json()
    }

    /// Says who they are. What that is answered with says whether something is to be paid first.
    pub(super) fn confirm(&mut self, hold: &Hold, status: u16) -> Result<Confirmation> {
        let (number, text) = (self.number, &self.all.booking_text);
        let details = json!({
            "name": "Chaos Person",
            "date_of_birth": "1980-02-29",
            "email": format!("chaos-{number}@example.org"),
            "mobile": format!("04{number:08}"),
            "consent": {"text": text.text, "version": text.version},
        });
        let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
        self.post(&path, &details.to_string())?.expect(status)?.json()
    }

    fn start_payment(&mut self, hold: &Hold) -> Result<Checkout> {
        let text = &self.all.card_text;
        let body = StartPayment {
            quote: hold.quote.clone(),
            consent: Some(ConsentGiven { text: text.text.clone(), version: text.version }),
            saved_card_id: None,
            keep_card: false,
        };
        let path = format!("/api/v1/payments/bookings/{}/payment", hold.booking_id);
        self.post(&path, &serde_json::to_string(&body)?)?.expect(201)?.json()
    }

    /// Gives one card after the other, until the processor takes one.
    fn pay(&mut self, session: &str, cards: &[&str]) -> Result<bool> {
        const HEADERS: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
        let mut client = Client::new(self.all.processor);
        let path = format!("/_sandbox/sessions/{session}/pay");
        for card in cards {
            let reply = client.send("POST", &path, HEADERS, &format!("card={card}"))?;
            match reply.status {
                200 => return Ok(true),
                402 => {}
                _ => drop(reply.expect(200)?),
            }
        }
        Ok(false)
    }

    /// The page that somebody comes back to asks how it went.
    fn return_from(&mut self, confirmation: &Confirmation) -> Result<()> {
        let path = format!("/api/v1/payments/bookings/{}/payment", confirmation.booking_id);
        self.asker.insist("GET", &path, &ticket(confirmation)?, "")?.expect(200)?;
        Ok(())
    }

    /// Cancels what is booked; false when it is not booked in time.
    fn cancel(&mut self, appointment_id: AppointmentId) -> Result<bool> {
        let path = format!("/api/v1/bookings/appointments/{appointment_id}");
        for _ in 0..LOOKS {
            let seen: Appointment = self.asker.insist("GET", &path, &self.cookie, "")?.expect(200)?.json()?;
            if seen.status == AppointmentStatus::Confirmed {
                let body = json!({"version": seen.version}).to_string();
                let reply = self.post(&format!("{path}/cancel"), &body)?;
                // Asked again after it was done, it has another version.
                return match reply.status {
                    200 | 409 => Ok(true),
                    _ => bail!("cancelling was answered with {}", reply.status),
                };
            }
            thread::sleep(PAUSE);
        }
        Ok(false)
    }

    /// A change, by the browser that holds the booking.
    fn post(&mut self, path: &str, json: &str) -> Result<Reply> {
        self.asker.post(path, &self.cookie, json)
    }
}

/// The header by which payments knows whose booking it is.
pub fn ticket(confirmation: &Confirmation) -> Result<String> {
    let ticket = confirmation.payment_ticket.as_ref().context("who books is given a ticket")?;
    Ok(format!("{TICKET_HEADER}: {}\r\n", URL_SAFE_NO_PAD.encode(serde_json::to_vec(ticket)?)))
}
