//! Bulk-bill agreements, as a practice's staff see them, and the link of a letter.

use std::rc::Rc;

use frontend::{
    api::OwnBooking,
    pages::{
        account::agreements::{AgreementList, AgreementListProps},
        agreement::{Agreed, AgreedProps, shown},
        calendar::agreement::{AgreementProps, AskForAgreement},
        paid::{Paid, PaidProps},
        practice_desk::assignments::{AssignmentList, AssignmentListProps, RecordForm, RecordFormProps},
    },
};
use jiff::civil::date;
use shared_types::{
    AppointmentId, AssignmentId, BookingId, OrganizationId,
    bookings::Cancelling,
    payments::{
        assignment::{
            Assignment, AssignmentDocument, AssignmentKind, AssignmentMethod, AssignmentStatus,
            AssignorRelation, PRE_TEXT,
        },
        quote::PaymentTicket,
    },
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    canned::appointment,
    parts::{html, in_order},
    support::{Canned, as_of, get, site},
};

fn assignment(status: AssignmentStatus) -> Assignment {
    Assignment {
        assignment_id: AssignmentId(Uuid::from_u128(1)),
        booking_id: Some(BookingId(Uuid::from_u128(1))),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        status,
        kind: AssignmentKind::Pre,
        method: AssignmentMethod::Electronic,
        document: AssignmentDocument {
            text: PRE_TEXT.to_owned(),
            text_version: 1,
            words: "I assign the benefit.".to_owned(),
            patient_name: "Ada Nguyen".to_owned().into(),
            assignor_name: None,
            relation: AssignorRelation::Patient,
            professional_name: "Priya Nairwood".to_owned(),
            provider_number: "2447781L".to_owned(),
            practice_name: "Harbour Practice".to_owned(),
            service_category: Some("Professional attendance".to_owned()),
            items: Vec::new(),
            service_from: date(2026, 11, 20),
            service_until: date(2026, 11, 20),
        },
        document_sha256: "00".repeat(32),
        offered_at: as_of(),
        answer_by: None,
        assigned_at: None,
        expires_on: None,
        withdrawn_at: None,
        superseded_by: None,
        version: 1,
    }
}

async fn page(items: Vec<Assignment>) -> String {
    html::<AssignmentList>(move || AssignmentListProps { items, on_changed: Callback::noop() }).await
}

#[tokio::test]
async fn an_agreement_says_where_it_stands_and_has_its_copy() {
    let wanted =
        ["Ada Nguyen", "Before the visit", "2447781L", "Not answered yet", "The copy", "made by mistake"];
    in_order(&page(vec![assignment(AssignmentStatus::Offered)]).await, &wanted);
    let claimed = page(vec![assignment(AssignmentStatus::ReliedOn)]).await;
    for absent in ["made by mistake", "word of mouth"] {
        assert!(!claimed.contains(absent), "what a claim rests on stays: {claimed}");
    }
}

#[tokio::test]
async fn an_agreement_that_is_open_can_be_written_down_by_staff() {
    let open = page(vec![assignment(AssignmentStatus::Offered)]).await;
    in_order(&open, &["aria-expanded=\"false\"", "on paper or by word of mouth"]);
    let agreed = page(vec![assignment(AssignmentStatus::Assigned)]).await;
    assert!(!agreed.contains("word of mouth"), "{agreed}");
    let form = html::<RecordForm>(|| RecordFormProps {
        assignment: assignment(AssignmentStatus::Offered),
        on_changed: Callback::noop(),
    });
    let fields = [
        "How it was agreed to",
        "On paper",
        "By word of mouth",
        "have it signed",
        "Who agreed",
        "A parent or guardian",
        "Date of birth",
        "Leave these and the date of birth empty",
        "Write it down",
    ];
    in_order(&form.await, &fields);
}

#[tokio::test]
async fn who_agreed_can_save_the_copy_and_take_it_back_until_a_claim_rests_on_it() {
    async fn agreed(status: AssignmentStatus) -> String {
        html::<Agreed>(move || AgreedProps {
            assignment: Rc::new(assignment(status)),
            booking: Some(booking()),
            on_changed: Callback::noop(),
        })
        .await
    }
    let fresh = agreed(AssignmentStatus::Assigned).await;
    let parts = [
        "You pay nothing",
        "What you agreed to",
        "Fingerprint",
        "Save the copy",
        "I no longer agree",
        "Take my agreement back",
    ];
    in_order(&fresh, &parts);
    let claimed = agreed(AssignmentStatus::ReliedOn).await;
    assert!(claimed.contains("Save the copy") && !claimed.contains("I no longer agree"), "{claimed}");
}

