//! Claims, as a practice's staff see them.

use std::rc::Rc;

use frontend::pages::practice_desk::claims::{
    ClaimList, ClaimListProps, OutcomeForm, OutcomeFormProps, VisitList, VisitListProps,
};
use jiff::civil::date;
use shared_types::{
    AudCents, BookingId, ClaimId, ClaimServiceId, OrganizationId,
    payments::claim::{
        BenefitReturned, Claim, ClaimCase, ClaimReason, ClaimService, ClaimStatus, NoVisit, ReportStopped,
        ReturnWay, ServiceOutcome, ServiceType, UnclaimedVisit,
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::as_of,
};

pub fn claim(number: u128, status: ClaimStatus) -> Claim {
    Claim {
        claim_id: ClaimId(Uuid::from_u128(number)),
        booking_id: BookingId(Uuid::from_u128(number)),
        status,
        medicare_claim_id: None,
        patient_name: Some("Ada Nguyen".to_owned().into()),
        professional_name: "Priya Nairwood".to_owned(),
        service_date: date(2026, 11, 20),
        claimed_cents: AudCents(4_390),
        benefit_cents: AudCents::ZERO,
        paid_cents: AudCents::ZERO,
        lodge_until: date(2027, 11, 20),
        lapsed: false,
        stopped: None,
        reasons: Vec::new(),
        has_unpaid: matches!(status, ClaimStatus::AssessedPart | ClaimStatus::AssessedRejected),
        relodged_as: None,
        no_visit: None,
        owed_back: false,
        returned: None,
        runs: Vec::new(),
        version: 1,
        updated_at: as_of(),
    }
}

pub async fn page(items: Vec<Claim>) -> String {
    let organization_id = OrganizationId(Uuid::from_u128(9));
    html::<ClaimList>(move || ClaimListProps { items, organization_id, on_changed: Callback::noop() }).await
}

#[tokio::test]
async fn a_refused_claim_says_why_in_plain_words_and_can_be_put_right() {
    let mut refused = claim(1, ClaimStatus::Refused);
    refused.reasons.push(ClaimReason {
        code: "9628".to_owned(),
        words: "The referral is missing.".to_owned(),
        remedy: Some("Enter the referral, or why there is none.".to_owned()),
    });
    in_order(
        &page(vec![refused]).await,
        &[
            "Ada Nguyen, Friday 20 November 2026",
            "Refused: put it right",
            "Claimed $43.90",
            "To be lodged until Saturday 20 November 2027.",
            "The referral is missing.",
            "Enter the referral, or why there is none.",
            "code 9628",
            "Put right",
            "Take this claim back",
        ],
    );
}

#[tokio::test]
async fn what_can_be_done_depends_on_where_a_claim_stands() {
    let ready = page(vec![claim(1, ClaimStatus::Ready)]).await;
    assert!(ready.contains("Lodge with Medicare"), "{ready}");
    let sent = page(vec![claim(1, ClaimStatus::Submitted)]).await;
    assert!(!sent.contains("<button"), "{sent}");
    let rejected = page(vec![claim(1, ClaimStatus::AssessedRejected)]).await;
    assert!(rejected.contains("Claim again") && !rejected.contains("Take it back"), "{rejected}");
    let mut paid_less = claim(1, ClaimStatus::Reconciled);
    (paid_less.benefit_cents, paid_less.paid_cents) = (AudCents(4_000), AudCents(4_000));
    let shown = page(vec![paid_less]).await;
    assert!(!shown.contains("Claim again"), "each service was paid, though for less: {shown}");
    let taken_back = Claim { has_unpaid: true, ..claim(1, ClaimStatus::Adjusted) };
    let shown = page(vec![taken_back]).await;
    assert!(shown.contains("Claim again"), "{shown}");
}

#[tokio::test]
async fn what_was_claimed_again_is_not_claimed_once_more_and_shows_the_newer_claim() {
    let newer = claim(2, ClaimStatus::Ready);
    let mut rejected = claim(1, ClaimStatus::AssessedRejected);
    rejected.relodged_as = Some(newer.claim_id);
    let both = page(vec![rejected.clone(), newer.clone()]).await;
    let (link, target) =
        (format!("href=\"#claim-{}\"", newer.claim_id), format!("id=\"claim-{}\"", newer.claim_id));
    in_order(&both, &["Not paid", &link, "the newer claim", &target, "Ready to lodge"]);
    let alone = page(vec![rejected]).await;
    assert!(alone.contains("stands behind it among all of them"), "{alone}");
    assert!(!alone.contains("Claim again") && !alone.contains("href="), "{alone}");
}

#[tokio::test]
async fn a_claim_for_a_visit_that_never_was_one_says_whom_to_ask_and_is_not_claimed_again() {
    let mut wrong = claim(1, ClaimStatus::AssessedPart);
    let once_more = page(vec![wrong.clone()]).await;
    assert!(once_more.contains("Claim again") && !once_more.contains("entered in error"), "{once_more}");
    for (why, words) in [
        (NoVisit::EnteredInError, "This visit was marked as entered in error"),
        (NoVisit::CalledOff, "This visit was called off"),
        (NoVisit::NoShow, "The patient did not come to this visit"),
        (NoVisit::PractitionerAbsent, "The practitioner did not come to this visit"),
    ] {
        (wrong.no_visit, wrong.owed_back) = (Some(why), true);
        let shown = page(vec![wrong.clone()]).await;
        in_order(
            &shown,
            &["Accepted in part, payment to come", words, "Ask Services Australia to take it back"],
        );
        assert!(!shown.contains("Claim again"), "{shown}");
        assert!(!shown.contains("The benefit went back"), "Medicare has paid nothing yet: {shown}");
    }
}

#[tokio::test]
async fn that_a_benefit_went_back_can_be_said_once_it_was_paid_and_is_shown_then() {
    let mut paid = claim(1, ClaimStatus::Reconciled);
    (paid.benefit_cents, paid.paid_cents) = (AudCents(4_390), AudCents(4_390));
    assert!(!page(vec![paid.clone()]).await.contains("The benefit went back"));
    (paid.no_visit, paid.owed_back) = (Some(NoVisit::PractitionerAbsent), true);
    in_order(
        &page(vec![paid.clone()]).await,
        &[
            "Ask Services Australia to take it back",
            "The benefit went back",
            "Medicare has taken the benefit back",
            "The practice paid it back",
            "type=\"date\"",
            "Reason",
            "Record that $43.90 went back",
        ],
    );
    let mut gone = claim(1, ClaimStatus::Adjusted);
    gone.no_visit = paid.no_visit;
    for (way, words) in [
        (ReturnWay::TakenByMedicare, "Medicare took $43.90 back on Saturday 28 November 2026."),
        (ReturnWay::PaidByPractice, "The practice paid $43.90 back on Saturday 28 November 2026."),
    ] {
        gone.returned = Some(BenefitReturned {
            way,
            returned_on: date(2026, 11, 28),
            amount_cents: AudCents(4_390),
            reason: Some("Letter of 27 November".to_owned().into()),
        });
        let shown = page(vec![gone.clone()]).await;
        in_order(&shown, &["Medicare changed what it pays", words, "Letter of 27 November"]);
        assert!(!shown.contains("Ask Services Australia"), "{shown}");
        // Out of which run Medicare took it can be said; what the practice paid is in none.
        let of_a_run = way == ReturnWay::TakenByMedicare;
        assert_eq!(shown.contains("<button"), of_a_run, "{shown}");
        assert_eq!(shown.contains("Medicare took it back<"), of_a_run, "{shown}");
    }
}

#[tokio::test]
async fn an_empty_queue_says_where_claims_come_from() {
    assert!(page(Vec::new()).await.contains("One is drafted when a bulk-billed visit is completed."));
}

async fn to_claim(items: Vec<UnclaimedVisit>) -> String {
    let organization_id = OrganizationId(Uuid::from_u128(9));
    html::<VisitList>(move || VisitListProps { items, organization_id, on_drafted: Callback::noop() }).await
}

fn visit() -> UnclaimedVisit {
    UnclaimedVisit {
        booking_id: BookingId(Uuid::from_u128(1)),
        patient_name: "Ada Nguyen".to_owned().into(),
        professional_name: "Priya Nairwood".to_owned(),
        service_name: "Standard consultation".to_owned(),
        service_date: date(2026, 11, 20),
        lodge_until: date(2027, 11, 20),
        lapsed: false,
    }
}

#[tokio::test]
async fn a_visit_that_is_on_no_claim_says_whose_and_which_it_is_and_can_be_drafted() {
    let visit = visit();
    let title = format!("visit-{}", visit.booking_id);
    in_order(
        &to_claim(vec![visit]).await,
        &[
            &format!("aria-labelledby=\"{title}\""),
            &format!("id=\"{title}\""),
            "Ada Nguyen, Friday 20 November 2026",
            "Standard consultation with Priya Nairwood",
            "To be lodged until Saturday 20 November 2027.",
            "aria-expanded=\"false\"",
            "Draft a claim",
            ": Ada Nguyen",
        ],
    );
}

#[tokio::test]
async fn when_nothing_is_to_be_claimed_that_is_said() {
    let none = to_claim(Vec::new()).await;
    assert!(none.contains("Every bulk-billed visit that can be claimed is on a claim."), "{none}");
    assert!(!none.contains("<button"), "{none}");
}

#[tokio::test]
async fn what_has_lapsed_is_shown_as_that_and_cannot_be_claimed() {
    let lapsed = UnclaimedVisit { lapsed: true, ..visit() };
    let shown = to_claim(vec![lapsed]).await;
    in_order(&shown, &["Ada Nguyen", "Lapsed: it could be claimed until Saturday 20 November 2027."]);
    assert!(!shown.contains("<button") && !shown.contains("To be lodged"), "{shown}");
    let lapsed = Claim { lapsed: true, ..claim(1, ClaimStatus::Ready) };
    let shown = page(vec![lapsed]).await;
    in_order(
        &shown,
        &[
            "Lapsed",
            "It could be lodged until Saturday 20 November 2027. Medicare takes it no more.",
            "Take this claim back",
        ],
    );
    for act in ["Lodge with Medicare", "Put right", "To be lodged", "Ask Medicare about the patient"] {
        assert!(!shown.contains(act), "{act}: {shown}");
    }
}

#[tokio::test]
async fn a_claim_of_which_no_report_comes_says_so_and_can_be_asked_about_again() {
    let medicare_claim_id = Some("A0001@".to_owned());
    let with_medicare = Claim { medicare_claim_id, ..claim(1, ClaimStatus::Submitted) };
    assert!(!page(vec![with_medicare.clone()]).await.contains("Check this claim"));
    for (why, words) in [
        (ReportStopped::Expired, "Medicare keeps its reports for six months"),
        (ReportStopped::NotAvailable, "Medicare says that there is no such report"),
        (ReportStopped::NotFound, "For four weeks Medicare has found no report"),
        (ReportStopped::Other, "We could not read what came of this claim"),
    ] {
        in_order(
            &page(vec![Claim { stopped: Some(why), ..with_medicare.clone() }]).await,
            &[
                "With Medicare",
                "Check this claim with Medicare",
                words,
                "Ask Services Australia what came of it under A0001@",
                "Ask for its report again",
                ": Ada Nguyen",
                "aria-expanded=\"false\"",
                "Record what Services Australia said",
                ": Ada Nguyen",
            ],
        );
    }
}

#[tokio::test]
async fn what_services_australia_said_of_it_is_recorded_service_by_service() {
    let service = |number: u128, item: &str, benefit_cents| ClaimService {
        claim_service_id: ClaimServiceId(Uuid::from_u128(number)),
        item_number: item.to_owned(),
        occurrence: 1,
        charge_cents: AudCents(4_390),
        incentive: false,
        outcome: ServiceOutcome::Pending,
        benefit_cents,
        reason: None,
    };
    let case = ClaimCase {
        claim: claim(1, ClaimStatus::Submitted),
        assignment_id: None,
        service_type: ServiceType::General,
        provider_number: "2447781L".to_owned(),
        payee_provider_number: None,
        referral: None,
        referral_override: None,
        services: vec![service(1, "23", None), service(2, "36", Some(AudCents(4_000)))],
        history: Vec::new(),
        relodges: None,
    };
    let form = html::<OutcomeForm>(move || OutcomeFormProps {
        case: Rc::new(case),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        on_changed: Callback::noop(),
    });
    in_order(
        &form.await,
        &[
            "What Services Australia said",
            "Medicare paid it",
            "Medicare had it and pays nothing",
            "Medicare never had it",
            "Number of the payment run",
            "Day of the run",
            "The whole run, in dollars",
            "Paid for item 23, in dollars",
            "Claimed: $43.90.",
            "value=\"43.90\"",
            "Paid for item 36, in dollars",
            "value=\"40\"",
            "It cannot be undone",
            "Record it",
        ],
    );
}
