//! Medicare's payment runs, their claims, and what was taken back out of them, as a practice's staff see them.

use frontend::pages::practice_desk::claims::{
    OffsetForm, OffsetFormProps, RunList, RunListProps, RunParts, RunPartsProps,
};
use jiff::civil::date;
use shared_types::{
    AudCents, ClaimId, MedicarePaymentId, OrganizationId,
    payments::claim::{
        BenefitReturned, ClaimInRun, ClaimStatus, MedicareRun, ReturnWay, RunPart, RunPartKind,
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    claims::{claim, page},
    parts::{html, in_order},
    support::as_of,
};

const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(9));

async fn runs(items: Vec<MedicareRun>) -> String {
    html::<RunList>(move || RunListProps { items, organization_id: PRACTICE, version: 0 }).await
}

fn run(number: u128, deposit: i64, matched: i64) -> MedicareRun {
    MedicareRun {
        medicare_payment_id: MedicarePaymentId(Uuid::from_u128(number)),
        run_date: date(2026, 11, 22),
        run_number: format!("000{number}"),
        deposit_cents: AudCents(deposit),
        masked_account: None,
        matched_cents: AudCents(matched),
        unmatched_cents: AudCents(deposit - matched),
        offset_cents: AudCents::ZERO,
        reconciled_at: None,
    }
}

#[tokio::test]
async fn a_payment_run_says_how_much_of_it_is_matched_and_what_is_to_be_looked_into() {
    let part = run(8, 10_000, 4_390);
    let whole = MedicareRun {
        run_date: date(2026, 11, 20),
        masked_account: Some("***123".to_owned()),
        reconciled_at: Some(as_of()),
        ..run(7, 4_390, 4_390)
    };
    in_order(
        &runs(vec![part, whole.clone()]).await,
        &[
            "Compare it with the practice’s bank statement.",
            "Sunday 22 November 2026",
            "0008",
            "$100",
            "$43.90",
            "$56.10",
            "To look into",
            "aria-expanded=\"false\"",
            "Show claims",
            " of run 0008 of Sunday 22 November 2026",
            "Friday 20 November 2026",
            "0007 to ***123",
            "$43.90",
            "$43.90",
            "$0",
            "All of it matched on",
        ],
    );
    let all = runs(vec![whole]).await;
    assert!(!all.contains("To look into") && !all.contains("bank statement"), "{all}");
    assert!(runs(Vec::new()).await.contains("Medicare’s reports name no payment yet."));
}

#[tokio::test]
async fn a_run_that_brings_less_than_its_claims_says_why_that_can_be() {
    let short = run(8, 3_635, 4_390);
    in_order(
        &runs(vec![short]).await,
        &["A run can bring less than its claims", "$36.35", "$43.90", "-$7.55", "To look into"],
    );
}

fn part(number: u128, kind: RunPartKind, claimed: i64, amount: i64) -> RunPart {
    RunPart {
        claim_id: ClaimId(Uuid::from_u128(number)),
        medicare_claim_id: Some(format!("A000{number}@")),
        patient_name: Some("Ada Nguyen".to_owned().into()),
        service_date: date(2026, 11, 20),
        kind,
        claimed_cents: AudCents(claimed),
        amount_cents: AudCents(amount),
    }
}

async fn parts(run: MedicareRun, items: Vec<RunPart>) -> String {
    html::<RunParts>(move || RunPartsProps { run, items, organization_id: PRACTICE }).await
}

#[tokio::test]
async fn the_claims_of_a_run_say_what_was_paid_of_what_was_claimed_and_lead_to_the_claim() {
    let items = vec![
        part(1, RunPartKind::Paid, 4_390, 4_390),
        part(2, RunPartKind::Paid, 5_145, 4_390),
        part(3, RunPartKind::Paid, 4_390, 4_395),
        part(4, RunPartKind::Offset, 4_390, -755),
    ];
    let run = MedicareRun { offset_cents: AudCents(755), ..run(8, 12_420, 12_420) };
    let link = format!("href=\"/practice/{PRACTICE}/claims?claim={}\"", Uuid::from_u128(1));
    in_order(
        &parts(run, items).await,
        &[
            &link,
            "Ada Nguyen, Friday 20 November 2026",
            "Claim A0001@. Paid $43.90, as claimed.",
            "Claim A0002@. Paid $43.90 of $51.45 claimed: $7.55 less than claimed.",
            "Claim A0003@. Paid $43.95 for $43.90 claimed: $0.05 more than claimed.",
            "Claim A0004@. Medicare took back $7.55 that an earlier run had paid.",
            "claims come to $131.75, less $7.55 taken back: $124.20. The deposit is $124.20.",
            "The two agree to the cent.",
        ],
    );
}

