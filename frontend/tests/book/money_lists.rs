//! What practices and patients read of money that did not move as planned: what no card was charged for, what went back, fees beside the
//! calendar; and the days and months of a practice's books.

use std::rc::Rc;

use frontend::{
    components::refunds_view::{RefundsView, RefundsViewProps},
    forms::money_days::DaysForm,
    pages::{
        admin::statements::{PlatformStatementView, PlatformStatementViewProps},
        calendar::fee_money::{FeeMoneyView, FeeMoneyViewProps},
        practice_desk::money::{
            ask_again::{AskedNotice, AskedNoticeProps},
            days_fields::{DaysFields, DaysFieldsProps},
            statement_view::{MonthChoice, MonthChoiceProps, StatementView, StatementViewProps},
            unpaid::{UnpaidCard, UnpaidCardProps},
        },
    },
};
use jiff::civil::date;
use shared_types::{
    AudCents, BookingId, OrganizationId, PaymentId, RefundId,
    payments::{
        IntentPurpose, PaymentFailure, RefundReason, RefundStatus,
        pay::PatientRefund,
        platform::PlatformStatement,
        practice::{
            AccountKind, BulkBillStatus, HigherPrice, PostingCause, Statement, ToBulkBilling, VisitTime,
        },
        unpaid::{AskedAgain, AskedBy, FeeStanding, UnpaidPayment},
    },
};
use uuid::Uuid;
use yew::{Callback, NodeRef};

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn practice() -> OrganizationId {
    OrganizationId(Uuid::from_u128(9))
}

/// A visit of $110 whose card said no, while its patient can give another one.
fn unpaid() -> UnpaidPayment {
    UnpaidPayment {
        payment_id: PaymentId(Uuid::from_u128(7)),
        booking_id: BookingId(Uuid::from_u128(8)),
        purpose: IntentPurpose::Visit,
        owed_cents: AudCents(11_000),
        paid_cents: AudCents::ZERO,
        failure: Some(PaymentFailure::Declined),
        failed_at: as_of(),
        repair_until: Some(at("2026-11-23T22:00:00Z")),
        is_being_paid: false,
        can_ask_again: false,
        higher: None,
        bulk_billing: None,
        visit: Some(VisitTime {
            starts_at: at("2026-11-20T23:00:00Z"),
            time_zone: "Australia/Sydney".parse().unwrap(),
        }),
    }
}

