//! What a practice sees of messages that did not arrive, and of what our messages say.

use std::rc::Rc;

use frontend::pages::{
    admin::messages::{PlatformUndelivered, PlatformUndeliveredProps},
    practice_desk::{
        previews::{PreviewChoice, PreviewChoiceProps},
        undelivered::{UndeliveredList, UndeliveredListProps},
    },
};
use jiff::civil::date;
use shared_types::{
    AppointmentId, BookingId, MessageId, OrganizationId, PractitionerRoleId, Zone,
    bookings::{AppointmentStatus, PracticeAppointment, PracticePatient},
    notifications::{MessagePreview, UndeliveredMessage, UndeliveredPlatformMessage, UndeliveredReason},
    users::ContactChannel,
};
use uuid::Uuid;
use yew::Callback;

use crate::{
    parts::{html, in_order},
    support::{as_of, at},
};

fn bounced(booking: u128) -> UndeliveredMessage {
    UndeliveredMessage {
        message_id: MessageId(Uuid::from_u128(100 + booking)),
        booking_id: BookingId(Uuid::from_u128(booking)),
        template: "appointment_confirmed".to_owned(),
        channel: ContactChannel::Email,
        reason: UndeliveredReason::Refused,
        why: Some("the mail server refused with 550".to_owned()),
        attempts: 1,
        written_at: as_of(),
        can_be_sent_again: true,
    }
}

/// Tomorrow at 9:15 am.
fn appointment(booking: u128) -> PracticeAppointment {
    PracticeAppointment {
        appointment_id: AppointmentId(Uuid::from_u128(1_000 + booking)),
        booking_id: BookingId(Uuid::from_u128(booking)),
        status: AppointmentStatus::Confirmed,
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(1)),
        practitioner_name: "Priya Nairwood".to_owned(),
        appointment_type_name: "First visit".to_owned(),
        start: at("2026-11-23T22:15:00Z"),
        end: at("2026-11-23T23:00:00Z"),
        time_zone: Zone::SYDNEY,
        patient: PracticePatient {
            name: "Ada Nguyen".to_owned().into(),
            preferred_name: None,
            date_of_birth: date(1980, 2, 29).into(),
            email: "ada@example.org".to_owned().into(),
            mobile: "+61491570006".to_owned().into(),
        },
        statements: Vec::new(),
    }
}

async fn page(
    items: Vec<UndeliveredMessage>,
    booked: Option<Vec<PracticeAppointment>>,
    leads: bool,
) -> String {
    html::<UndeliveredList>(move || UndeliveredListProps {
        items: Rc::new(items),
        booked: booked.map(Rc::new),
        organization_id: OrganizationId(Uuid::from_u128(9)),
        leads,
        on_sent: Callback::noop(),
    })
    .await
}

#[tokio::test]
async fn a_message_that_did_not_arrive_says_whose_it_was_why_and_what_to_do() {
    let (practice, booking) = (Uuid::from_u128(9), Uuid::from_u128(1));
    let link = format!("href=\"/calendar/{practice}?view=day&amp;day=2026-11-24&amp;booking={booking}\"");
    in_order(
        &page(vec![bounced(1)], Some(vec![appointment(1)]), true).await,
        &[
            "<h2>Ada Nguyen</h2>",
            &link,
            "Tuesday 24 November 2026, 9:15 am: First visit with Priya Nairwood",
            "href=\"tel:+61491570006\"",
            "Call 0491 570 006",
            "Confirmation, by e-mail",
            "The patient’s mail server refused it for good",
            "Tried once. What was noted: the mail server refused with 550.",
            "Send again",
            ": Confirmation, Ada Nguyen",
        ],
    );
}

#[tokio::test]
async fn whoever_has_no_calendar_reads_which_appointment_it_was() {
    let page = page(vec![bounced(1)], Some(vec![appointment(1)]), false).await;
    assert!(page.contains("First visit with Priya Nairwood") && !page.contains("/calendar/"), "{page}");
}

#[tokio::test]
async fn a_text_message_that_is_not_true_any_more_is_shown_without_a_button() {
    let text = UndeliveredMessage {
        template: "reminder_three_hours".to_owned(),
        channel: ContactChannel::Sms,
        reason: UndeliveredReason::NotNow,
        why: None,
        attempts: 6,
        can_be_sent_again: false,
        ..bounced(1)
    };
    let page = page(vec![text], Some(vec![appointment(1)]), true).await;
    in_order(
        &page,
        &[
            "Reminder three hours before, by text message",
            "It could not be handed over for now",
            "Tried 6 times.",
            "It cannot be sent again",
        ],
    );
    assert!(!page.contains("<button") && !page.contains("What was noted"), "{page}");
}

