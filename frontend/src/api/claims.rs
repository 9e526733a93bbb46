//! Claims for bulk-billed visits and the patients' agreements that they rest on, of the payments service: one function per endpoint.

use shared_types::{
    AssignmentId, BookingId, ClaimId, MedicarePaymentId, OrganizationId, Problem,
    payments::{
        assignment::{
            AnswerAssignment, Assignment, AssignmentStatus, Assignments, OfferAssignment, OpenAssignment,
            RecordAssignment, VERBAL_TEXT,
        },
        claim::{
            Claim, ClaimCase, ClaimStatus, PutClaim, RecordOffset, RecordOutcome, ReturnBenefit,
            Verification, VerifyClaimant,
        },
        quote::PaymentTicket,
    },
};

use super::{ApiClient, Method, OwnBooking, payments::send};

/// `ConsentText`: what staff read out before somebody agrees by word of mouth.
pub fn get_verbal_text() -> String {
    format!("/api/v1/payments/consent-texts/{VERBAL_TEXT}")
}

/// Opens a letter's link to a bulk-bill agreement with three points of identity. The key has a repeat count as one try.
///
/// # Errors
/// `/problems/identity`, 404 where the link does not work any more.
pub async fn open_assignment(
    client: &ApiClient,
    proof: &OpenAssignment,
    key: String,
) -> Result<Assignment, Problem> {
    client.send(Method::Post, "/api/v1/payments/assignments/open", Some(proof), Some(key)).await
}

/// A booking's bulk-bill agreements, the latest first, for who holds the booking.
///
/// # Errors
/// 404 for everybody else.
pub async fn list_own_assignments(client: &ApiClient, booking: &OwnBooking) -> Result<Assignments, Problem> {
    let path = format!("/api/v1/payments/bookings/{}/assignments", booking.booking_id());
    send(client, booking, (Method::Get, &path), None::<&()>, None).await
}

/// `Page<Assignment>`: what somebody, or whom they look after, was asked to agree to for every visit to a practice.
pub fn list_my_assignments(cursor: Option<&str>) -> String {
    super::money::with_cursor("/api/v1/payments/me/assignments", cursor)
}

/// Agrees to it, or does not: by the letter's secret in the answer, by the ticket of who holds the booking, or by the session.
///
/// # Errors
/// `/problems/wrong-state`, `/problems/text-changed`, `/problems/invalid`, `/problems/identity`.
pub async fn answer_assignment(
    client: &ApiClient,
    assignment_id: AssignmentId,
    answer: &AnswerAssignment,
    (own, key): (Option<&OwnBooking>, String),
) -> Result<Assignment, Problem> {
    let path = format!("/api/v1/payments/assignments/{assignment_id}/answer");
    match own {
        Some(own) => send(client, own, (Method::Post, &path), Some(answer), Some(key)).await,
        None => client.send(Method::Post, &path, Some(answer), Some(key)).await,
    }
}

/// Takes back what was agreed to, by the ticket of who holds the booking, or by the session. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/relied-on`, `/problems/wrong-state`, 404.
pub async fn withdraw_assignment(
    client: &ApiClient,
    assignment_id: AssignmentId,
    own: Option<&OwnBooking>,
    key: String,
) -> Result<Assignment, Problem> {
    let path = format!("/api/v1/payments/assignments/{assignment_id}/withdraw");
    match own {
        Some(own) => send(client, own, (Method::Post, &path), None::<&()>, Some(key)).await,
        None => client.send(Method::Post, &path, None::<&()>, Some(key)).await,
    }
}

/// The patient's copy of one: a page to keep, as its text.
///
/// # Errors
/// 404 for everybody who does not hold the booking, or is not signed in as its patient or who acts for them.
pub async fn print_assignment(
    client: &ApiClient,
    assignment_id: AssignmentId,
    own: Option<&OwnBooking>,
) -> Result<String, Problem> {
    let path = format!("/api/v1/payments/assignments/{assignment_id}/receipt");
    let Some(own) = own else {
        let reply = client.get(&path).await;
        return if (200..300).contains(&reply.status) { Ok(reply.body) } else { reply.read() };
    };
    own.ask(client, async |ticket: &PaymentTicket| client.get_text_with_ticket(&path, ticket).await).await
}

