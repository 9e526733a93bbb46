//! What bookings tells the other services. No event carries a clinical word or a reason.

mod otherwise;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::otherwise::{AbsenceFact, DisputeFact, MistakeFact, NoShowFact, PresumedFact, StatementFact};
use super::{
    AppointmentStatus, Audience, BookedRole, CancellationPolicy, ChangeReason, Quote, home_visit::VisitArea,
};
use crate::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, BookingId, HoldId, OrganizationId, PatientId,
    PractitionerRoleId, QuoteId, SeriesId, WaitlistEntryId, WebhookId, Zone,
    personal::Personal,
    users::{ErasureAnswer, SigningKey},
};

/// An event of the bookings service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum BookingsEvent {
    /// A practice is asked for an appointment, and has until [`AppointmentFact::reply_by`] to answer.
    AppointmentRequested(AppointmentFact),
    /// The details are given and the time is kept; it is confirmed once a step of its payment is done.
    PaymentAwaited(AppointmentFact),
    /// An appointment will take place.
    AppointmentConfirmed(AppointmentFact),
    /// The visits of a series will take place. Each is confirmed by an event of its own, which comes before; this one names them
    /// together.
    SeriesBooked(SeriesFact),
    /// It takes place at another time; the fact carries the new link of the chain.
    AppointmentMoved(AppointmentFact),
    /// It will not take place, or the practitioner did not come to it; the status says which.
    AppointmentCancelled(AppointmentFact),
    /// It stands elsewhere now, at the same time: the patient will come, has come or has not, or it is over. Where it was over and is
    /// told to stand elsewhere, that it was over is taken back.
    AppointmentChanged(AppointmentFact),
    /// Medicare pays all of it from now on: nothing is owed for it, nor will be. It stands where it stood, at the same time.
    AppointmentBulkBilled(AppointmentFact),
    /// The practice proposes another time, which is kept until the patient answers.
    TimeProposed(ProposalFact),
    /// The practice proposes none any more: nothing else changed.
    ProposalWithdrawn {
        /// For which booking it did.
        booking_id: BookingId,
    },
    /// The patient keeps the time that they have: another one was proposed, and they refused it or did not answer. Whoever
    /// proposed it is told.
    TimeNotTaken(NotTakenFact),
    /// It is likely to begin later than booked, or on time after all; its patient does not know it yet.
    LatenessSaid(LatenessFact),
    /// Somebody who waits is offered a time, which is held for them.
    TimeOffered(OfferFact),
    /// The fee for a late cancellation, or for not coming, is not owed: the time was taken by somebody else, or somebody let it go.
    LateFeeWaived {
        /// Which booking it was owed for.
        booking_id: BookingId,
        /// Why it is not.
        #[serde(default)]
        waived_by: FeeWaiver,
    },
    /// Nobody marked a visit, so it counts as having taken place; its patient can say that it did not.
    VisitPresumed(PresumedFact),
    /// The patient did not come, as somebody says who was there; they can say that it was otherwise.
    NoShowNoted(NoShowFact),
    /// A patient says that nobody of the practice was there, which can say that it was otherwise. Where the appointment stands is
    /// told by an event of its own, whoever says so.
    AbsenceSaid(AbsenceFact),
    /// Somebody of a practice asks a second person to agree that an appointment never was one.
    MistakeAsked(MistakeFact),
    /// Somebody disputes what was noted of an appointment.
    DisputeOpened(DisputeFact),
    /// A dispute is decided; what is owed for the appointment follows from it.
    DisputeDecided(DisputeFact),
    /// A practice's webhook has not answered for a day, and is told of nothing any more.
    WebhookStopped(StoppedWebhook),
    /// What a guest booked is a member's from now on.
    BookingClaimed(BookingClaim),
    /// Somebody holding a manage link asked for a code.
    ManageCodeRequested(ManageCodeFact),
    /// The next free times of a role changed.
    NextFreeChanged(NextFreeFact),
    /// A key signs quotes from now on.
    SigningKeyPublished(SigningKey),
    /// A patient has put a note beside a practice's record; the practice is written to without its words.
    StatementAdded(StatementFact),
    /// The time of a booking's record is over: what others keep of it goes, too.
    BookingDestroyed {
        /// Which booking.
        booking_id: BookingId,
    },
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}