async fn card(unpaid: UnpaidPayment) -> String {
    html::<UnpaidCard>(move || UnpaidCardProps {
        organization_id: practice(),
        unpaid: Rc::new(unpaid),
        reads_calendar: true,
        on_changed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_visit_that_was_not_paid_says_why_what_comes_next_and_what_can_be_done() {
    let open = card(unpaid()).await;
    in_order(
        &open,
        &[
            "$110",
            "for the visit",
            "Monday 23 November 2026, 9:00 am Sydney time",
            "The patient’s bank said no.",
            "can give another card until",
            "Tuesday 24 November 2026, 9:00 am Sydney time",
            "It is then charged by itself.",
            "You can settle it with the patient in another way",
            "Visit on Saturday 21 November 2026, 10:00 am",
        ],
    );
    assert!(!open.contains("Ask once more") && !open.contains("was taken before"), "{open}");
    let standing = ToBulkBilling { status: BulkBillStatus::Possible, gives_back_cents: AudCents::ZERO };
    let over = UnpaidPayment {
        repair_until: None,
        failure: Some(PaymentFailure::HoldExpired),
        bulk_billing: Some(standing),
        ..unpaid()
    };
    let over = card(over).await;
    in_order(
        &over,
        &[
            "The bank let go of the held money before it was taken.",
            "The time to give another card is over: nothing more is charged by itself.",
            "Bulk bill this visit instead",
        ],
    );
    let paying = card(UnpaidPayment { is_being_paid: true, ..unpaid() }).await;
    in_order(&paying, &["on the page where they give another card", "among your transactions"]);
}

#[tokio::test]
async fn what_nothing_charges_any_more_can_be_asked_for_again_and_nothing_else_can() {
    let button = "Ask again for $110";
    let waits = card(unpaid()).await;
    assert!(!waits.contains("Ask again"), "its patient can still give another card: {waits}");
    let over = card(UnpaidPayment { repair_until: None, can_ask_again: true, ..unpaid() }).await;
    in_order(&over, &["nothing more is charged by itself", "never more than the patient agreed to", button]);
}

#[tokio::test]
async fn what_comes_of_asking_again_is_said_and_when_it_can_be_asked_next() {
    let page = |by, repair_until| {
        html::<AskedNotice>(move || AskedNoticeProps {
            reply: AskedAgain { by, repair_until },
            owed_cents: AudCents(11_000),
            on_look: Callback::noop(),
            node_ref: NodeRef::default(),
        })
    };
    let by_card = page(AskedBy::Card, None).await;
    in_order(&by_card, &["The kept card is being charged $110", "If it says no", "Look again"]);
    let by_letter = page(AskedBy::Letter, Some(at("2026-11-23T22:00:00Z"))).await;
    in_order(
        &by_letter,
        &[
            "The patient is asked to pay $110",
            "Tuesday 24 November 2026, 9:00 am Sydney time",
            "After that you can ask again.",
        ],
    );
}

/// What somebody has on their account is not the practice's to know, whatever a reply says.
#[tokio::test]
async fn no_practice_reads_what_is_on_somebodys_account() {
    let page = card(UnpaidPayment { failure: Some(PaymentFailure::InsufficientFunds), ..unpaid() }).await;
    assert!(page.contains("The patient’s bank said no.") && !page.contains("money on the account"), "{page}");
}

#[tokio::test]
async fn a_fee_can_be_let_go_and_a_higher_price_be_asked_for_once_more() {
    let fee = UnpaidPayment {
        purpose: IntentPurpose::LateFee,
        owed_cents: AudCents(3_000),
        paid_cents: AudCents(2_000),
        failure: None,
        repair_until: None,
        ..unpaid()
    };
    let fee = card(fee).await;
    in_order(
        &fee,
        &[
            "$30",
            "fee for cancelling late",
            "No card is kept that may be charged for it.",
            "Nothing more is charged by itself.",
            "let the fee go beside the visit in the calendar",
            "$20 of this booking was taken before.",
        ],
    );
    let higher = HigherPrice {
        asked_cents: None,
        agreed_cents: Some(AudCents(12_000)),
        reason: None,
        uncollected_cents: AudCents(1_000),
    };
    let balance = UnpaidPayment {
        purpose: IntentPurpose::Balance,
        owed_cents: AudCents(1_000),
        paid_cents: AudCents(11_000),
        higher: Some(higher),
        ..unpaid()
    };
    let balance = card(balance).await;
    in_order(
        &balance,
        &[
            "$10",
            "of a higher price",
            "The patient agreed to $120 in all.",
            "aria-expanded=\"false\"",
            "Ask once more",
        ],
    );
}

fn refund(number: u128, status: RefundStatus, reason: RefundReason) -> PatientRefund {
    PatientRefund {
        refund_id: RefundId(Uuid::from_u128(number)),
        amount_cents: AudCents(5_500),
        reason,
        status,
        created_at: as_of(),
    }
}

#[tokio::test]
async fn each_refund_says_how_much_when_why_and_where_it_is() {
    let page = |refunds| html::<RefundsView>(move || RefundsViewProps { refunds });
    assert!(page(Vec::new()).await.contains("Nothing went back, and nothing is on its way."));
    let some = page(vec![
        refund(1, RefundStatus::Sent, RefundReason::Cancelled),
        refund(2, RefundStatus::Succeeded, RefundReason::FeeWaived),
    ])
    .await;
    in_order(
        &some,
        &[
            "$55",
            "on its way to your card",
            "Monday 23 November 2026, 9:00 am Sydney time",
            "Why: the appointment was cancelled in time, or moved.",
            "sent to your card",
            "Why: you do not owe the fee.",
        ],
    );
    assert!(!some.contains("ask the practice"), "{some}");
}

#[tokio::test]
async fn a_refund_that_did_not_arrive_sends_to_the_practice() {
    let page = html::<RefundsView>(|| RefundsViewProps {
        refunds: vec![refund(1, RefundStatus::Failed, RefundReason::NotGiven)],
    })
    .await;
    in_order(
        &page,
        &["not taken by your bank", "$55 did not reach you", "ask the practice to pay it in another way"],
    );
}

#[tokio::test]
async fn what_became_of_a_fee_is_told_beside_the_calendar() {
    let fee = |charged, owed| FeeStanding {
        booking_id: BookingId(Uuid::from_u128(8)),
        charged_cents: AudCents(charged),
        taken_at: (charged > 0).then(|| at("2026-11-21T00:00:00Z")),
        owed_cents: AudCents(owed),
        charged_at: None,
        repair_until: None,
    };
    let page = |fee| html::<FeeMoneyView>(move || FeeMoneyViewProps { organization_id: practice(), fee });
    let money = format!("href=\"/practice/{}/money", Uuid::from_u128(9));
    let charged = page(fee(5_000, 0)).await;
    in_order(
        &charged,
        &["$50 of it was charged", &format!("{money}?day=2026-11-21\""), "See it among your transactions"],
    );
    assert!(!charged.contains("is owed"), "{charged}");
    let declined = FeeStanding { repair_until: Some(at("2026-11-23T22:00:00Z")), ..fee(2_000, 3_000) };
    in_order(
        &page(declined).await,
        &[
            "$20 of it was charged",
            "$30 of it is owed.",
            "they can give another one until",
            &format!("{money}/unpaid\""),
        ],
    );
    let planned = FeeStanding { charged_at: Some(at("2026-11-23T22:00:00Z")), ..fee(0, 5_000) };
    in_order(
        &page(planned).await,
        &["$50 of it is owed.", "The patient’s card is charged", "Tuesday 24 November"],
    );
    assert!(page(fee(0, 5_000)).await.contains("Otherwise nothing more is charged by itself."));
    assert!(page(fee(0, 0)).await.contains("no card will be."));
}

#[tokio::test]
async fn the_days_of_a_list_are_two_fields_that_have_the_last_ninety() {
    let page = html::<DaysFields>(|| DaysFieldsProps {
        opened: DaysForm::open("", date(2026, 11, 26)),
        on_days: Callback::noop(),
    })
    .await;
    in_order(
        &page,
        &[
            "First day",
            "value=\"2026-08-29\"",
            "type=\"date\"",
            "Last day",
            "value=\"2026-11-26\"",
            "Show these days",
        ],
    );
    assert!(!page.contains("aria-invalid"), "{page}");
}

fn statement(sums: Vec<(PostingCause, AudCents)>) -> Statement {
    Statement {
        from: date(2026, 11, 1),
        until: date(2026, 12, 1),
        opening_cents: AudCents(100_000),
        sums,
        closing_cents: AudCents(-500),
    }
}

#[tokio::test]
async fn a_practices_statement_has_the_balance_before_each_sum_and_the_balance_after() {
    let page = |sums, today| {
        html::<StatementView>(move || StatementViewProps {
            name: "Wattle Lane Physio".into(),
            statement: Rc::new(statement(sums)),
            today,
        })
    };
    let sums = vec![(PostingCause::Capture, AudCents(10_450)), (PostingCause::Payout, AudCents(-110_950))];
    let over = page(sums.clone(), date(2026, 12, 1)).await;
    in_order(
        &over,
        &[
            "Wattle Lane Physio: November 2026",
            "At the beginning of the month",
            "$1000<",
            "Payment",
            "$104.50",
            "Paid out to your bank",
            "-$1109.50",
            "At the end of the month",
            "-$5<",
            "Print",
        ],
    );
    assert!(!over.contains("This month is not over") && !over.contains("Nothing happened"), "{over}");
    let open = page(sums, date(2026, 11, 30)).await;
    assert!(open.contains("This month is not over: its amounts can still change."), "{open}");
    assert!(page(Vec::new(), date(2026, 12, 1)).await.contains("Nothing happened in this month."));
}

#[tokio::test]
async fn a_month_is_chosen_from_seven_years() {
    let page = html::<MonthChoice>(|| MonthChoiceProps {
        month: date(2026, 10, 1),
        today: date(2026, 11, 26),
        on_month: Callback::noop(),
    })
    .await;
    in_order(&page, &["Month", "November 2026", "October 2026", "December 2019"]);
    assert_eq!(page.matches("<option").count(), 84, "{page}");
    assert_eq!(page.matches(" selected").count(), 1, "{page}");
}

#[tokio::test]
async fn the_platforms_statement_has_each_account_before_and_after() {
    let page = |balances, sums| {
        html::<PlatformStatementView>(move || PlatformStatementViewProps {
            statement: Rc::new(PlatformStatement {
                from: date(2026, 11, 1),
                until: date(2026, 12, 1),
                balances,
                sums,
            }),
            today: date(2026, 12, 1),
        })
    };
    let balances = vec![
        (AccountKind::Processor, AudCents(11_000), AudCents(22_000)),
        (AccountKind::PracticeBalance, AudCents(-10_450), AudCents(-20_900)),
    ];
    let full = page(balances, vec![(PostingCause::Capture, AudCents(11_000))]).await;
    in_order(
        &full,
        &[
            "HelloMapper: November 2026",
            "Money at the card processor",
            "$110",
            "$220",
            "Owed to practices",
            "-$104.50",
            "-$209",
            "What happened, by the debits of each kind",
            "Payment",
            "$110",
            "Print",
        ],
    );
    assert!(page(Vec::new(), Vec::new()).await.contains("Nothing happened in this month."));
}