/// What a practice's claims are below.
fn claims(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/payments/practices/{organization_id}/claims{rest}")
}

/// What is asked for of a list: what is in a state, from where a page ended. Nothing for the start of all of it.
fn part_of_list(status: Option<&str>, cursor: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("status", status), ("cursor", cursor)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

/// What a practice does about a booking of its own.
fn practice_booking(organization_id: OrganizationId, booking_id: BookingId, rest: &str) -> String {
    format!("/api/v1/payments/practices/{organization_id}/bookings/{booking_id}{rest}")
}

/// `Page<Claim>`: a practice's claims in a state, or all of them, the earliest limit first.
pub fn list_claims(
    organization_id: OrganizationId,
    status: Option<ClaimStatus>,
    cursor: Option<&str>,
) -> String {
    claims(organization_id, &part_of_list(status.map(ClaimStatus::code), cursor))
}

/// `ClaimTotals`: what a practice has out with Medicare.
pub fn find_claim_totals(organization_id: OrganizationId) -> String {
    claims(organization_id, "/totals")
}

/// `Page<UnclaimedVisit>`: a practice's bulk-billed visits that took place and are on no claim, the earliest first: those that can be
/// claimed, or those that lapsed.
pub fn list_unclaimed_visits(organization_id: OrganizationId, lapsed: bool, cursor: Option<&str>) -> String {
    let path = claims(organization_id, "/unclaimed");
    match (lapsed, cursor) {
        (false, cursor) => super::money::with_cursor(&path, cursor),
        (true, None) => format!("{path}?lapsed=true"),
        (true, Some(cursor)) => format!("{path}?lapsed=true&cursor={}", super::segment(cursor)),
    }
}

/// `Page<MedicareRun>`: what Medicare paid to a practice's bank, the latest first.
pub fn list_payment_runs(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    super::money::with_cursor(&claims(organization_id, "/payment-runs"), cursor)
}

/// `Page<RunPart>`: which claims a payment run pays, and what was taken back out of it for which.
pub fn list_run_claims(
    organization_id: OrganizationId,
    medicare_payment_id: MedicarePaymentId,
    cursor: Option<&str>,
) -> String {
    let path = claims(organization_id, &format!("/payment-runs/{medicare_payment_id}/claims"));
    super::money::with_cursor(&path, cursor)
}

/// Drafts a claim for a visit. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/already-claimed`, `/problems/has-charge`.
pub async fn draft_claim(
    client: &ApiClient,
    organization_id: OrganizationId,
    booking_id: BookingId,
    claim: &PutClaim,
    key: String,
) -> Result<ClaimCase, Problem> {
    let path = practice_booking(organization_id, booking_id, "/claims");
    client.send(Method::Post, &path, Some(claim), Some(key)).await
}

/// `ClaimCase`: a claim whole.
pub fn find_claim(organization_id: OrganizationId, claim_id: ClaimId) -> String {
    claims(organization_id, &format!("/{claim_id}"))
}

/// Puts a claim right that is not with Medicare.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`, `/problems/wrong-state`, `/problems/already-claimed`, `/problems/has-charge`.
pub async fn put_claim(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    claim: &PutClaim,
) -> Result<ClaimCase, Problem> {
    client.send(Method::Put, &find_claim(organization_id, claim_id), Some(claim), None).await
}

/// Lodges a claim. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state`, `/problems/no-assignment`, `/problems/too-old`, `/problems/has-charge`.
pub async fn submit_claim(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/submit"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// Claims again what was not paid. The key makes a repeat harmless.
///
/// # Errors
/// As [`put_claim`].
pub async fn relodge_claim(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    claim: &PutClaim,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/relodge"));
    client.send(Method::Post, &path, Some(claim), Some(key)).await
}

/// Takes a claim back that is not with Medicare. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state`.
pub async fn withdraw_claim(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/withdraw"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// Has Medicare asked once more what came of a claim. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/wrong-state`.
pub async fn ask_for_report(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/ask"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}

/// Says that what Medicare paid for a visit that was none went back. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/wrong-state`, `/problems/stale-version`.
pub async fn return_benefit(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    went_back: &ReturnBenefit,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/return"));
    client.send(Method::Post, &path, Some(went_back), Some(key)).await
}

/// Says that Medicare took back, out of a later run, what it had paid for a claim, or some of it. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/wrong-state`, `/problems/stale-version`.
pub async fn record_offset(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    offset: &RecordOffset,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/offset"));
    client.send(Method::Post, &path, Some(offset), Some(key)).await
}

/// Says what came of a claim of which no report comes, as Services Australia told it. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/wrong-state`, `/problems/stale-version`, `/problems/already-claimed`.
pub async fn record_outcome(
    client: &ApiClient,
    organization_id: OrganizationId,
    claim_id: ClaimId,
    outcome: &RecordOutcome,
    key: String,
) -> Result<Claim, Problem> {
    let path = claims(organization_id, &format!("/{claim_id}/outcome"));
    client.send(Method::Post, &path, Some(outcome), Some(key)).await
}

/// Asks Medicare about a booking's patient. A repeat with the key has the answer that was given.
///
/// # Errors
/// `/problems/wrong-state`, `/problems/medicare-unavailable`.
pub async fn verify_claimant(
    client: &ApiClient,
    organization_id: OrganizationId,
    booking_id: BookingId,
    asked: VerifyClaimant,
    key: String,
) -> Result<Verification, Problem> {
    let path = practice_booking(organization_id, booking_id, "/verification");
    client.send(Method::Post, &path, Some(&asked), Some(key)).await
}

/// What a practice's bulk-bill agreements are below.
fn assignments(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/payments/practices/{organization_id}/assignments{rest}")
}

/// `Page<Assignment>`: a practice's bulk-bill agreements in a state, or all of them, the latest first.
pub fn list_assignments(
    organization_id: OrganizationId,
    status: Option<AssignmentStatus>,
    cursor: Option<&str>,
) -> String {
    assignments(organization_id, &part_of_list(status.map(AssignmentStatus::code), cursor))
}

/// Asks the patient of a bulk-billed booking. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/wrong-state`, 404.
pub async fn offer_assignment(
    client: &ApiClient,
    organization_id: OrganizationId,
    booking_id: BookingId,
    offer: &OfferAssignment,
    key: String,
) -> Result<Assignment, Problem> {
    let path = practice_booking(organization_id, booking_id, "/assignments");
    client.send(Method::Post, &path, Some(offer), Some(key)).await
}

/// Writes down what was agreed to on paper or by word of mouth. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/verbal-ended`, `/problems/text-changed`, `/problems/wrong-state`, 404.
pub async fn record_assignment(
    client: &ApiClient,
    organization_id: OrganizationId,
    assignment_id: AssignmentId,
    record: &RecordAssignment,
    key: String,
) -> Result<Assignment, Problem> {
    let path = assignments(organization_id, &format!("/{assignment_id}/record"));
    client.send(Method::Post, &path, Some(record), Some(key)).await
}

/// The practice's copy of one: a page to print.
pub fn assignment_receipt(organization_id: OrganizationId, assignment_id: AssignmentId) -> String {
    assignments(organization_id, &format!("/{assignment_id}/receipt"))
}

/// Takes back what was made by mistake. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/relied-on`, `/problems/wrong-state`, 404.
pub async fn void_assignment(
    client: &ApiClient,
    organization_id: OrganizationId,
    assignment_id: AssignmentId,
    key: String,
) -> Result<Assignment, Problem> {
    let path = assignments(organization_id, &format!("/{assignment_id}/void"));
    client.send(Method::Post, &path, None::<&()>, Some(key)).await
}
