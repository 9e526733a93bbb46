//! Every id, in one alphabetical list. An id is a random 128-bit value (UUID version 7), never authority by
//! itself: reading or changing what it names needs a session, a guest cookie or a link.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A stated reason by which platform staff may see one person's data for a time.
    AccessGrantId,
    /// Someone who can sign in.
    AccountId,
    /// One link of a booking's chain of appointments.
    AppointmentId,
    /// What can be booked with a practitioner role: "Initial consultation, 45 minutes".
    AppointmentTypeId,
    /// A patient's assignment of their Medicare benefit.
    AssignmentId,
    /// Minted at hold; survives every reschedule.
    BookingId,
    /// One suspected data breach.
    BreachIncidentId,
    /// A calendar that somebody subscribes to by a secret address.
    CalendarFeedId,
    /// What a browser is asked to do with a passkey, until it answers.
    CeremonyId,
    /// A cardholder disputes a charge with their bank.
    ChargebackId,
    /// What is claimed from Medicare for one visit.
    ClaimId,
    /// One item of a claim.
    ClaimServiceId,
    /// Somebody who pays, as the card processor knows them.
    CustomerId,
    /// One person's leave to act for a patient.
    DelegationId,
    /// Something that the processor's records and ours say differently.
    DifferenceId,
    /// Somebody does not agree with what was noted of an appointment.
    DisputeId,
    /// One person's wish to be erased, and what came of it.
    ErasureId,
    /// One fact told by one service to the others.
    EventId,
    /// Who pays for an appointment type, for one sort of patient.
    FundingRuleId,
    /// One session of a group appointment, as long as somebody has a seat in it.
    GroupSessionId,
    /// A time kept for one person for ten minutes.
    HoldId,
    /// One try to save a card, to hold money on it or to take it; the processor's idempotency key is made of it.
    IntentId,
    /// A letter that asks somebody to join or to agree; whoever has its secret may answer it.
    InvitationId,
    /// A tax invoice, receipt or adjustment note.
    InvoiceId,
    /// One time for which a listing is taken out of search and of booking.
    ListingSuspensionId,
    /// A place where care is given.
    LocationId,
    /// One reading of the Medicare Benefits Schedule.
    MbsLoadId,
    /// One of Medicare's runs of payments to a practice's bank.
    MedicarePaymentId,
    /// One message to one person over one channel.
    MessageId,
    /// One wish to say that an appointment never was one, until somebody else agrees.
    MistakeRequestId,
    /// One sealed note over all its versions: a reason, a form's answers, a file, a message.
    NoteId,
    /// One thing that an account is told while it looks.
    NoticeId,
    /// A practice, a hospital, a company.
    OrganizationId,
    /// A passkey: what one signs in with instead of a password.
    PasskeyId,
    /// Somebody who receives care.
    PatientId,
    /// One person's duty to pay, and what came of it.
    PaymentId,
    /// A stated reason by which a practice is not paid out for a time.
    PayoutHoldId,
    /// Money sent from the processor to a practice's bank.
    PayoutId,
    /// What several people offer alike and is booked as one: "any physiotherapist".
    PoolId,
    /// Entries of the ledger that balance, and why they were made.
    PostingId,
    /// A person who gives care.
    PractitionerId,
    /// A practitioner working at a place: what one finds and books.
    PractitionerRoleId,
    /// Something that the processor is asked to do, until it has answered.
    ProcessorCallId,
    /// Another time that a practice proposes for an appointment.
    ProposalId,
    /// A browser that is sent notices.
    PushSubscriptionId,
    /// What was offered at hold, signed.
    QuoteId,
    /// One comparison of our records with the processor's.
    ReconciliationId,
    /// Money on its way back to a patient.
    RefundId,
    /// One request through a service; also the `instance` of its problem.
    RequestId,
    /// Whose time is taken: a practitioner, a room or a device.
    ResourceId,
    /// A card that the processor keeps for somebody.
    SavedCardId,
    /// Visits that were booked together, every week or fortnight.
    SeriesId,
    /// From one sign-in to its sign-out.
    SessionId,
    /// What somebody says beside a record with which they do not agree.
    StatementId,
    /// A practice's share of one payment.
    TransferId,
    /// Somebody's place on a waitlist.
    WaitlistEntryId,
    /// One thing that a webhook is told.
    WebhookDeliveryId,
    /// An address at which a practice is told of its appointments.
    WebhookId,
    /// Something the processor told us, as it came.
    WebhookReceivedId,
}