#[tokio::test]
async fn staff_ask_for_this_visit_by_its_sort_or_its_items_or_for_every_visit() {
    let ask = |is_over| {
        html::<AskForAgreement>(move || AgreementProps {
            booking_id: BookingId(Uuid::from_u128(1)),
            organization_id: OrganizationId(Uuid::from_u128(9)),
            is_over,
            every: false,
        })
    };
    let before = ask(false).await;
    let parts = [
        "What the patient agrees to",
        "This visit",
        "Every visit until a day",
        "Sorts of service",
        "With none ticked, the patient is asked for the sorts of its usual items",
        "Professional attendance",
        "Therapeutic procedure",
        "Allied health or other service",
        "Ask for it",
    ];
    in_order(&before, &parts);
    assert_eq!(before.matches("type=\"checkbox\"").count(), 8, "a visit may bring several: {before}");
    assert!(!before.contains("agreement-items") && !before.contains("agreement-last"), "{before}");
    let after = ask(true).await;
    assert!(after.contains("agreement-items") && !after.contains("agreement-category"), "{after}");
}

/// One for every visit of a year.
fn enduring(status: AssignmentStatus) -> Assignment {
    let mut enduring = assignment(status);
    enduring.assignment_id = AssignmentId(Uuid::from_u128(2));
    (enduring.booking_id, enduring.kind) = (None, AssignmentKind::Enduring);
    enduring.expires_on = Some(date(2027, 11, 20));
    (enduring.document.service_category, enduring.document.service_until) = (None, date(2027, 11, 20));
    enduring
}

#[tokio::test]
async fn an_agreement_to_every_visit_says_until_when_and_can_be_taken_back_after_a_claim() {
    for status in [AssignmentStatus::Assigned, AssignmentStatus::ReliedOn] {
        let page = html::<Agreed>(move || AgreedProps {
            assignment: Rc::new(enduring(status)),
            booking: Some(booking()),
            on_changed: Callback::noop(),
        });
        let parts = [
            "You agreed to bulk billing of every visit",
            "visits to Priya Nairwood at Harbour Practice until Saturday 20 November 2027",
            "Save the copy",
            "I no longer agree",
            "It ends for the visits that are still to come",
            "Visits that you have had stay bulk billed",
            "Take my agreement back",
        ];
        in_order(&page.await, &parts);
    }
    let listed = page(vec![enduring(AssignmentStatus::Assigned)]).await;
    in_order(
        &listed,
        &["For every visit, Friday 20 November 2026 to Saturday 20 November 2027", "Agreed to"],
    );
}

#[tokio::test]
async fn an_account_shows_what_waits_for_an_answer_first_then_what_is_in_force_and_what_was_taken_back() {
    async fn listed(statuses: &'static [AssignmentStatus]) -> String {
        html::<AgreementList>(move || {
            let one = |(nth, status): (u128, &AssignmentStatus)| {
                let mut one = enduring(*status);
                one.assignment_id = AssignmentId(Uuid::from_u128(nth));
                one.document.practice_name = format!("Practice {nth}");
                (one.answer_by, one.assigned_at, one.withdrawn_at) =
                    (Some(as_of()), Some(as_of()), Some(as_of()));
                Rc::new(one)
            };
            AgreementListProps { items: (1..).zip(statuses).map(one).collect() }
        })
        .await
    }
    use AssignmentStatus::{Assigned, Declined, Offered, Withdrawn};
    let all = listed(&[Withdrawn, Assigned, Declined, Offered]).await;
    let parts = [
        "Practice 4",
        "Ada Nguyen: every visit to Priya Nairwood until Saturday 20 November 2027",
        "Waiting for your answer by ",
        "The practice asks for your agreement to every visit",
        "Read it and answer",
        "Practice 1",
        "Taken back on ",
        "Practice 2",
        "Agreed to on ",
        "You agreed to bulk billing of every visit",
        "Fingerprint of this text",
        "Take my agreement back",
        "Practice 3",
        "Not agreed to",
    ];
    in_order(&all, &parts);
    assert!(!all.contains("Sign in to answer"), "they are: {all}");
    assert_eq!(all.matches("Read it and answer").count(), 1, "{all}");
    let empty = listed(&[]).await;
    assert!(empty.contains("There are none"), "{empty}");
}

