//! Every event that notifications hears is cut off: whole sequences of bookings, of money and of accounts.

use std::collections::BTreeSet;

use kernel::{Chance, keys::Signer, testing::Cuts};
use serde::Serialize;
use shared_types::{
    AccountId, AudCents, PatientId, Zone,
    bookings::{
        AppointmentFact, AppointmentStatus, BookingClaim, BookingsEvent, DisputeFact, LatenessFact,
        ManageCodeFact, NoShowFact, NotTakenFact, OfferFact, PresumedFact, ProposalFact, SeriesFact,
        dispute::{DisputeParty, DisputeStatus},
    },
    payments::{
        AskedFact, AssignmentFact, FailedStep, InvoiceFact, PaymentFact, PaymentFailure, PaymentStatus,
        PaymentStep, PaymentsEvent, RefundFact, RefundReason,
        assignment::{AssignmentKind, AssignmentStatus},
        pay::InvoiceKind,
    },
    users::{
        AccountMail, ContactChannel, ErasureRequest, InvitationFact, InvitationKind, LeaveEnded, MailRequest,
        OwnDetails, OwnDetailsChanged, PatientContact, Revocation, Revoked, UsersEvent,
    },
};
use uuid::Uuid;

use super::{far, receives};
use crate::{World, appointment, envelope, money::paid};

const ADA: AccountId = AccountId(Uuid::from_u128(0xADA));
const PATIENT: PatientId = PatientId(Uuid::from_u128(0xA));
const EMAIL: &str = "ada@example.org";
const TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// Where it is decided what is heard.
const INBOX: &str = include_str!("../../../src/inbox.rs");

/// The names of events that the inbox does something with, of whichever service.
fn heard() -> BTreeSet<String> {
    let (_, names) = INBOX.split_once("match (envelope.producer.as_str()").unwrap();
    let (names, _) = names.split_once("// Not for us").unwrap();
    let quoted = names.split('"').skip(1).step_by(2);
    quoted.filter(|name| !["bookings", "users", "payments"].contains(name)).map(str::to_owned).collect()
}

/// Hands all of them over, each cut off wherever it writes, and notes their names.
async fn hears(
    (world, cuts, names): (&World, &mut Cuts, &mut BTreeSet<String>),
    producer: &str,
    events: &[impl Serialize],
) {
    for event in events {
        let told = envelope(&world.core, producer, event);
        receives(world, cuts, &told).await;
        names.insert(told.name);
    }
}

/// Ada's appointment, for which a card is kept, after so many changes.
fn hers(sequence: i32) -> AppointmentFact {
    let (start, end) = (far().start, far().end);
    AppointmentFact { sequence, start, end, account_id: Some(ADA), patient_id: Some(PATIENT), ..paid(1) }
}

/// What bookings tells until it is booked.
fn booking() -> Vec<BookingsEvent> {
    let asked = AppointmentFact {
        status: AppointmentStatus::Requested,
        reply_by: Some("2026-11-22T22:00:00Z".parse().unwrap()),
        ..appointment(2)
    };
    let visit = AppointmentFact { series_id: Some(Uuid::from_u128(0x5E).into()), ..appointment(3) };
    let series = SeriesFact { series_id: Uuid::from_u128(0x5E).into(), visits: vec![visit.clone()] };
    let code = ManageCodeFact {
        booking_id: appointment(2).booking_id,
        email: EMAIL.to_owned().into(),
        code: "012345".to_owned().into(),
        expires_at: "2026-11-22T00:10:00Z".parse().unwrap(),
    };
    vec![
        BookingsEvent::PaymentAwaited(hers(0)),
        BookingsEvent::AppointmentConfirmed(hers(1)),
        BookingsEvent::AppointmentRequested(asked),
        BookingsEvent::AppointmentConfirmed(visit),
        BookingsEvent::SeriesBooked(series),
        BookingsEvent::ManageCodeRequested(code),
    ]
}