#[tokio::test]
async fn what_of_a_run_differs_is_said_in_plain_words() {
    let one = || vec![part(1, RunPartKind::Paid, 4_390, 4_390)];
    for (run, items, words) in [
        (run(8, 10_000, 4_390), one(), "$56.10 of the deposit is of no claim here"),
        (run(8, 3_635, 4_390), one(), "The deposit is $7.55 lower than its claims"),
        (run(8, 4_390, 4_390), one(), "The two agree to the cent."),
        (run(8, 100, 0), Vec::new(), "No claim that was lodged here is known of this run."),
        (run(8, 4_390, 4_390), Vec::new(), "before we kept which claims a run pays"),
    ] {
        let shown = parts(run, items).await;
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn a_paid_claim_names_its_runs_and_what_was_taken_back_can_be_recorded() {
    let mut paid = claim(1, ClaimStatus::Reconciled);
    assert!(!page(vec![paid.clone()]).await.contains("Medicare took it back"), "nothing is paid");
    (paid.benefit_cents, paid.paid_cents) = (AudCents(3_635), AudCents(3_635));
    let in_run = |number, day, kind, cents| ClaimInRun {
        medicare_payment_id: MedicarePaymentId(Uuid::from_u128(number)),
        run_date: date(2026, 11, day),
        run_number: format!("000{number}"),
        kind,
        amount_cents: AudCents(cents),
    };
    paid.runs = vec![in_run(7, 20, RunPartKind::Paid, 4_390), in_run(8, 22, RunPartKind::Offset, -755)];
    in_order(
        &page(vec![paid.clone()]).await,
        &[
            "Claimed $43.90, paid $36.35",
            "$43.90 paid in run 0007 of Friday 20 November 2026",
            "$7.55 taken back out of run 0008 of Sunday 22 November 2026",
            "aria-expanded=\"false\"",
            "Medicare took it back",
        ],
    );
    // Half of it was taken back before it became known that the visit was none, then the other half.
    (paid.status, paid.benefit_cents, paid.paid_cents) =
        (ClaimStatus::Adjusted, AudCents::ZERO, AudCents::ZERO);
    paid.returned = Some(BenefitReturned {
        way: ReturnWay::TakenByMedicare,
        returned_on: date(2026, 11, 24),
        amount_cents: AudCents(2_195),
        reason: None,
    });
    paid.runs[1].amount_cents = AudCents(-2_195);
    assert!(
        page(vec![paid.clone()]).await.contains("Medicare took it back<"),
        "the other half is in no run yet"
    );
    paid.runs.push(in_run(9, 24, RunPartKind::Offset, -2_195));
    assert!(!page(vec![paid]).await.contains("Medicare took it back<"), "all of it is found");
}

async fn form(later: Vec<MedicareRun>) -> String {
    let claim = claim(1, ClaimStatus::Reconciled);
    let most = AudCents(4_390);
    html::<OffsetForm>(move || OffsetFormProps {
        claim,
        most,
        later,
        organization_id: PRACTICE,
        on_changed: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn it_is_recorded_out_of_which_run_and_how_much_and_not_where_there_is_none() {
    in_order(
        &form(vec![run(8, 3_635, 4_390)]).await,
        &[
            "record here what its own notice says",
            "Out of which payment run",
            "Run 0008 of Sunday 22 November 2026, $36.35",
            "How much, in dollars",
            "value=\"43.90\"",
            "Record that it was taken back",
        ],
    );
    let none = form(Vec::new()).await;
    assert!(none.contains("There is no later payment run yet") && !none.contains("<button"), "{none}");
}
