//! People who book and pay, and ask again until they are answered.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Chance, Clock, cookies::GUEST};
use serde_json::json;
use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, AppointmentStatus, Confirmation, ConsentGiven, CreateHold, Hold},
    payments::{
        pay::{CARD_TEXT, Checkout, StartPayment},
        quote::TICKET_HEADER,
    },
    users::ConsentText,
};
use uuid::Uuid;

use super::place::Slot;
use crate::bench::http::{Client, Reply};

/// How long somebody asks again before they give up.
const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(50);
/// How long somebody looks whether their booking is made before they leave.
const LOOKS: u32 = 60;

/// What somebody is going to do.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What they pay with, one card after the other; nothing when they leave the page.
    cards: &'static [&'static str],
    /// Comes back from the processor's page.
    returns: bool,
    /// Cancels once it is booked.
    cancels: bool,
}

impl Plan {
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
}

/// What all of them know.
pub struct Guests {
    addr: SocketAddr,
    processor: SocketAddr,
    booking_text: ConsentText,
    card_text: ConsentText,
    chance: Chance,
    /// How often somebody was answered, and how often they had to ask again.
    pub answered: AtomicU64,
    pub asked_again: AtomicU64,
    /// Nobody need go on.
    pub stopped: AtomicBool,
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
        Ok(Self {
            addr,
            processor,
            booking_text,
            card_text,
            chance: Chance::system(),
            answered: AtomicU64::new(0),
            asked_again: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        })
    }

    /// One of them, with a browser of their own.
    pub fn arrive(&self, number: usize) -> Guest<'_> {
        let secret: String = self.chance.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
        let cookie = format!("Cookie: {GUEST}={secret}\r\n");
        Guest { all: self, number, cookie, client: Client::new(self.addr) }
    }
}

/// Somebody.
pub struct Guest<'a> {
    all: &'a Guests,
    number: usize,
    cookie: String,
    client: Client,
}

impl Guest<'_> {
    /// Holds a time, books it, and does what was planned.
    ///
    /// # Errors
    /// When they are not answered, or otherwise than they should be.
    pub fn book(&mut self, slot: Slot, plan: Plan) -> Result<Ended> {
        let wanted = CreateHold {
            practitioner_role_id: slot.role,
            appointment_type_id: slot.kind,
            start: slot.start,
            cohort: None,
        };
        let held = self.post("/api/v1/bookings/holds", &serde_json::to_string(&wanted)?)?;
        let hold: Hold = held.expect(201)?.json()?;
        let confirmation = self.confirm(&hold)?;
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

    fn confirm(&mut self, hold: &Hold) -> Result<Confirmation> {
        let (number, text) = (self.number, &self.all.booking_text);
        let details = json!({
            "name": "Chaos Person",
            "date_of_birth": "1980-02-29",
            "email": format!("chaos-{number}@example.org"),
            "mobile": format!("04{number:08}"),
            "consent": {"text": text.text, "version": text.version},
        });
        let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
        self.post(&path, &details.to_string())?.expect(202)?.json()
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
        let ticket = confirmation.payment_ticket.as_ref().context("who has to pay is given a ticket")?;
        let ticket = URL_SAFE_NO_PAD.encode(serde_json::to_vec(ticket)?);
        let path = format!("/api/v1/payments/bookings/{}/payment", confirmation.booking_id);
        self.insist("GET", &path, &format!("{TICKET_HEADER}: {ticket}\r\n"), "")?.expect(200)?;
        Ok(())
    }

    /// Cancels what is booked; false when it is not booked in time.
    fn cancel(&mut self, appointment_id: AppointmentId) -> Result<bool> {
        let path = format!("/api/v1/bookings/appointments/{appointment_id}");
        for _ in 0..LOOKS {
            let cookie = self.cookie.clone();
            let seen: Appointment = self.insist("GET", &path, &cookie, "")?.expect(200)?.json()?;
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

    /// A change, under a key that is the same however often it is asked for.
    fn post(&mut self, path: &str, json: &str) -> Result<Reply> {
        let key: Uuid = self.all.chance.id(&Clock::System);
        let headers = format!("Content-Type: application/json\r\nIdempotency-Key: {key}\r\n{}", self.cookie);
        self.insist("POST", path, &headers, json)
    }

    /// Asks until somebody answers: what was killed is started again.
    fn insist(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Reply> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answered = self.client.send(method, path, headers, body).and_then(Reply::answer);
            let nothing = match answered {
                Ok(reply) => {
                    self.all.answered.fetch_add(1, Ordering::SeqCst);
                    return Ok(reply);
                }
                Err(nothing) => nothing,
            };
            let goes_on = Instant::now() < deadline && !self.all.stopped.load(Ordering::SeqCst);
            ensure!(goes_on, "{method} {path} was not answered: {nothing:#}");
            self.all.asked_again.fetch_add(1, Ordering::SeqCst);
            thread::sleep(PAUSE);
        }
    }
}

impl Reply {
    /// Itself, unless it says that it is no answer yet.
    fn answer(self) -> Result<Self> {
        let is_under_way =
            self.status == 409 && self.json::<Problem>().is_ok_and(|it| it.kind.ends_with("/in-progress"));
        ensure!(
            self.status < 500 && self.status != 429 && !is_under_way,
            "status {}: {}",
            self.status,
            String::from_utf8_lossy(&self.body).chars().take(300).collect::<String>()
        );
        Ok(self)
    }
}
