//! A message before it is queued, and its kinds.

use shared_types::{
    AccountId, BookingId, InvitationId, OrganizationId, personal::Personal, users::AccountMail,
};

use super::plan::Kind;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// The practice was asked for it.
    AppointmentRequested,
    /// It will take place.
    AppointmentConfirmed,
    /// The visits of a series will take place.
    SeriesConfirmed,
    /// It takes place at another time.
    AppointmentMoved,
    /// It will not take place.
    AppointmentCancelled,
    /// The practice proposes another time.
    TimeProposed,
    /// It is likely to begin later than booked, or on time after all.
    RunningLate,
    /// Nobody marked the visit, so it counts as having taken place.
    VisitPresumed,
    /// Somebody noted that the patient did not come.
    NoShowNoted,
    /// The practice disputes what the patient said.
    DisputeOpened,
    /// A dispute is decided.
    DisputeDecided,
    /// A card was not charged.
    PaymentFailed,
    /// A fee for cancelling late or not coming could not be charged.
    FeeFailed,
    /// What was agreed to beyond the price could not be charged.
    BalanceFailed,
    /// Money is on its way back.
    RefundMade,
    /// A bank did not take money that was on its way back.
    RefundFailed,
    /// The practice asks for a higher price.
    ChargeAsked,
    /// A receipt can be fetched.
    InvoiceIssued,
    /// Asks a bulk-billed patient for their assignment of benefit.
    AssignmentAsked,
    /// What became of an assignment of benefit: the patient's copy can be fetched.
    AssignmentChanged,
    /// Asks for an assignment of benefit for more than one visit.
    AgreementAsked,
    /// What became of an assignment of benefit for more than one visit.
    AgreementChanged,
    /// Six digits that show that one reads the patient's mail.
    ManageCode,
    /// That there is an appointment to come.
    Reminder(Kind),
    /// What comes back to an answer to a text message.
    TextAnswer,
    /// About somebody's account.
    Account(AccountMail),
    /// Asks to join a practice or to agree to something.
    Invitation,
}

impl Template {
    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::AppointmentRequested => "appointment_requested",
            Self::AppointmentConfirmed => "appointment_confirmed",
            Self::SeriesConfirmed => "series_confirmed",
            Self::AppointmentMoved => "appointment_moved",
            Self::AppointmentCancelled => "appointment_cancelled",
            Self::TimeProposed => "time_proposed",
            Self::RunningLate => "running_late",
            Self::VisitPresumed => "visit_presumed",
            Self::NoShowNoted => "no_show_noted",
            Self::DisputeOpened => "dispute_opened_practice",
            Self::DisputeDecided => "dispute_decided",
            Self::PaymentFailed => "payment_failed",
            Self::FeeFailed => "fee_failed",
            Self::BalanceFailed => "balance_failed",
            Self::RefundMade => "refund_made",
            Self::RefundFailed => "refund_failed",
            Self::ChargeAsked => "charge_asked",
            Self::InvoiceIssued => "invoice_issued",
            Self::AssignmentAsked => "assignment_asked",
            Self::AssignmentChanged => "assignment_changed",
            Self::AgreementAsked => "agreement_asked",
            Self::AgreementChanged => "agreement_changed",
            Self::ManageCode => "manage_code",
            Self::Reminder(kind) => kind.code(),
            Self::TextAnswer => "text_answer",
            Self::Invitation => "invitation",
            Self::Account(mail) => match mail {
                AccountMail::VerifyEmail => "verify_email",
                AccountMail::AccountExists => "account_exists",
                AccountMail::ResetPassword => "reset_password",
                AccountMail::ChangeEmail => "change_email",
                AccountMail::NewDevice => "new_device",
                AccountMail::PasswordChanged => "password_changed",
                AccountMail::EmailChanged => "email_changed",
                AccountMail::SignInChanged => "sign_in_changed",
                AccountMail::SessionEnded => "session_ended",
                AccountMail::AccountClosed => "account_closed",
                AccountMail::PatientStatement => "patient_statement",
                AccountMail::TimeOffered => "time_offered",
                AccountMail::RequestWaits => "request_waits",
                AccountMail::AbsenceSaid => "absence_said",
                AccountMail::DisputeOpened => "dispute_opened",
                AccountMail::DisputeDecided => "dispute_decided_practice",
                AccountMail::MistakeAsked => "mistake_asked",
                AccountMail::MistakeToDecide => "mistake_to_decide",
                AccountMail::WebhookStopped => "webhook_stopped",
            },
        }
    }

    /// Whether it tells where an appointment stands, so that what was said of that before is over.
    pub fn is_news(self) -> bool {
        match self {
            Self::AppointmentRequested
            | Self::AppointmentConfirmed
            | Self::AppointmentMoved
            | Self::AppointmentCancelled => true,
            Self::SeriesConfirmed
            | Self::TimeProposed
            | Self::RunningLate
            | Self::VisitPresumed
            | Self::NoShowNoted
            | Self::DisputeOpened
            | Self::DisputeDecided
            | Self::PaymentFailed
            | Self::FeeFailed
            | Self::BalanceFailed
            | Self::RefundMade
            | Self::RefundFailed
            | Self::ChargeAsked
            | Self::InvoiceIssued
            | Self::AssignmentAsked
            | Self::AssignmentChanged
            | Self::AgreementAsked
            | Self::AgreementChanged
            | Self::ManageCode
            | Self::Reminder(_)
            | Self::TextAnswer
            | Self::Account(_)
            | Self::Invitation => false,
        }
    }

    /// Messages after which this one would tell something that is no longer true. Events of one booking arrive in
    /// order unless one of them failed at first; then silence is better than an old time.
    pub fn outdated_by(self) -> &'static [Self] {
        match self {
            Self::AppointmentRequested => {
                &[Self::AppointmentConfirmed, Self::AppointmentMoved, Self::AppointmentCancelled]
            }
            Self::AppointmentConfirmed => &[Self::AppointmentMoved, Self::AppointmentCancelled],
            Self::AppointmentMoved | Self::TimeProposed | Self::RunningLate => &[Self::AppointmentCancelled],
            Self::PaymentFailed | Self::BalanceFailed | Self::VisitPresumed => &[Self::AppointmentCancelled],
            // It is told of once more when money came for it too late.
            Self::AppointmentCancelled => &[Self::AppointmentCancelled],
            // Once for a fee, however many cards say no.
            Self::FeeFailed => &[Self::FeeFailed],
            // What becomes of a reminder its plan says; and the letter about a series is written anew with each change of a visit.
            Self::SeriesConfirmed
            | Self::RefundMade
            | Self::RefundFailed
            | Self::ChargeAsked
            | Self::InvoiceIssued
            | Self::AssignmentAsked
            | Self::AssignmentChanged
            | Self::AgreementAsked
            | Self::AgreementChanged
            | Self::NoShowNoted
            | Self::DisputeOpened
            | Self::DisputeDecided
            | Self::ManageCode
            | Self::Reminder(_)
            | Self::TextAnswer
            | Self::Account(_)
            | Self::Invitation => &[],
        }
    }
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A booking.
    Booking(BookingId),
    /// Somebody's account.
    Account(AccountId),
    /// An invitation.
    Invitation(InvitationId),
}

