//! What the simulator knows: devices and tokens, ids that were used, claims and what comes of them.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{checks::day, codes::Effect};

/// How long after it was lodged a claim is assessed.
const ASSESSED_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How much longer it takes where somebody decides.
const DECIDED_AFTER: SignedDuration = SignedDuration::from_hours(48);
/// How long after it is assessed it is paid.
const PAID_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long reports are kept: six months.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 183);

/// All of it.
#[derive(Default, Serialize, Deserialize)]
pub struct World {
    /// How far its clock was moved.
    pub(crate) offset_seconds: i64,
    /// Devices' public keys, PKCS #1 in base64.
    pub(crate) devices: BTreeMap<String, String>,
    /// Tokens, and until when they are good.
    pub(crate) tokens: BTreeMap<String, Timestamp>,
    /// Ids of messages that were taken, each with the claim that came of it.
    pub(crate) used: BTreeMap<String, Option<String>>,
    /// What happens to the next claims, in order.
    pub(crate) faults: VecDeque<Fault>,
    /// Claims in the order in which they came.
    pub(crate) claims: Vec<Lodged>,
    /// What is taken back out of runs.
    #[serde(default)]
    pub(crate) offsets: Vec<Offset>,
}

/// What is taken back out of a location's run of a day, for a claim that an earlier run paid. No public form of the reports names it:
/// all that is seen of it is a lower deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offset {
    /// Whose run.
    pub location_id: String,
    /// The run's day.
    pub run_date: Date,
    /// How much, above zero.
    pub cents: i64,
}

/// What happens to a claim on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It does not arrive, and nobody answers.
    Lost,
    /// It arrives, and the answer is lost.
    AnswerLost,
    /// It arrives, and the answer is 3004, which does not say so.
    Hidden,
    /// It is refused with a code.
    Refused(String),
}

/// A claim that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lodged {
    /// By which location.
    pub location_id: String,
    /// Its name: a letter, four digits, `@`.
    pub claim_id: String,
    /// Under which id it came.
    pub correlation_id: String,
    /// When.
    pub lodged_at: Timestamp,
    /// Whose services.
    pub provider_number: String,
    /// For which card.
    pub member_number: String,
    /// What is noted of the card, if anything.
    pub patient_status: Option<String>,
    /// Somebody decides.
    pub is_manual: bool,
    /// The services.
    pub services: Vec<Service>,
}

/// A service of a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Service {
    /// Of which event.
    pub event_id: String,
    /// `0001`.
    pub id: String,
    /// The item.
    pub item_number: String,
    /// The day.
    pub day: Date,
    /// What is claimed.
    pub charge_cents: i64,
    /// What is paid.
    pub benefit_cents: i64,
    /// Why not, or why otherwise.
    pub code: Option<String>,
}

/// Where a claim's reports stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not assessed yet.
    Waiting,
    /// Somebody decides.
    Manual,
    /// Assessed, and not paid yet.
    Assessed,
    /// Paid.
    Paid,
    /// Too long ago.
    Expired,
}

impl Lodged {
    /// Where it stands by this time.
    pub fn stage(&self, now: Timestamp) -> Stage {
        let since = now.duration_since(self.lodged_at);
        let assessed = if self.is_manual { ASSESSED_AFTER + DECIDED_AFTER } else { ASSESSED_AFTER };
        if since >= KEPT_FOR {
            Stage::Expired
        } else if since >= assessed + PAID_AFTER {
            Stage::Paid
        } else if since >= assessed {
            Stage::Assessed
        } else if since >= ASSESSED_AFTER {
            Stage::Manual
        } else {
            Stage::Waiting
        }
    }

    /// The day of the run that pays it.
    pub fn run_date(&self) -> Date {
        let decided = if self.is_manual { DECIDED_AFTER } else { SignedDuration::ZERO };
        day(self.lodged_at.saturating_add(ASSESSED_AFTER + PAID_AFTER + decided).unwrap_or(Timestamp::MAX))
    }

    /// What is paid of it.
    pub fn benefit_cents(&self) -> i64 {
        self.services.iter().map(|service| service.benefit_cents).sum()
    }

    /// What is claimed by it.
    pub fn charge_cents(&self) -> i64 {
        self.services.iter().map(|service| service.charge_cents).sum()
    }
}

impl World {
    /// How many claims it has.
    pub fn lodged(&self) -> &[Lodged] {
        &self.claims
    }

    /// A location's claim.
    pub(crate) fn find(&self, location_id: &str, claim_id: &str) -> Option<&Lodged> {
        // Names come again after 259,974 claims: the latest is meant.
        self.claims.iter().rev().find(|claim| claim.location_id == location_id && claim.claim_id == claim_id)
    }

    /// The name of a location's next claim.
    pub(crate) fn next_claim_id(&self, location_id: &str) -> String {
        let before = self.claims.iter().filter(|claim| claim.location_id == location_id).count();
        let letter = b'A' + u8::try_from(before / 9_999 % 26).unwrap_or_default();
        format!("{}{:04}@", char::from(letter), before % 9_999 + 1)
    }

    /// Whether a service was claimed before, by whomever, and was not refused.
    pub(crate) fn was_claimed(&self, claim: &Lodged, service: &Service) -> bool {
        let is_same = |before: &Service| {
            before.item_number == service.item_number && before.day == service.day && before.benefit_cents > 0
        };
        self.claims.iter().any(|before| {
            before.member_number == claim.member_number
                && before.provider_number == claim.provider_number
                && before.services.iter().any(is_same)
        })
    }

    /// What a location's run of a day brings to its bank.
    pub(crate) fn deposit_cents(&self, location_id: &str, run_date: Date) -> i64 {
        let of_run = |claim: &&Lodged| claim.location_id == location_id && claim.run_date() == run_date;
        let paid: i64 = self.claims.iter().filter(of_run).map(Lodged::benefit_cents).sum();
        let of_run = |offset: &&Offset| offset.location_id == location_id && offset.run_date == run_date;
        let taken_back: i64 = self.offsets.iter().filter(of_run).map(|offset| offset.cents).sum();
        // A run takes nothing out of the bank.
        (paid - taken_back).max(0)
    }
}

impl Service {
    /// Assessed as the card's number demands.
    pub(crate) fn assess(&mut self, effect: &Effect, was_claimed: bool) {
        (self.benefit_cents, self.code) = match effect {
            _ if was_claimed => (0, Some("162".to_owned())),
            _ if self.charge_cents == 0 => (0, Some("102".to_owned())),
            Effect::Rejected(code) => (0, Some(code.clone())),
            Effect::PaidMore(code) => (self.charge_cents + 5, Some(code.clone())),
            Effect::Paid
            | Effect::Verification(_)
            | Effect::PatientStatus(_)
            | Effect::Manual(_)
            | Effect::Hidden
            | Effect::Refused(_) => (self.charge_cents, None),
        };
    }
}