/// What payments tells of it.
fn money() -> Vec<PaymentsEvent> {
    let booking_id = hers(1).booking_id;
    let failed = FailedStep {
        booking_id,
        failure: PaymentFailure::Declined,
        repair_until: "2026-11-29T00:00:00Z".parse().unwrap(),
        fee: None,
        balance: None,
    };
    let refund = RefundFact {
        refund_id: Uuid::from_u128(1).into(),
        booking_id,
        amount_cents: AudCents(8_500),
        reason: RefundReason::NotGiven,
    };
    let asked =
        AskedFact { booking_id, agreed_cents: AudCents(8_500), total_cents: AudCents(9_500), again: false };
    let invoice = InvoiceFact {
        invoice_id: Uuid::from_u128(1).into(),
        kind: InvoiceKind::TaxInvoice,
        booking_id: Some(booking_id),
        total_cents: AudCents(8_500),
    };
    let payment = PaymentFact {
        payment_id: Uuid::from_u128(1).into(),
        booking_id,
        quote_id: hers(1).quote_id,
        status: PaymentStatus::Captured,
        total_cents: AudCents(8_500),
        captured_cents: AudCents(8_500),
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_owed_cents: AudCents::ZERO,
    };
    let assignment = AssignmentFact {
        assignment_id: Uuid::from_u128(1).into(),
        booking_id: Some(booking_id),
        organization_id: Uuid::from_u128(2).into(),
        account_id: Some(ADA),
        patient_id: Some(PATIENT),
        status: AssignmentStatus::Offered,
        kind: AssignmentKind::Pre,
        service_from: "2026-12-01".parse().unwrap(),
        token: Some("5ec4e7".to_owned().into()),
    };
    vec![
        PaymentsEvent::PaymentStepFailed(failed),
        PaymentsEvent::RefundMade(refund),
        PaymentsEvent::RefundFailed(refund),
        PaymentsEvent::ChargeAsked(asked),
        PaymentsEvent::InvoiceIssued(invoice),
        PaymentsEvent::PaymentStepCompleted { booking_id, step: PaymentStep::Captured },
        PaymentsEvent::PaymentChanged(payment),
        PaymentsEvent::AssignmentChanged(assignment),
    ]
}

/// What becomes of it, to the end.
fn afterwards() -> Vec<BookingsEvent> {
    let until = "2026-12-08T03:00:00Z".parse().unwrap();
    let manage_token = Some(TOKEN.to_owned().into());
    let proposed = ProposalFact {
        appointment: hers(1),
        start: "2026-12-02T03:00:00Z".parse().unwrap(),
        end: "2026-12-02T03:30:00Z".parse().unwrap(),
        expires_at: "2026-11-24T00:00:00Z".parse().unwrap(),
    };
    let kept = NotTakenFact {
        booking_id: hers(1).booking_id,
        proposed_by: Uuid::from_u128(7).into(),
        refused: true,
        stands_at: hers(1).start,
        time_zone: Zone::SYDNEY,
    };
    let offer = OfferFact {
        waitlist_entry_id: Uuid::from_u128(0x31).into(),
        hold_id: Uuid::from_u128(0x32).into(),
        account_id: ADA,
        patient_id: Some(PATIENT),
        role: hers(1).role,
        discreet: false,
        start: hers(1).start,
        end: hers(1).end,
        expires_at: "2026-11-22T02:00:00Z".parse().unwrap(),
    };
    let free = AppointmentFact { bulk_billed: true, price_cents: AudCents::ZERO, ..hers(3) };
    let over = AppointmentFact { status: AppointmentStatus::Completed, ..hers(4) };
    let presumed = AppointmentFact { manage_token: manage_token.clone(), ..over.clone() };
    let missed = AppointmentFact { status: AppointmentStatus::NoShowPatient, manage_token, ..hers(5) };
    let dispute = |status| DisputeFact {
        dispute_id: Uuid::from_u128(0xD).into(),
        opened_by: DisputeParty::Practice,
        answer_by: until,
        status,
        appointment: AppointmentFact { status: AppointmentStatus::NoShowProvider, ..hers(5) },
        late_fee_cents: AudCents::ZERO,
        instead: None,
    };
    let claim = BookingClaim { booking_id: appointment(2).booking_id, account_id: ADA, patient_id: PATIENT };
    let cancelled = AppointmentFact { status: AppointmentStatus::CancelledByProvider, ..hers(6) };
    vec![
        BookingsEvent::TimeProposed(proposed),
        BookingsEvent::ProposalWithdrawn { booking_id: hers(1).booking_id },
        BookingsEvent::TimeNotTaken(kept),
        BookingsEvent::LatenessSaid(LatenessFact { appointment: hers(1), minutes: 25 }),
        BookingsEvent::TimeOffered(offer),
        BookingsEvent::AppointmentMoved(AppointmentFact { manage_token: None, ..hers(2) }),
        BookingsEvent::AppointmentBulkBilled(free),
        BookingsEvent::AppointmentChanged(over),
        BookingsEvent::VisitPresumed(PresumedFact { appointment: presumed, dispute_by: until }),
        BookingsEvent::NoShowNoted(NoShowFact { appointment: missed, dispute_by: until, presumed: true }),
        BookingsEvent::DisputeOpened(dispute(DisputeStatus::Open)),
        BookingsEvent::DisputeDecided(dispute(DisputeStatus::Upheld)),
        BookingsEvent::BookingClaimed(claim),
        BookingsEvent::AppointmentCancelled(cancelled),
        BookingsEvent::BookingDestroyed { booking_id: hers(1).booking_id },
    ]
}

