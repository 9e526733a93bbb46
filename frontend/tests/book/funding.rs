//! Who pays for what, the numbers by which a practice claims, and what administrators see of the schedule.

use std::rc::Rc;

use frontend::pages::{
    admin::{
        chargebacks::{EvidenceForm, EvidenceFormProps, SendStep, SendStepProps},
        mbs_loads::{LoadList, LoadListProps},
    },
    practice_desk::{
        claims::{ClaimSums, ClaimSumsProps},
        money::{
            ask_form::{AskForm, AskFormProps},
            bulk_bill_instead::{BulkBillForm, BulkBillFormProps, BulkBillInstead, BulkBillInsteadProps},
            chargebacks::{ChargebackList, ChargebackListProps},
            funding_form::{FundingEditor, FundingEditorProps},
            higher_price::{HigherPriceView, HigherPriceViewProps},
            medicare::{OfPractice, OfPracticeProps, RoleForm, RoleFormProps},
        },
    },
};
use shared_types::{
    AppointmentTypeId, AudCents, ChargebackId, MbsLoadId, OrganizationId, PaymentId, PractitionerRoleId,
    payments::{
        ChargebackStatus,
        claim::{ClaimStatus, ClaimTotals, MedicareSetup, RoleSetup, STANDING},
        funding::{Cohort, Funding, FundingMode, FundingRule, MbsLoad, MbsLoadStatus},
        platform::{Chargeback, ChargebackCase, Evidence},
        practice::{BulkBillStatus, HigherPrice, ToBulkBilling},
        quote::{Collection, TaxCode},
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{Canned, as_of, at, get, site},
};

#[tokio::test]
async fn pages_of_money_are_sent_empty_and_are_neither_kept_nor_indexed() {
    for (path, heading) in [
        ("/practice/ID/money", "Transactions"),
        ("/practice/ID/money/unpaid", "Not paid"),
        ("/practice/ID/money/statements", "Statements"),
        ("/practice/ID/money/payouts", "Payouts"),
        ("/practice/ID/money/chargebacks", "Chargebacks"),
        ("/practice/ID/money/invoices", "Invoices"),
        ("/practice/ID/money/funding", "Who pays"),
        ("/practice/ID/money/medicare", "Medicare numbers"),
        ("/practice/ID/money/account", "Account and fees"),
        ("/admin/listings", "Listings"),
        ("/admin/reviews", "Appointments to look at"),
        ("/admin/mistakes", "Mistakes to agree on"),
        ("/admin/payments", "Find a payment"),
        ("/admin/payments/ID", "A payment"),
        ("/admin/refunds", "Refunds"),
        ("/admin/chargebacks", "Chargebacks"),
        ("/admin/payout-holds", "Payouts that are held"),
        ("/admin/reconciliations", "Comparing with the card processor"),
        ("/admin/reconciliations/ID", "One comparison with the card processor"),
        ("/admin/statements", "Statements"),
        ("/admin/mbs-loads", "Medicare Benefits Schedule"),
        ("/admin/messages", "Messages that did not arrive"),
        ("/admin/previews", "What our messages say"),
    ] {
        let path = path.replace("ID", &practice().to_string());
        let page = get(&site(Canned::new()), &path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.has("aria-busy=\"true\"");
        page.says("This page needs JavaScript");
        page.lacks("<form");
    }
}

fn practice() -> OrganizationId {
    OrganizationId(Uuid::from_u128(9))
}

fn private() -> FundingRule {
    FundingRule {
        cohort: Cohort::Anyone,
        mode: FundingMode::Private,
        item_numbers: vec!["23".to_owned()],
        fee_cents: AudCents(9_550),
        collection: Collection::Deposit,
        deposit_cents: AudCents(2_000),
        no_show_fee_cents: AudCents(5_000),
        tax_code: TaxCode::FreeMedical,
    }
}

fn bulk_billed() -> FundingRule {
    FundingRule {
        cohort: Cohort::Medicare,
        mode: FundingMode::BulkBilled,
        item_numbers: vec!["23".to_owned(), "10990".to_owned()],
        fee_cents: AudCents::ZERO,
        collection: Collection::AtPractice,
        deposit_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents::ZERO,
        tax_code: TaxCode::FreeMedical,
    }
}

async fn editor(rules: Vec<FundingRule>) -> String {
    let funding = Funding {
        appointment_type_id: AppointmentTypeId(Uuid::from_u128(5)),
        rules,
        no_item: None,
        version: 2,
    };
    html::<FundingEditor>(move || FundingEditorProps {
        organization_id: practice(),
        me: None,
        funding: Rc::new(funding),
        on_saved: Callback::noop(),
        on_again: Callback::noop(),
        on_leave: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_rule_says_for_whom_who_pays_and_how_much() {
    in_order(
        &editor(vec![private()]).await,
        &[
            "<legend>Everybody else</legend>",
            "For whom",
            "Who pays",
            "value=\"23\"",
            "23: looking it up…",
            "value=\"95.50\"",
            "How it is collected",
            "Deposit in dollars",
            "value=\"20\"",
            "Fee for not coming, in dollars",
            "value=\"50\"",
            "Remove this rule",
            "Add a rule for other patients",
            "Save",
        ],
    );
}

#[tokio::test]
async fn what_is_bulk_billed_has_no_field_for_money() {
    let page = editor(vec![bulk_billed()]).await;
    in_order(
        &page,
        &["23, 10990", "10990: looking it up…", "23: looking it up…", "The patient pays nothing"],
    );
    for field in ["in dollars", "How it is collected", "GST"] {
        assert!(!page.contains(field), "{field}: {page}");
    }
}

#[tokio::test]
async fn without_rules_the_form_says_what_holds_and_with_all_of_them_there_is_no_further_one() {
    let none = editor(Vec::new()).await;
    in_order(&none, &["every patient pays the price of the appointment type", "Add a rule"]);
    let all = Cohort::ALL.map(|cohort| FundingRule { cohort, ..bulk_billed() });
    let all = editor(all.to_vec()).await;
    assert!(!all.contains("Add a rule"), "{all}");
    assert_eq!(all.matches("<legend>").count(), 5, "{all}");
}

#[tokio::test]
async fn what_is_no_item_is_said_before_it_is_sent() {
    let page = editor(vec![FundingRule { item_numbers: vec!["23b".to_owned()], ..bulk_billed() }]).await;
    in_order(&page, &["23b: an item has up to five digits."]);
}

#[tokio::test]
async fn a_practice_reads_how_far_claiming_was_tested_where_its_numbers_are() {
    let setup = |location_id| MedicareSetup { location_id, standing: STANDING.to_owned(), version: 1 };
    let page = |setup| {
        html::<OfPractice>(move || OfPracticeProps {
            organization_id: practice(),
            setup: Rc::new(setup),
            on_kept: Callback::noop(),
        })
    };
    let known = page(setup(Some("ABC00001".to_owned()))).await;
    in_order(&known, &["Not certified by Services Australia.", "Location id", "value=\"ABC00001\"", "Keep"]);
    assert!(page(setup(None)).await.contains("Claims wait until it is here."));
}

#[tokio::test]
async fn a_practitioners_numbers_are_those_of_one_place() {
    let setup = |provider_number, modified_monash| RoleSetup {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(3)),
        provider_number,
        modified_monash,
        version: 1,
    };
    let page = |setup| {
        html::<RoleForm>(move || RoleFormProps {
            organization_id: practice(),
            setup: Rc::new(setup),
            on_kept: Callback::noop(),
        })
    };
    let known = page(setup(Some("2447781L".to_owned()), Some(5))).await;
    in_order(&known, &["value=\"2447781L\"", "Modified Monash area", "5: small rural town", "Keep"]);
    assert!(!known.contains("Choose the area"), "{known}");
    let unknown = page(setup(None, None)).await;
    in_order(&unknown, &["For this place, such as 2447781L.", "Choose the area", "1: metropolitan"]);
}

#[tokio::test]
async fn a_practice_sees_what_its_patients_banks_ask_and_until_when() {
    let chargeback = |number, status| Chargeback {
        chargeback_id: ChargebackId(Uuid::from_u128(number)),
        payment_id: PaymentId(Uuid::from_u128(7)),
        organization_id: Some(practice()),
        amount_cents: AudCents(9_550),
        reason: "product_not_received".to_owned(),
        status,
        evidence_due_at: Some(at("2026-12-04T00:00:00Z")),
        opened_at: as_of(),
    };
    let page = |items| html::<ChargebackList>(move || ChargebackListProps { items });
    let open = page(vec![chargeback(1, ChargebackStatus::NeedsResponse)]).await;
    in_order(
        &open,
        &["$95.50", "The bank waits for evidence", "product not received", "The bank takes evidence until"],
    );
    let lost = page(vec![chargeback(1, ChargebackStatus::Lost)]).await;
    assert!(lost.contains("Decided for the cardholder") && !lost.contains("evidence until"), "{lost}");
    assert!(page(Vec::new()).await.contains("No bank has asked for money back."));
}

#[tokio::test]
async fn a_practice_asks_for_the_whole_new_price_and_says_why_and_the_patient_decides() {
    let page = html::<AskForm>(|| AskFormProps {
        organization_id: practice(),
        payment_id: PaymentId(Uuid::from_u128(7)),
        paid: AudCents(9_550),
    })
    .await;
    in_order(
        &page,
        &[
            "The patient gets a letter and decides.",
            "The whole new price, in dollars",
            "With the $95.50 of this payment in it.",
            "Why",
            "The patient reads it beside the new price",
            "300 letters left",
            "Ask the patient",
        ],
    );
}

#[tokio::test]
async fn a_practice_reads_beside_a_payment_what_it_asked_for_and_what_no_card_is_charged() {
    let asked = HigherPrice {
        asked_cents: Some(AudCents(12_000)),
        agreed_cents: None,
        reason: Some("It took an hour longer.".to_owned().into()),
        uncollected_cents: AudCents::ZERO,
    };
    let page = |higher| html::<HigherPriceView>(move || HigherPriceViewProps { higher });
    let waits = page(asked.clone()).await;
    in_order(
        &waits,
        &[
            "You asked for $120 in all. The patient has not agreed yet.",
            "Your reason: “It took an hour longer.”",
        ],
    );
    assert!(!waits.contains("agreed to $120") && !waits.contains("not charged"), "{waits}");
    let agreed = HigherPrice {
        asked_cents: None,
        agreed_cents: Some(AudCents(12_000)),
        uncollected_cents: AudCents(1_000),
        ..asked
    };
    let agreed = page(agreed).await;
    in_order(
        &agreed,
        &[
            "The patient agreed to $120 in all.",
            "It took an hour longer.",
            "$10 of it is not charged",
            "or settle it with the patient.",
        ],
    );
    assert!(!agreed.contains("has not agreed yet"), "{agreed}");
}

#[tokio::test]
async fn a_practice_reads_what_bulk_billing_instead_means_before_it_begins() {
    let form = |gives_back_cents| {
        html::<BulkBillForm>(move || BulkBillFormProps {
            organization_id: practice(),
            payment_id: PaymentId(Uuid::from_u128(7)),
            gives_back_cents,
            on_begun: Callback::noop(),
        })
    };
    in_order(
        &form(AudCents(11_000)).await,
        &[
            "$110 goes back to the patient first",
            "Then the visit is bulk billed.",
            "owes nothing for it, nor for cancelling late or not coming",
            "If the money cannot be given back, the visit stays as it is.",
            "Give $110 back and bulk bill",
        ],
    );
    let nothing = form(AudCents::ZERO).await;
    in_order(
        &nothing,
        &["what is held or planned is let go", "Then the visit is bulk billed.", "Bulk bill this visit"],
    );
    assert!(!nothing.contains("goes back"), "{nothing}");
}

#[tokio::test]
async fn how_far_a_visit_is_on_its_way_to_bulk_billing_stands_beside_its_payment() {
    let beside = |status| {
        html::<BulkBillInstead>(move || BulkBillInsteadProps {
            organization_id: practice(),
            payment_id: PaymentId(Uuid::from_u128(7)),
            standing: ToBulkBilling { status, gives_back_cents: AudCents(11_000) },
            on_changed: Callback::noop(),
        })
    };
    let offer = "Bulk bill this visit instead";
    let possible = beside(BulkBillStatus::Possible).await;
    assert!(possible.contains(offer) && !possible.contains("could not"), "{possible}");
    in_order(
        &beside(BulkBillStatus::NotRefunded).await,
        &["The visit could not be bulk billed", "is charged for as before", offer],
    );
    let under_way = beside(BulkBillStatus::UnderWay).await;
    in_order(
        &under_way,
        &[
            "This visit is being bulk billed",
            "What was paid goes back first, and what is held or planned is let go.",
            "Look again",
        ],
    );
    let done = beside(BulkBillStatus::Done).await;
    in_order(&done, &["This visit is bulk billed: what was paid is back", "/claims", "See your claims"]);
    for no_more in [under_way, done] {
        assert!(!no_more.contains(offer), "{no_more}");
    }
}

#[tokio::test]
async fn evidence_is_not_sent_by_one_press() {
    let case = ChargebackCase {
        chargeback: Chargeback {
            chargeback_id: ChargebackId(Uuid::from_u128(1)),
            payment_id: PaymentId(Uuid::from_u128(7)),
            organization_id: Some(practice()),
            amount_cents: AudCents(9_550),
            reason: "product_not_received".to_owned(),
            status: ChargebackStatus::NeedsResponse,
            evidence_due_at: Some(at("2026-12-04T00:00:00Z")),
            opened_at: as_of(),
        },
        evidence: Evidence { policy: Some("Free until 24 hours before.".to_owned()), ..Evidence::default() },
        known: Evidence::default(),
        version: 3,
        submitted_at: None,
    };
    let props = move || EvidenceFormProps { case: Rc::new(case), on_changed: Callback::noop() };
    let form = html::<EvidenceForm>(props).await;
    in_order(
        &form,
        &["Free until 24 hours before.", "Keep", "aria-expanded=\"false\"", "It can be sent once."],
    );
    assert!(!form.contains("Send it now"), "{form}");
    let step = |is_kept| {
        html::<SendStep>(move || SendStepProps {
            is_kept,
            busy: false,
            on_send: Callback::noop(),
            on_back: Callback::noop(),
        })
    };
    let kept = step(true).await;
    in_order(&kept, &["This cannot be taken back", "Send it now", "Do not send it"]);
    assert!(!kept.contains("is not kept") && !kept.contains("disabled"), "{kept}");
    in_order(&step(false).await, &["What you changed is not kept", "disabled", "Send it now"]);
}

#[tokio::test]
async fn an_administrator_sees_which_schedule_is_in_force_and_what_it_changed() {
    let load = MbsLoad {
        mbs_load_id: MbsLoadId(Uuid::from_u128(1)),
        file_name: "MBS-XML-20261101.xml".to_owned(),
        sha256: "0f".repeat(32),
        loaded_at: as_of(),
        status: MbsLoadStatus::Applied,
        items: 5_989,
        added: 12,
        changed: 34,
        ended: 5,
    };
    let page = html::<LoadList>(move || LoadListProps { items: vec![load] }).await;
    in_order(
        &page,
        &["MBS-XML-20261101.xml", "In force", "5989 items: 12 new, 34 changed, 5 ended.", "SHA-256 0f0f"],
    );
    let none = html::<LoadList>(|| LoadListProps { items: Vec::new() }).await;
    assert!(none.contains("No schedule was read yet"), "{none}");
}

#[tokio::test]
async fn claims_are_added_up_by_where_they_stand() {
    let totals = |ending_soon| ClaimTotals {
        by_status: vec![
            (ClaimStatus::Ready, 3, AudCents(13_170)),
            (ClaimStatus::Submitted, 1, AudCents(4_390)),
        ],
        ending_soon,
        lapsed: ending_soon / 2,
        visits_ending_soon: ending_soon,
        visits_lapsed: ending_soon,
        stopped: ending_soon / 2,
        due_cents: AudCents(4_390),
    };
    let page = |totals| html::<ClaimSums>(move || ClaimSumsProps { totals: Rc::new(totals) });
    in_order(
        &page(totals(2)).await,
        &[
            "Medicare owes $43.90",
            "2 claims have to be lodged within thirty days.",
            "2 visits on no claim have to be claimed within thirty days.",
            "One claim has lapsed",
            "2 visits on no claim have lapsed",
            "One claim has no report any more: check with Medicare",
            "$131.70",
            "$43.90",
        ],
    );
    let quiet = page(totals(0)).await;
    assert!(
        !quiet.contains("thirty days") && !quiet.contains("lapsed") && !quiet.contains("report any"),
        "{quiet}"
    );
    let none = ClaimTotals { by_status: Vec::new(), due_cents: AudCents::ZERO, ..totals(0) };
    let none = page(none).await;
    assert!(none.contains("Nothing was claimed yet.") && !none.contains("<table"), "{none}");
}
