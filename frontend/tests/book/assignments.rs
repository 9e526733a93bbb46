//! Bulk-bill agreements, as a practice's staff see them, and the link of a letter.

use std::rc::Rc;

use frontend::{
    api::OwnBooking,
    pages::{
        agreement::{Agreed, AgreedProps},
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
    assert!(!claimed.contains("<button"), "what a claim rests on stays: {claimed}");
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
            booking: booking(),
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