/// What users tells of Ada, until she goes.
fn account(world: &World) -> Vec<UsersEvent> {
    let now = world.core.now();
    let contact = PatientContact {
        patient_id: PATIENT,
        version: 1,
        contact_by: vec![ContactChannel::Email],
        mobile: None,
        language: "en".to_owned(),
    };
    let mail = MailRequest {
        mail: AccountMail::ResetPassword,
        account_id: ADA,
        email: EMAIL.to_owned().into(),
        token: Some(TOKEN.to_owned().into()),
        expires_at: None,
        device: None,
        practice: None,
    };
    let invitation = InvitationFact {
        invitation_id: Uuid::from_u128(1).into(),
        kind: InvitationKind::Staff,
        email: EMAIL.to_owned().into(),
        organization_name: Some("Harbour Practice".to_owned()),
        token: TOKEN.to_owned().into(),
        expires_at: "2026-11-29T00:00:00Z".parse().unwrap(),
    };
    let revoked = Revocation {
        of: Revoked::Account(ADA),
        issued_until: now,
        forget_at: now + jiff::SignedDuration::from_mins(10),
    };
    let erasure = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: ADA,
        patient_id: Some(PATIENT),
        dependants: Vec::new(),
        email: EMAIL.to_owned().into(),
    };
    let moved = OwnDetailsChanged {
        account_id: ADA,
        patient_id: Some(PATIENT),
        was: OwnDetails::of(EMAIL.to_owned().into(), None),
        is: OwnDetails::of("tran@example.org".to_owned().into(), None),
    };
    vec![
        UsersEvent::SigningKeyPublished(Signer::generate(&Chance::seeded(1)).published("users")),
        UsersEvent::PatientContactChanged(contact),
        UsersEvent::MailRequested(mail),
        UsersEvent::InvitationMade(invitation),
        UsersEvent::TokensRevoked(revoked),
        UsersEvent::OwnDetailsChanged(moved),
        UsersEvent::LeaveEnded(LeaveEnded { account_id: ADA, patient_id: PATIENT, own: None }),
        UsersEvent::ErasureRequested(erasure),
    ]
}

#[tokio::test]
async fn every_event_is_received_whole_or_not_at_all() {
    let world = World::new().await;
    let mut cuts = Cuts::of(&world.database, "notifications").await;
    let mut names = BTreeSet::new();
    hears((&world, &mut cuts, &mut names), "bookings", &booking()).await;
    hears((&world, &mut cuts, &mut names), "payments", &money()).await;
    let messages = world.messages().await;
    for kind in
        ["appointment_requested", "appointment_confirmed", "manage_code", "payment_failed", "refund_made"]
    {
        assert_eq!(
            messages.iter().filter(|(template, _)| template == kind).count(),
            1,
            "{kind}: {messages:?}"
        );
    }
    hears((&world, &mut cuts, &mut names), "bookings", &afterwards()).await;
    hears((&world, &mut cuts, &mut names), "users", &account(&world)).await;
    assert_eq!(world.told("erasure_answered").await.len(), 1);
    assert_eq!(names, heard(), "what is heard and never cut off, or cut off and never heard");
}