/// An appointment as payments and notifications need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentFact {
    /// Which booking.
    pub booking_id: BookingId,
    /// Which link of its chain.
    pub appointment_id: AppointmentId,
    /// How often the booking changed: the `.ics` SEQUENCE.
    pub sequence: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// Whether messages and calendars must say only "Appointment".
    pub discreet: bool,
    /// `Initial consultation`.
    pub appointment_type_name: String,
    /// By video or phone.
    #[serde(default)]
    pub telehealth: bool,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was offered.
    pub quote_id: QuoteId,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What to call the patient.
    pub patient_name: Personal<String>,
    /// Where to write; empty for who gave the desk no address.
    pub email: Personal<String>,
    /// The secret part of the manage link; notifications forgets it once sent.
    pub manage_token: Option<Personal<String>>,
    /// The account that made or claimed it; none for a guest's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// The patient, where they have an account or a carer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<PatientId>,
    /// Why it stands where it does, where the practice said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ChangeReason>,
    /// Until when the practice can answer, while it is a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Timestamp>,
    /// The offer as it was signed, where something is collected through us or claimed from Medicare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// What is owed for cancelling late or not coming, as it stands; zero for what is bulk billed (C-52).
    #[serde(default)]
    pub late_fee_cents: AudCents,
    /// By what a bulk-billed patient shows who they are when they assign their benefit; none for what is not bulk billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimant: Option<BookedPatient>,
    /// The series that it is one visit of: its patient is told of all of them at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_id: Option<SeriesId>,
    /// A guest's mobile in E.164, where they agreed to a text message in the place of a letter that does not arrive, or that there is no
    /// address for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_to: Option<Personal<String>>,
}

/// The visits of a series that were booked together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesFact {
    /// Which series.
    pub series_id: SeriesId,
    /// In order of time, each with the secret of its own link and without its claimant.
    pub visits: Vec<AppointmentFact>,
}

/// Three points of identity, as the practice has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedPatient {
    /// The full name, as on the Medicare card.
    pub name: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// The last three digits of the mobile.
    pub mobile_ends_with: Personal<String>,
}

/// Why a fee is not owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeWaiver {
    /// Somebody else took the time.
    #[default]
    Refilled,
    /// The practice let it go.
    Practice,
    /// The platform let it go.
    Platform,
}

impl FeeWaiver {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Refilled, Self::Practice, Self::Platform];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refilled => "refilled",
            Self::Practice => "practice",
            Self::Platform => "platform",
        }
    }
}

/// Another time for an appointment, which stands as it is until the patient agrees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposalFact {
    /// As it stands.
    pub appointment: AppointmentFact,
    /// The proposed start.
    pub start: Timestamp,
    /// The proposed end.
    pub end: Timestamp,
    /// Until when it can be agreed to.
    pub expires_at: Timestamp,
}

/// A time that was proposed in vain, for whoever proposed it. It says nothing of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTakenFact {
    /// For which booking it was proposed.
    pub booking_id: BookingId,
    /// The account that proposed it for the practice.
    pub proposed_by: AccountId,
    /// Whether the patient refused it; otherwise the time for an answer is over.
    pub refused: bool,
    /// When the appointment starts as it stands.
    pub stands_at: Timestamp,
    /// On whose clocks.
    pub time_zone: Zone,
}

/// A practitioner who runs late, as far as one appointment goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatenessFact {
    /// As it stands.
    pub appointment: AppointmentFact,
    /// About how many minutes later it is likely to begin; zero where that is over.
    pub minutes: u16,
}

/// A time that is held for somebody who waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferFact {
    /// Which place on a waitlist.
    pub waitlist_entry_id: WaitlistEntryId,
    /// What to confirm, or to let go.
    pub hold_id: HoldId,
    /// Who waits.
    pub account_id: AccountId,
    /// For which patient.
    pub patient_id: Option<PatientId>,
    /// With whom and where.
    pub role: BookedRole,
    /// Whether messages must say only "Appointment".
    pub discreet: bool,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Until when it is kept for them.
    pub expires_at: Timestamp,
}

/// A webhook that was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedWebhook {
    /// Which.
    pub webhook_id: WebhookId,
    /// Whose it is.
    pub organization_id: OrganizationId,
}

/// Whose a guest's booking is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingClaim {
    /// Which booking.
    pub booking_id: BookingId,
    /// Who claimed it.
    pub account_id: AccountId,
    /// The patient that they are.
    pub patient_id: PatientId,
}

/// A code to prove that one reads the patient's mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManageCodeFact {
    /// For which booking.
    pub booking_id: BookingId,
    /// Where to write.
    pub email: Personal<String>,
    /// Six digits; notifications forgets them once sent.
    pub code: Personal<String>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// The next free times of one role, whole: providers replaces what it had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextFreeFact {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// When this was true.
    pub as_of: Timestamp,
    /// For each appointment type, in the practice's order.
    pub types: Vec<NextFreeOfType>,
}

/// The next eight starts of one appointment type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextFreeOfType {
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// `Initial consultation`.
    pub name: String,
    /// How long.
    pub duration_minutes: u16,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Starts in order, at most eight.
    pub starts: Vec<Timestamp>,
    /// How long before its start each can last be booked.
    #[serde(default)]
    pub notice_minutes: u32,
    /// The last day that was looked at.
    pub valid_until: Date,
    /// Where its visits are made; none where the patient comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_visit: Option<VisitArea>,
}