impl About {
    /// The booking, when it is about one.
    pub fn booking_id(self) -> Option<BookingId> {
        match self {
            Self::Booking(booking_id) => Some(booking_id),
            Self::Account(_) | Self::Invitation(_) => None,
        }
    }

    /// The account, when it is about one.
    pub fn account_id(self) -> Option<AccountId> {
        match self {
            Self::Account(account_id) => Some(account_id),
            Self::Booking(_) | Self::Invitation(_) => None,
        }
    }
}

/// A message to one person, written and not yet queued. All of it is personal data.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What kind.
    pub template: Template,
    /// About what.
    pub about: About,
    /// The practice, when it is about a booking with one: it is told what could not be delivered.
    pub organization_id: Option<OrganizationId>,
    /// The bare address.
    pub recipient: Personal<String>,
    /// The words.
    pub content: Personal<Content>,
}

impl Draft {
    /// The account that it is kept for in the list of somebody's messages; none once there is no such account.
    pub fn account_id(&self) -> Option<AccountId> {
        match self.template {
            Template::Account(AccountMail::AccountClosed) => None,
            Template::AppointmentRequested
            | Template::AppointmentConfirmed
            | Template::SeriesConfirmed
            | Template::AppointmentMoved
            | Template::AppointmentCancelled
            | Template::TimeProposed
            | Template::RunningLate
            | Template::VisitPresumed
            | Template::NoShowNoted
            | Template::DisputeOpened
            | Template::DisputeDecided
            | Template::PaymentFailed
            | Template::FeeFailed
            | Template::BalanceFailed
            | Template::RefundMade
            | Template::RefundFailed
            | Template::ChargeAsked
            | Template::InvoiceIssued
            | Template::AssignmentAsked
            | Template::AssignmentChanged
            | Template::AgreementAsked
            | Template::AgreementChanged
            | Template::ManageCode
            | Template::Reminder(_)
            | Template::TextAnswer
            | Template::Account(_)
            | Template::Invitation => self.about.account_id(),
        }
    }
}

/// A text message to one person, written and not yet queued. All of it is personal data.
#[derive(Clone, Debug)]
pub struct TextDraft {
    /// What kind.
    pub template: Template,
    /// About what.
    pub about: About,
    /// The practice, when it is about a booking with one.
    pub organization_id: Option<OrganizationId>,
    /// A mobile in E.164.
    pub recipient: Personal<String>,
    /// The words.
    pub text: Personal<String>,
}

/// What is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// For readers of plain text.
    pub body_text: String,
    /// The same as HTML.
    pub body_html: String,
    /// For the calendar.
    pub calendar: Option<Calendar>,
}

/// A calendar file.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What the calendar should do with it.
    pub method: String,
    /// The file, in RFC 5545's format.
    pub file: String,
}
