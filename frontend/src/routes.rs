//! Every page's address, on one screen. Literal addresses come before the landing pages, which take any two
//! segments; profession slugs never equal a first segment used here.

use shared_types::{
    AppointmentId, BookingId, HoldId, OrganizationId, PatientId, PaymentId, PoolId, PractitionerRoleId,
    ReconciliationId,
};
use yew_router::prelude::*;

/// The program that takes a page over in the browser. There are several, so that whoever comes for the first time waits
/// for a small one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// None: the page is words alone, and runs no script.
    NoScript,
    /// Looking for care.
    Find,
    /// Booking, and what a guest does with a booking.
    Book,
    /// Every page there is, for who has an account or works in a practice: keys that were opened stay open wherever they
    /// go, which a document that is loaded would forget.
    Member,
}

impl Bundle {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 4] = [Self::NoScript, Self::Find, Self::Book, Self::Member];

    /// Whether it shows what the server sends with another one.
    pub fn shows(self, page: Self) -> bool {
        self == Self::Member || self == page
    }
}

/// An address of the site.
#[derive(Clone, Debug, PartialEq, Routable)]
#[allow(missing_docs)]
pub enum Route {
    #[at("/")]
    Home,
    /// The query string is [`shared_types::providers::SearchProviders`].
    #[at("/search")]
    Search,
    #[at("/providers/:slug")]
    Provider { slug: String },
    #[at("/practices/:slug")]
    Practice { slug: String },
    #[at("/book/hold/:hold_id")]
    BookHold { hold_id: HoldId },
    #[at("/book/confirmed/:appointment_id")]
    Booked { appointment_id: AppointmentId },
    /// Where the processor's page leads back to.
    #[at("/booked/:booking_id/payment")]
    PayReturn { booking_id: BookingId },
    #[at("/book/confirmed/:appointment_id/disagreement")]
    Disagreement { appointment_id: AppointmentId },
    #[at("/book/any/:pool_id")]
    BookAny { pool_id: PoolId },
    /// Query: `type` and `start`, both optional.
    #[at("/book/:role_id")]
    Book { role_id: PractitionerRoleId },
    #[at("/manage/:token")]
    Manage { token: String },
    #[at("/reply/yes/:token")]
    Attend { token: String },
    #[at("/reply/no/:token")]
    CancelReply { token: String },
    /// The letter's secret stands behind `#`.
    #[at("/assign")]
    Assign,
    #[at("/unsubscribe/:token")]
    Unsubscribe { token: String },
    #[at("/account")]
    Account,
    /// Query: `to`, where to go on to.
    #[at("/account/sign-in")]
    SignIn,
    #[at("/account/sign-up")]
    SignUp,
    #[at("/account/verify")]
    VerifyEmail,
    #[at("/account/forgotten")]
    Forgotten,
    #[at("/account/reset")]
    ResetPassword,
    #[at("/account/security")]
    Security,
    #[at("/account/appointments")]
    Appointments,
    #[at("/account/calendar-feed")]
    CalendarFeed,
    #[at("/account/waitlist")]
    Waitlist,
    /// Query: `type`, optional.
    #[at("/account/waitlist/:role_id")]
    JoinWaitlist { role_id: PractitionerRoleId },
    #[at("/account/invitation")]
    Invitation,
    #[at("/account/profile")]
    Profile,
    #[at("/account/family")]
    Family,
    #[at("/account/coverage")]
    Coverage,
    #[at("/account/payments")]
    Payments,
    #[at("/account/agreements")]
    Agreements,
    #[at("/account/cards")]
    SavedCards,
    #[at("/account/consents")]
    Consents,
    #[at("/account/notifications")]
    Notifications,
    #[at("/account/record")]
    Record,
    #[at("/account/export")]
    Export,
    #[at("/account/erasure")]
    Erasure,
    #[at("/account/keys")]
    OwnKeys,
    #[at("/account/appointments/:booking_id/notes")]
    Notes { booking_id: BookingId },
    #[at("/practice")]
    PracticeDesk,
    #[at("/practice/:organization_id")]
    PracticeInbox { organization_id: OrganizationId },
    #[at("/practice/:organization_id/bookings/:booking_id")]
    PracticeNotes { organization_id: OrganizationId, booking_id: BookingId },
    #[at("/practice/:organization_id/assignments")]
    PracticeAssignments { organization_id: OrganizationId },
    #[at("/practice/:organization_id/claims")]
    PracticeClaims { organization_id: OrganizationId },
    #[at("/practice/:organization_id/messages")]
    PracticeMessages { organization_id: OrganizationId },
    #[at("/practice/:organization_id/messages/previews")]
    PracticePreviews { organization_id: OrganizationId },
    /// Query: `remove`, who is to be let go.
    #[at("/practice/:organization_id/keys")]
    PracticeKeys { organization_id: OrganizationId },
    #[at("/practice/:organization_id/staff")]
    PracticeStaff { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money")]
    PracticeMoney { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/unpaid")]
    PracticeUnpaid { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/statements")]
    PracticeStatements { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/payouts")]
    PracticePayouts { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/invoices")]
    PracticeInvoices { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/account")]
    PracticeAccount { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/chargebacks")]
    PracticeChargebacks { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/funding")]
    PracticeFunding { organization_id: OrganizationId },
    #[at("/practice/:organization_id/money/medicare")]
    PracticeMedicare { organization_id: OrganizationId },
    /// Query: `view`, `day`, `who`, `zoom`.
    #[at("/calendar/:organization_id")]
    Calendar { organization_id: OrganizationId },
    /// Query: `who`.
    #[at("/calendar/:organization_id/hours")]
    CalendarHours { organization_id: OrganizationId },
    /// Query: `who`.
    #[at("/calendar/:organization_id/types")]
    CalendarTypes { organization_id: OrganizationId },
    /// Query: `who`.
    #[at("/calendar/:organization_id/calendars")]
    OtherCalendars { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/waitlist")]
    CalendarWaitlist { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/disputes")]
    CalendarDisputes { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/requests")]
    CalendarRequests { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/unmarked")]
    CalendarUnmarked { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/mistakes")]
    CalendarMistakes { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/webhooks")]
    CalendarWebhooks { organization_id: OrganizationId },
    #[at("/admin/disputes")]
    Disputes,
    #[at("/admin/listings")]
    Listings,
    #[at("/admin/reviews")]
    Reviews,
    #[at("/admin/mistakes")]
    Mistakes,
    #[at("/admin/refunds")]
    Refunds,
    #[at("/admin/chargebacks")]
    Chargebacks,
    #[at("/admin/payout-holds")]
    PayoutHolds,
    #[at("/admin/payments")]
    PlatformPayments,
    #[at("/admin/payments/:payment_id")]
    PlatformPayment { payment_id: PaymentId },
    #[at("/admin/reconciliations")]
    Reconciliations,
    #[at("/admin/reconciliations/:reconciliation_id")]
    Reconciliation { reconciliation_id: ReconciliationId },
    #[at("/admin/statements")]
    PlatformStatements,
    #[at("/admin/mbs-loads")]
    MbsLoads,
    #[at("/admin/messages")]
    PlatformMessages,
    #[at("/admin/previews")]
    Previews,
    #[at("/calendar/:organization_id/resources")]
    CalendarResources { organization_id: OrganizationId },
    #[at("/calendar/:organization_id/pools")]
    CalendarPools { organization_id: OrganizationId },
    #[at("/support")]
    Support,
    #[at("/support/:patient_id")]
    SupportPerson { patient_id: PatientId },
    #[at("/privacy")]
    Privacy,
    #[at("/what-we-see")]
    WhatWeSee,
    #[at("/problems/:kind")]
    ProblemPage { kind: String },
    #[at("/:profession/:locality")]
    Landing { profession: String, locality: String },
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// Whether the page concerns one person: never stored by a cache, never indexed.
    pub fn is_private(&self) -> bool {
        match self.bundle() {
            Bundle::Book | Bundle::Member => true,
            Bundle::NoScript | Bundle::Find => false,
        }
    }

    /// The program that takes the page over where nobody is signed in.
    pub fn bundle(&self) -> Bundle {
        match self {
            Self::Privacy | Self::WhatWeSee | Self::ProblemPage { .. } => Bundle::NoScript,
            Self::Home
            | Self::Search
            | Self::Provider { .. }
            | Self::Practice { .. }
            | Self::Landing { .. }
            | Self::NotFound => Bundle::Find,
            Self::Book { .. }
            | Self::BookAny { .. }
            | Self::BookHold { .. }
            | Self::Booked { .. }
            | Self::PayReturn { .. }
            | Self::Disagreement { .. }
            | Self::Manage { .. }
            | Self::Attend { .. }
            | Self::CancelReply { .. }
            | Self::Assign
            | Self::Unsubscribe { .. } => Bundle::Book,
            Self::Account
            | Self::SignIn
            | Self::SignUp
            | Self::VerifyEmail
            | Self::Forgotten
            | Self::ResetPassword
            | Self::Security
            | Self::Appointments
            | Self::CalendarFeed
            | Self::Waitlist
            | Self::JoinWaitlist { .. }
            | Self::Invitation
            | Self::Profile
            | Self::Family
            | Self::Coverage
            | Self::Payments
            | Self::Agreements
            | Self::SavedCards
            | Self::Consents
            | Self::Notifications
            | Self::Record
            | Self::Export
            | Self::Erasure
            | Self::OwnKeys
            | Self::Notes { .. }
            | Self::PracticeDesk
            | Self::PracticeInbox { .. }
            | Self::PracticeNotes { .. }
            | Self::PracticeAssignments { .. }
            | Self::PracticeClaims { .. }
            | Self::PracticeMessages { .. }
            | Self::PracticePreviews { .. }
            | Self::PracticeKeys { .. }
            | Self::PracticeStaff { .. }
            | Self::PracticeMoney { .. }
            | Self::PracticeUnpaid { .. }
            | Self::PracticeStatements { .. }
            | Self::PracticePayouts { .. }
            | Self::PracticeInvoices { .. }
            | Self::PracticeAccount { .. }
            | Self::PracticeChargebacks { .. }
            | Self::PracticeFunding { .. }
            | Self::PracticeMedicare { .. }
            | Self::Calendar { .. }
            | Self::CalendarHours { .. }
            | Self::CalendarTypes { .. }
            | Self::OtherCalendars { .. }
            | Self::CalendarWaitlist { .. }
            | Self::CalendarDisputes { .. }
            | Self::CalendarRequests { .. }
            | Self::CalendarUnmarked { .. }
            | Self::CalendarMistakes { .. }
            | Self::CalendarWebhooks { .. }
            | Self::Disputes
            | Self::Listings
            | Self::Reviews
            | Self::Mistakes
            | Self::Refunds
            | Self::Chargebacks
            | Self::PayoutHolds
            | Self::PlatformPayments
            | Self::PlatformPayment { .. }
            | Self::Reconciliations
            | Self::PlatformStatements
            | Self::Reconciliation { .. }
            | Self::MbsLoads
            | Self::PlatformMessages
            | Self::Previews
            | Self::CalendarResources { .. }
            | Self::CalendarPools { .. }
            | Self::Support
            | Self::SupportPerson { .. } => Bundle::Member,
        }
    }
}
