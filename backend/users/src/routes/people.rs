//! The paths about patients, who may act for them, and who works where.

use axum::{
    extract::{FromRef, State as Extract},
    http::Method,
};
use kernel::{
    Core,
    Policy::{Account, Platform, Practice},
    Routes, SignedIn,
    keys::Signer,
};
use shared_types::users::{
    PlatformRole::{Administrator, Moderator, Support},
    StaffRole,
};

use super::{
    access_grants, address_tickets, claim_tickets, delegations, dependants, find_patient_by_grant,
    invitations, own_record, patient, platform, staff,
};

const PATIENT: &str = "/api/v1/users/me/patient";
const DEPENDANTS: &str = "/api/v1/users/me/dependants";
const DEPENDANT: &str = "/api/v1/users/me/dependants/{patient_id}";
const DELEGATIONS: &str = "/api/v1/users/me/delegations";
const STAFF: &str = "/api/v1/users/practices/{organization_id}/staff";
const MEMBER: &str = "/api/v1/users/practices/{organization_id}/staff/{account_id}";

/// Adds them. Which patients an `Account` may see is in the tables and the token's delegations.
pub fn add<S>(routes: Routes<S>, signer: &Signer) -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
    Core: FromRef<S>,
{
    let routes = add_patients(routes, signer.clone());
    add_platform(add_staff(routes))
}

fn add_patients<S>(routes: Routes<S>, signer: Signer) -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
    Core: FromRef<S>,
{
    let of_address = signer.clone();
    let create_address_ticket = move |Extract(core): Extract<Core>, caller: SignedIn| {
        address_tickets::create_address_ticket(of_address.clone(), core, caller)
    };
    let create_claim_ticket = move |Extract(core): Extract<Core>, caller: SignedIn| {
        claim_tickets::create_claim_ticket(signer.clone(), core, caller)
    };
    routes
        .route(Method::GET, PATIENT, "find_patient", Account, patient::find_patient)
        .route(Method::PUT, PATIENT, "put_patient", Account, patient::put_patient)
        .route(Method::GET, DEPENDANTS, "list_dependants", Account, dependants::list_dependants)
        .route(Method::POST, DEPENDANTS, "add_dependant", Account, dependants::add_dependant)
        .route(Method::PUT, DEPENDANT, "put_dependant", Account, dependants::put_dependant)
        .route(Method::DELETE, DEPENDANT, "end_dependant", Account, dependants::end_dependant)
        .route(
            Method::POST,
            "/api/v1/users/me/dependants/{patient_id}/account-invitations",
            "invite_to_own_record",
            Account,
            dependants::invite_to_own_record,
        )
        .route(Method::GET, DELEGATIONS, "list_delegations", Account, delegations::list_delegations)
        .route(Method::POST, DELEGATIONS, "invite_carer", Account, delegations::invite_carer)
        .route(
            Method::DELETE,
            "/api/v1/users/me/delegations/{delegation_id}",
            "end_delegation",
            Account,
            delegations::end_delegation,
        )
        .route(
            Method::GET,
            "/api/v1/users/me/access-grants",
            "list_access_grants",
            Account,
            own_record::list_access_grants,
        )
        .route(Method::GET, "/api/v1/users/me/consents", "list_consents", Account, own_record::list_consents)
        .route(
            Method::POST,
            "/api/v1/users/me/consents/{text}/withdraw",
            "withdraw_consent",
            Account,
            own_record::withdraw_consent,
        )
        .route(
            Method::POST,
            "/api/v1/users/me/address-tickets",
            "create_address_ticket",
            Account,
            create_address_ticket,
        )
        .route(
            Method::POST,
            "/api/v1/users/me/claim-tickets",
            "create_claim_ticket",
            Account,
            create_claim_ticket,
        )
        .route(
            Method::POST,
            "/api/v1/users/invitations/accept",
            "accept_invitation",
            Account,
            invitations::accept_invitation,
        )
}

fn add_staff<S>(routes: Routes<S>) -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
    Core: FromRef<S>,
{
    let inviting = Practice(&[StaffRole::Manager, StaffRole::Owner]);
    let owners = Practice(&[StaffRole::Owner]);
    routes
        .route(Method::GET, STAFF, "list_staff", Practice(&StaffRole::ALL), staff::list_staff)
        .route(
            Method::POST,
            "/api/v1/users/practices/{organization_id}/staff-invitations",
            "invite_staff",
            inviting,
            staff::invite_staff,
        )
        .route(Method::PUT, MEMBER, "change_staff_roles", owners, staff::change_staff_roles)
        .route(Method::DELETE, MEMBER, "remove_staff", owners, staff::remove_staff)
}

fn add_platform<S>(routes: Routes<S>) -> Routes<S>
where
    S: Clone + Send + Sync + 'static,
    Core: FromRef<S>,
{
    routes
        .route(
            Method::POST,
            "/api/v1/users/platform/staff",
            "name_platform_staff",
            Platform(&[Administrator]),
            platform::name_platform_staff,
        )
        .route(
            Method::DELETE,
            "/api/v1/users/platform/staff/{account_id}",
            "dismiss_platform_staff",
            Platform(&[Administrator]),
            platform::dismiss_platform_staff,
        )
        .route(
            Method::POST,
            "/api/v1/users/platform/practices/{organization_id}/owner-invitations",
            "invite_owner",
            Platform(&[Moderator, Administrator]),
            platform::invite_owner,
        )
        .route(
            Method::POST,
            "/api/v1/users/platform/access-grants",
            "grant_access",
            Platform(&[Support, Administrator]),
            access_grants::grant_access,
        )
        .route(
            Method::GET,
            "/api/v1/users/platform/access-grants",
            "list_living_grants",
            Platform(&[Support, Administrator]),
            access_grants::list_living_grants,
        )
        .route(
            Method::DELETE,
            "/api/v1/users/platform/access-grants/{access_grant_id}",
            "end_grant",
            Platform(&[Support, Administrator]),
            access_grants::end_grant,
        )
        .route(
            Method::GET,
            "/api/v1/users/platform/patients/{patient_id}",
            "find_patient_by_grant",
            Platform(&[Support, Administrator]),
            find_patient_by_grant::find_patient_by_grant,
        )
}
