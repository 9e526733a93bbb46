//! What administrators see of money: comparisons with the card processor, one payment, practices to choose, and what is proposed as
//! evidence.

use std::rc::Rc;

use frontend::pages::admin::{
    chargebacks::{EvidenceForm, EvidenceFormProps},
    payment::{PaymentView, PaymentViewProps},
    payments::{FoundList, FoundListProps},
    practice_choice::{Practices, PracticesProps},
    reconciliation::{DifferenceRow, DifferenceRowProps, ReportView, ReportViewProps},
    refused_shares::{ShareRow, ShareRowProps},
};
use shared_types::{
    AudCents, ChargebackId, OrganizationId, PaymentId,
    page::Page,
    payments::{
        ChargebackStatus, IntentKind, IntentPurpose, IntentStatus, PaymentStatus, RefundReason, RefundStatus,
        platform::{
            Chargeback, ChargebackCase, Difference, DifferenceAction, DifferenceClosed, DifferenceKind,
            Evidence, FoundPayment, PlatformIntent, PlatformPayment, PlatformRefund, Reconciliation,
            ReconciliationReport, ReconciliationStatus, RefusedShare, ShareMove,
        },
    },
    providers::listing::{Listing, ListingId},
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn practice() -> OrganizationId {
    OrganizationId(Uuid::from_u128(9))
}

fn difference(number: u128, action: DifferenceAction) -> Difference {
    let closed = (action == DifferenceAction::Settled).then(|| DifferenceClosed {
        at: at("2026-11-24T22:15:00Z"),
        by: Uuid::from_u128(3).into(),
        note: "Gave it back at the card processor.".to_owned().into(),
    });
    Difference {
        difference_id: Uuid::from_u128(number).into(),
        kind: DifferenceKind::Amount,
        processor_object: Some("pi_1".to_owned()),
        payment_id: Some(PaymentId(Uuid::from_u128(7))),
        ours: "captured 11000 cents".to_owned(),
        theirs: "Taken 10000 cents".to_owned(),
        action,
        found_at: as_of(),
        closed,
    }
}

async fn difference_row(action: DifferenceAction) -> String {
    html::<DifferenceRow>(move || DifferenceRowProps {
        reconciliation_id: Uuid::from_u128(1).into(),
        difference: Rc::new(difference(2, action)),
        on_closed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_difference_says_what_it_is_what_both_sides_have_and_what_was_done() {
    let waits = difference_row(DifferenceAction::Flagged).await;
    in_order(
        &waits,
        &[
            "The card processor has another amount",
            "Ours: taken, $110.",
            "The card processor’s: taken, $100.",
            "Waits for somebody",
            "<code>pi_1</code>",
            "/admin/payments/00000000-0000-0000-0000-000000000007",
            "What you did about it",
            "Close it",
        ],
    );
    let closed = difference_row(DifferenceAction::Settled).await;
    in_order(
        &closed,
        &["Closed by hand", "Closed ", "Gave it back at the card processor.", "By account 00000000-"],
    );
    assert!(!closed.contains("<form"), "{closed}");
    let applied = difference_row(DifferenceAction::Applied).await;
    assert!(applied.contains("We took over what the card processor has"), "{applied}");
    assert!(!applied.contains("<form"), "{applied}");
}

#[tokio::test]
async fn an_account_that_was_not_compared_says_what_that_means_and_the_way_out() {
    let row = |kind, ours: &str, theirs: &str| {
        let difference = Difference {
            kind,
            processor_object: Some("acct_1".to_owned()),
            payment_id: None,
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            ..difference(2, DifferenceAction::Flagged)
        };
        html::<DifferenceRow>(move || DifferenceRowProps {
            reconciliation_id: Uuid::from_u128(1).into(),
            difference: Rc::new(difference),
            on_closed: Callback::noop(),
        })
    };
    in_order(
        &row(DifferenceKind::AccountUnreadable, "10450 cents", "refused").await,
        &[
            "An account at the card processor cannot be read",
            "Ours: $104.50.",
            "The card processor’s: it was not shown to us.",
            "the account was deleted, or the practice took our access away",
            "close this with what you did",
            "<code>acct_1</code>",
            "Close it",
        ],
    );
    in_order(
        &row(DifferenceKind::AccountClosed, "10450 cents", "closed").await,
        &["account is closed", "Ours: $104.50.", "The card processor’s: the account is closed.", "Close it"],
    );
}

#[tokio::test]
async fn what_waits_for_somebody_stands_before_what_was_seen_to() {
    let report = |differences: Vec<Difference>| {
        let reconciliation = Reconciliation {
            reconciliation_id: Uuid::from_u128(1).into(),
            status: ReconciliationStatus::Finished,
            from: at("2026-11-22T00:00:00Z"),
            until: as_of(),
            objects: 40,
            differences: differences.len() as i64,
            open: 1,
            started_at: as_of(),
            ended_at: Some(as_of()),
        };
        let report = ReconciliationReport { reconciliation, differences };
        html::<ReportView>(move || ReportViewProps { report: Rc::new(report), on_closed: Callback::noop() })
    };
    let some = vec![difference(2, DifferenceAction::Applied), difference(3, DifferenceAction::Flagged)];
    in_order(
        &report(some).await,
        &[
            "Finished",
            "40 records looked at, 2 different, 1 still open.",
            "Waiting for somebody",
            "Close it",
            "Seen to",
            "We took over what the card processor has",
        ],
    );
    in_order(&report(Vec::new()).await, &["Nothing of it waits.", "Seen to", "Nothing."]);
}

#[tokio::test]
async fn what_was_found_leads_to_its_page_and_more_only_where_there_is_more() {
    let list = |items: Vec<FoundPayment>, next: Option<&str>| {
        let page = Page { items, next: next.map(str::to_owned) };
        html::<FoundList>(move || FoundListProps { page: Rc::new(page), on_more: Callback::noop() })
    };
    let one = FoundPayment {
        payment_id: PaymentId(Uuid::from_u128(7)),
        booking_id: Uuid::from_u128(8).into(),
        organization_id: Some(practice()),
        legal_name: Some("Harbour Pty Ltd".to_owned()),
        status: PaymentStatus::Captured,
        total_cents: AudCents(11_000),
        captured_cents: AudCents(11_000),
        refunded_cents: AudCents::ZERO,
        starts_at: Some(as_of()),
    };
    let found = list(vec![one], Some("x")).await;
    in_order(
        &found,
        &[
            "/admin/payments/00000000-0000-0000-0000-000000000007",
            "$110: Taken",
            "Visit on ",
            "Harbour Pty Ltd",
            "More",
        ],
    );
    let nothing = list(Vec::new(), None).await;
    assert!(nothing.contains("No payment is known by that.") && !nothing.contains("<button"), "{nothing}");
}

/// $110 was taken; of it so much went back.
fn payment(refunded_cents: i64) -> PlatformPayment {
    PlatformPayment {
        payment_id: PaymentId(Uuid::from_u128(7)),
        booking_id: Uuid::from_u128(8).into(),
        organization_id: Some(practice()),
        legal_name: Some("Harbour Pty Ltd".to_owned()),
        starts_at: Some(as_of()),
        status: PaymentStatus::PartRefunded,
        total_cents: AudCents(11_000),
        captured_cents: AudCents(11_000),
        refunded_cents: AudCents(refunded_cents),
        refunding_cents: AudCents(1_000),
        intents: vec![PlatformIntent {
            intent_id: Uuid::from_u128(11).into(),
            purpose: IntentPurpose::Visit,
            kind: IntentKind::Charge,
            status: IntentStatus::Captured,
            amount_cents: AudCents(11_000),
            processor_object: Some("pi_1".to_owned()),
            created_at: as_of(),
        }],
        refunds: vec![PlatformRefund {
            refund_id: Uuid::from_u128(12).into(),
            payment_id: PaymentId(Uuid::from_u128(7)),
            organization_id: Some(practice()),
            amount_cents: AudCents(1_000),
            reason: RefundReason::Goodwill,
            note: Some("A late start".to_owned().into()),
            status: RefundStatus::AwaitingApproval,
            requested_by: Some(Uuid::from_u128(3).into()),
            decided_by: None,
            created_at: as_of(),
        }],
        chargebacks: Vec::new(),
    }
}

#[tokio::test]
async fn a_payment_has_its_tries_refunds_disputes_and_the_form_for_what_is_left() {
    let page = |refunded| {
        html::<PaymentView>(move || PaymentViewProps {
            payment: Rc::new(payment(refunded)),
            on_changed: Callback::noop(),
        })
    };
    in_order(
        &page(2_000).await,
        &[
            "$110: Partly refunded",
            "Harbour Pty Ltd",
            "$110 taken, $20 gone back, $10 on its way back.",
            "Tries at the card processor",
            "The visit: $110, taken",
            "<code>pi_1</code>",
            "Refunds",
            "$10: Waits for a second administrator. Goodwill",
            "A late start",
            "Decide on it",
            "Disputes",
            "None.",
            "Ask for a refund",
            "$80 can go back.",
            "How much, in dollars",
        ],
    );
    let nothing_left = page(10_000).await;
    assert!(nothing_left.contains("Nothing is left that could go back."), "{nothing_left}");
    assert!(!nothing_left.contains("<form"), "{nothing_left}");
}

#[tokio::test]
async fn practices_are_chosen_by_name_and_practitioners_are_no_choice() {
    let listing = |listing, name: &str| Listing {
        listing,
        slug: "somewhere".to_owned(),
        name: name.to_owned(),
        practice: None,
        place: None,
        suspension: None,
        practice_suspended: false,
    };
    let list = |items| html::<Practices>(move || PracticesProps { items, on_choose: Callback::noop() });
    let role = listing(ListingId::Role(Uuid::from_u128(1).into()), "Harriet Harbour");
    let found = list(vec![role.clone(), listing(ListingId::Practice(practice()), "Harbour Clinic")]).await;
    assert!(found.contains("Harbour Clinic") && !found.contains("Harriet"), "{found}");
    assert!(list(vec![role]).await.contains("No practice here has that name."));
}

#[tokio::test]
async fn evidence_that_nobody_wrote_begins_with_what_is_known_and_is_not_kept_yet() {
    let form = |evidence: Evidence| {
        let case = ChargebackCase {
            chargeback: Chargeback {
                chargeback_id: ChargebackId(Uuid::from_u128(1)),
                payment_id: PaymentId(Uuid::from_u128(7)),
                organization_id: Some(practice()),
                amount_cents: AudCents(9_550),
                reason: "product_not_received".to_owned(),
                status: ChargebackStatus::NeedsResponse,
                evidence_due_at: None,
                opened_at: as_of(),
            },
            evidence,
            known: Evidence {
                service_date: Some("2026-11-24".parse().unwrap()),
                agreed_at: Some(as_of()),
                policy: Some("Cancelling is free until 24 hours before the visit.".to_owned()),
                history: Some("Receipt 12 for $95.50 was issued.".to_owned()),
                note: None,
            },
            version: 1,
            submitted_at: None,
        };
        html::<EvidenceForm>(move || EvidenceFormProps { case: Rc::new(case), on_changed: Callback::noop() })
    };
    in_order(
        &form(Evidence::default()).await,
        &[
            "What we know is filled in.",
            "value=\"2026-11-24\"",
            "Cancelling is free until 24 hours before the visit.",
            "shown and agreed to on ",
            "Receipt 12 for $95.50 was issued.",
        ],
    );
    let written =
        form(Evidence { note: Some("Came at nine.".to_owned().into()), ..Evidence::default() }).await;
    assert!(written.contains("Came at nine.") && !written.contains("Receipt 12"), "{written}");
    assert!(!written.contains("is filled in"), "{written}");
    assert!(!written.contains("shown and agreed to"), "no policy is sent: {written}");
    let policy = Some("Cancelling costs nothing.".to_owned());
    let with_policy = form(Evidence { policy, ..Evidence::default() }).await;
    assert!(with_policy.contains("shown and agreed to on "), "{with_policy}");
}

fn refused_share() -> RefusedShare {
    RefusedShare {
        processor_call_id: Uuid::from_u128(5).into(),
        to: ShareMove::TakeBack,
        organization_id: Some(practice()),
        legal_name: Some("Harbour Pty Ltd".to_owned()),
        payment_id: Some(PaymentId(Uuid::from_u128(7))),
        amount_cents: AudCents(4_750),
        times: 2,
        why: Some("the processor refused: balance_insufficient".to_owned()),
        asked_at: Some(as_of()),
    }
}

#[tokio::test]
async fn a_share_that_was_refused_says_whose_how_much_why_and_when_it_is_asked_for_again() {
    let row =
        html::<ShareRow>(|| ShareRowProps { share: Rc::new(refused_share()), on_asked: Callback::noop() })
            .await;
    in_order(
        &row,
        &[
            "Harbour Pty Ltd: $47.50",
            "to be taken back for what a bank took",
            "Refused 2 times",
            "<code>the processor refused: balance_insufficient</code>",
            "It is asked for again on ",
            "Ask for it again",
        ],
    );
}

#[tokio::test]
async fn of_a_share_that_was_given_up_it_is_said_that_it_may_have_been_moved() {
    let row = html::<ShareRow>(|| {
        let share = RefusedShare { times: 0, why: None, asked_at: None, ..refused_share() };
        ShareRowProps { share: Rc::new(share), on_asked: Callback::noop() }
    })
    .await;
    in_order(&row, &["Harbour Pty Ltd: $47.50", "gave no answer", "look there before you ask for it again"]);
    assert!(row.contains("Ask for it again") && !row.contains("Refused"), "{row}");
}