#[tokio::test]
async fn messages_are_there_before_and_without_their_appointments() {
    let waiting = page(vec![bounced(1)], None, true).await;
    assert!(waiting.contains("Looking up which appointment") && waiting.contains("Send again"), "{waiting}");
    let alone = page(vec![bounced(1)], Some(vec![appointment(2)]), true).await;
    assert!(alone.contains("We cannot say which appointment") && !alone.contains("Ada"), "{alone}");
}

#[tokio::test]
async fn where_everything_arrived_it_says_so() {
    let page = page(Vec::new(), None, true).await;
    assert!(page.contains("all messages about your bookings were handed over"), "{page}");
}

#[tokio::test]
async fn administrators_read_what_did_not_arrive_and_nothing_of_whom_it_was_for() {
    let page = |items: Vec<UndeliveredPlatformMessage>| {
        html::<PlatformUndelivered>(move || PlatformUndeliveredProps {
            items: Rc::new(items),
            on_sent: Callback::noop(),
        })
    };
    let invitation = UndeliveredPlatformMessage {
        message_id: MessageId(Uuid::from_u128(1)),
        template: "invitation".to_owned(),
        channel: ContactChannel::Email,
        reason: UndeliveredReason::NotNow,
        why: Some("the mail server could not be reached".to_owned()),
        attempts: 6,
        written_at: as_of(),
        can_be_sent_again: true,
    };
    let reset = UndeliveredPlatformMessage {
        message_id: MessageId(Uuid::from_u128(2)),
        template: "reset_password".to_owned(),
        reason: UndeliveredReason::Refused,
        why: Some("a mail server reported 5.1.1".to_owned()),
        attempts: 1,
        can_be_sent_again: false,
        ..invitation.clone()
    };
    in_order(
        &page(vec![invitation, reset]).await,
        &[
            "<h2>Invitation, by e-mail</h2>",
            "It was refused for now or nobody answered",
            "Tried 6 times. What was noted: the mail server could not be reached.",
            "Send again",
            ": Invitation",
            "<h2>Link for a new password, by e-mail</h2>",
            "A mail server refused it for good",
            "Tried once. What was noted: a mail server reported 5.1.1.",
            "It cannot be sent again",
        ],
    );
    let none = page(Vec::new()).await;
    assert!(none.contains("all messages that no practice sees were handed over"), "{none}");
}

fn preview(discreet: bool, sms: &str) -> MessagePreview {
    MessagePreview {
        template: "reminder_two_days".to_owned(),
        locale: "en-AU".to_owned(),
        discreet,
        subject: "Reminder: appointment on Tuesday 24 November, 9:15 am".to_owned(),
        body_text: "Hello Ada Nguyen,\n\nYou have an appointment.".to_owned(),
        body_html: "<!doctype html><h1>You have an appointment</h1>".to_owned(),
        sms: sms.to_owned(),
        sms_parts: usize::from(!sms.is_empty()),
        sms_in_place_of_mail: false,
    }
}

#[tokio::test]
async fn what_a_message_says_is_read_as_text_and_its_markup_stays_out_of_the_page() {
    let items = vec![preview(false, "HelloMapper: appointment on Tue 24 Nov"), preview(true, "")];
    let page = html::<PreviewChoice>(move || PreviewChoiceProps { items: Rc::new(items) }).await;
    in_order(
        &page,
        &[
            "<select",
            "Reminder two days before: Reminder: appointment on Tuesday 24 November, 9:15 am</option>",
            "9:15 am, discreet</option>",
            "The e-mail",
            "Subject: ",
            "Hello Ada Nguyen,\n\nYou have an appointment.",
            "Save it as HTML",
            "The text message",
            "HelloMapper: appointment on Tue 24 Nov",
            "Sent and paid as one part.",
        ],
    );
    assert!(!page.contains("doctype") && !page.contains("<h1"), "{page}");
    assert!(!page.contains("if the e-mail cannot be delivered"), "{page}");
}

#[tokio::test]
async fn a_text_that_goes_in_the_place_of_an_e_mail_says_so() {
    let items = vec![MessagePreview {
        sms_in_place_of_mail: true,
        ..preview(false, "HelloMapper: your appointment is confirmed.")
    }];
    let page = html::<PreviewChoice>(move || PreviewChoiceProps { items: Rc::new(items) }).await;
    in_order(
        &page,
        &["The text message", "This goes if the e-mail cannot be delivered", "HelloMapper: your appointment"],
    );
}

#[tokio::test]
async fn what_goes_by_mail_alone_says_that_there_is_no_text_message() {
    let items = vec![preview(true, "")];
    let page = html::<PreviewChoice>(move || PreviewChoiceProps { items: Rc::new(items) }).await;
    assert!(page.contains("There is none: this goes by e-mail alone."), "{page}");
    let none = html::<PreviewChoice>(move || PreviewChoiceProps { items: Rc::new(Vec::new()) }).await;
    assert!(none.contains("There are no messages to show."), "{none}");
}
