//! Every page's address, on one screen. Literal addresses come before the landing pages, which take any two
//! segments; profession slugs never equal a first segment used here.

use shared_types::{AppointmentId, BookingId, HoldId, OrganizationId, PractitionerRoleId};
use yew_router::prelude::*;

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
    /// Query: `type` and `start`, both optional.
    #[at("/book/:role_id")]
    Book { role_id: PractitionerRoleId },
    #[at("/manage/:token")]
    Manage { token: String },
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
    #[at("/account/invitation")]
    Invitation,
    #[at("/account/profile")]
    Profile,
    #[at("/account/family")]
    Family,
    #[at("/account/coverage")]
    Coverage,
    #[at("/account/consents")]
    Consents,
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
    /// Query: `day`, on which the appointment is to be looked for.
    #[at("/practice/:organization_id/bookings/:booking_id")]
    PracticeNotes { organization_id: OrganizationId, booking_id: BookingId },
    /// Query: `remove`, who is to be let go.
    #[at("/practice/:organization_id/keys")]
    PracticeKeys { organization_id: OrganizationId },
    #[at("/practice/:organization_id/staff")]
    PracticeStaff { organization_id: OrganizationId },
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
        match self {
            Self::BookHold { .. }
            | Self::Booked { .. }
            | Self::Book { .. }
            | Self::Manage { .. }
            | Self::Account
            | Self::SignIn
            | Self::SignUp
            | Self::VerifyEmail
            | Self::Forgotten
            | Self::ResetPassword
            | Self::Security
            | Self::Appointments
            | Self::Invitation
            | Self::Profile
            | Self::Family
            | Self::Coverage
            | Self::Consents
            | Self::Record
            | Self::Export
            | Self::Erasure
            | Self::OwnKeys
            | Self::Notes { .. }
            | Self::PracticeDesk
            | Self::PracticeInbox { .. }
            | Self::PracticeNotes { .. }
            | Self::PracticeKeys { .. }
            | Self::PracticeStaff { .. } => true,
            Self::Home
            | Self::Search
            | Self::Provider { .. }
            | Self::Practice { .. }
            | Self::Privacy
            | Self::WhatWeSee
            | Self::ProblemPage { .. }
            | Self::Landing { .. }
            | Self::NotFound => false,
        }
    }
}