#[tokio::test]
async fn staff_ask_a_visits_patient_for_every_visit_from_the_list_of_agreements() {
    let listed = page(vec![assignment(AssignmentStatus::Assigned)]).await;
    in_order(&listed, &["Ada Nguyen", "aria-expanded=\"false\"", "Ask for every visit"]);
    let own = page(vec![enduring(AssignmentStatus::Assigned)]).await;
    assert!(!own.contains("Ask for every visit"), "it is for no visit of its own: {own}");
    let form = html::<AskForAgreement>(|| AgreementProps {
        booking_id: BookingId(Uuid::from_u128(1)),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        is_over: false,
        every: true,
    })
    .await;
    in_order(&form, &["in their account", "Why it may be for every visit", "Its last day", "Ask for it"]);
    assert!(!form.contains("agreement-for") && !form.contains("agreement-category"), "{form}");
}

#[test]
fn a_visits_page_shows_its_own_agreement_and_those_for_every_visit() {
    use AssignmentStatus::{Assigned, Declined, Offered, Superseded, Withdrawn};
    let ids = |all: Vec<Assignment>| -> Vec<bool> {
        shown(&all).into_iter().map(|of| of.booking_id.is_none()).collect()
    };
    assert_eq!(ids(vec![assignment(Offered)]), [false]);
    assert_eq!(ids(vec![assignment(Offered), assignment(Superseded)]), [false], "the latest alone");
    assert_eq!(ids(vec![enduring(Offered), assignment(Offered)]), [false, true]);
    assert_eq!(ids(vec![enduring(Assigned), assignment(Offered)]), [true], "one is enough");
    assert_eq!(ids(vec![enduring(Assigned), assignment(Assigned)]), [false, true]);
    for over in [Withdrawn, Declined, Superseded] {
        assert_eq!(ids(vec![enduring(over), assignment(Offered)]), [false], "{over:?}");
    }
    let mut other = enduring(Assigned);
    other.document.provider_number = "2433411Y".to_owned();
    assert_eq!(ids(vec![other, assignment(Offered)]), [false, true], "it is to somebody else");
    let mut later = enduring(Assigned);
    later.document.service_from = date(2026, 11, 21);
    assert_eq!(ids(vec![later, assignment(Offered)]), [false, true], "it begins later");
}

fn booking() -> OwnBooking {
    let ticket = PaymentTicket {
        booking_id: BookingId(Uuid::from_u128(1)),
        account_id: None,
        patient_id: None,
        organization_id: None,
        expires_at: as_of(),
        kid: "b".to_owned(),
        signature: String::new(),
    };
    OwnBooking { appointment_id: AppointmentId(Uuid::from_u128(2)), ticket }
}

#[tokio::test]
async fn who_paid_before_it_was_bulk_billed_still_finds_what_went_back() {
    let shown = |bulk_billed| {
        html::<Paid>(move || {
            let mut appointment = appointment(Cancelling::NotPossible);
            appointment.appointment_type.bulk_billed = bulk_billed;
            appointment.payment_ticket = Some(booking().ticket);
            PaidProps { appointment: Rc::new(appointment) }
        })
    };
    assert!(shown(true).await.contains("Show what was paid, with receipts"));
    assert!(!shown(false).await.contains("Payment"));
}

#[tokio::test]
async fn where_there_are_none_it_says_when_patients_are_asked() {
    assert!(page(Vec::new()).await.contains("Patients of bulk-billed visits are asked"));
}

#[tokio::test]
async fn the_letters_link_shows_nothing_before_the_proof() {
    let page = get(&site(Canned::new()), "/assign").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    for words in
        ["Family name of the patient", "Date of birth", "the last three digits", "Show the agreement"]
    {
        page.says(words);
    }
    page.lacks("I agree");
}
