//! An account's pages: the same for everybody as the server sends them, whoever asks.

use std::rc::Rc;

use frontend::{
    components::{
        checks::{Check, Checks, ChecksProps},
        code_list::{CodeList, CodeListProps},
        qr::{Qr, QrProps},
    },
    forms::details::DetailsForm,
    pages::account::{
        appointments::{FetchedPart, FetchedPartProps},
        details_form::{DetailsFormProps, DetailsFormView},
        notifications::mail::{MailSwitch, MailSwitchProps},
    },
};
use shared_types::{
    bookings::{Cancelling, MemberAppointment, When},
    page::Page,
    users::ContactChannel,
};
use yew::{Callback, Html, ServerRenderer, html};

use crate::{
    canned,
    parts::{html, in_order},
    support::{Canned, get, site},
};

const PAGES: [(&str, &str); 23] = [
    ("/account", "Your account"),
    ("/account/sign-in", "Sign in"),
    ("/account/sign-up", "Open an account"),
    ("/account/verify", "Confirm your e-mail"),
    ("/account/forgotten", "Forgotten password"),
    ("/account/reset", "Choose a new password"),
    ("/account/security", "Signing in and security"),
    ("/account/appointments", "Your appointments"),
    ("/account/calendar-feed", "Appointments in your calendar"),
    ("/account/waitlist", "Waitlist"),
    ("/account/waitlist/00000000-0000-7000-8000-000000000009", "Join a waitlist"),
    ("/account/invitation", "Your invitation"),
    ("/account/profile", "Your details"),
    ("/account/family", "Family and carers"),
    ("/account/payments", "Payments and receipts"),
    ("/account/agreements", "Bulk-bill agreements"),
    ("/account/cards", "Saved cards"),
    ("/account/coverage", "Medicare and other cards"),
    ("/account/consents", "What you agreed to"),
    ("/account/notifications", "Notifications"),
    ("/account/record", "Who looked at my record"),
    ("/account/export", "Everything we hold about you"),
    ("/account/erasure", "Close your account"),
];

#[tokio::test]
async fn no_page_of_an_account_is_kept_or_indexed_and_each_has_its_heading() {
    for (path, heading) in PAGES {
        let page = get(&site(Canned::new()), path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.says("This page needs JavaScript");
    }
}

/// A part of somebody's appointments: one of them, or none.
async fn part(when: When, is_first: bool, items: bool, next: Option<&'static str>) -> String {
    html::<FetchedPart>(move || {
        let appointment = canned::appointment(Cancelling::WithoutCharge);
        let one = items.then_some(MemberAppointment { patient_id: None, appointment });
        let page = Page { items: one.into_iter().collect(), next: next.map(str::to_owned) };
        FetchedPartProps { when, is_first, page: Rc::new(page), version: 0, on_again: Callback::noop() }
    })
    .await
}

#[tokio::test]
async fn a_list_of_appointments_goes_on_where_there_are_more() {
    let more = part(When::Past, true, true, Some("further")).await;
    in_order(&more, &["Your side of the record", "<button", "Show more", " appointments that are over"]);
    assert!(!more.contains("further"), "where it goes on is nobody's to read: {more}");
    for whole in [part(When::Upcoming, true, true, None).await, part(When::Past, false, true, None).await] {
        assert!(whole.contains("Your side of the record") && !whole.contains("Show more"), "{whole}");
    }
    assert!(part(When::Upcoming, true, false, None).await.contains("Nothing is booked."));
    // What was left behind the last page may be gone by the time that somebody asks for it.
    assert!(!part(When::Past, false, false, None).await.contains("Nothing yet."));
}

#[tokio::test]
async fn whether_reminders_go_to_an_address_is_said_and_one_button_changes_it() {
    for (stopped, says, button) in [
        (true, "You get no reminders at ada@example.org", "Send reminders again"),
        (false, "Reminders may go to ada@example.org", "Send no more reminders there"),
    ] {
        let shown = html::<MailSwitch>(move || MailSwitchProps {
            email: "ada@example.org".into(),
            stopped,
            on_change: Callback::noop(),
        })
        .await;
        in_order(&shown, &["role=\"status\"", says, "<button", button]);
        assert_eq!(shown.matches("<button").count(), 1, "{shown}");
    }
}

#[tokio::test]
async fn beside_a_ticked_e_mail_it_says_where_to_see_whether_reminders_were_stopped_there() {
    let shown = html::<DetailsFormView>(|| DetailsFormProps {
        form: DetailsForm { contact_by: vec![ContactChannel::Email], ..DetailsForm::blank() },
        on_action: Callback::noop(),
        on_submit: Callback::noop(),
        button: "Save".into(),
        busy: false,
        children: Html::default(),
    })
    .await;
    in_order(
        &shown,
        &[
            "How to be reminded",
            "value=\"email\" checked",
            "no reminder goes to an e-mail address where reminders were stopped",
            // What is typed in the form stays there.
            "<a href=\"/account/notifications\" target=\"_blank\">your notifications",
            "(opens in a new tab)",
            "type=\"submit\"",
        ],
    );
}

#[tokio::test]
async fn what_concerns_one_person_is_on_its_way_and_nobody_is_asked_for_it_by_the_server() {
    // No service answers any path of a person here, and no page says so.
    for path in ["/account", "/account/profile", "/account/coverage", "/account/record", "/account/export"] {
        let page = get(&site(Canned::new()), path).await;
        page.has("aria-busy=\"true\"");
        page.lacks("not-found");
        page.lacks("role=\"alert\"");
    }
}

#[tokio::test]
async fn the_sign_in_form_is_there_before_any_script_and_names_its_fields_for_password_managers() {
    let page = get(&site(Canned::new()), "/account/sign-in?to=/account/security").await;
    for part in [
        "id=\"email\"",
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "type=\"password\"",
        "Use a passkey",
    ] {
        page.has(part);
    }
    // Sent by a browser without scripts, a password must not land in an address.
    page.has("method=\"post\"");
}

#[tokio::test]
async fn the_header_keeps_a_place_for_whoever_is_signed_in_and_the_server_leaves_it_empty() {
    let page = get(&site(Canned::new()), "/").await;
    page.has("<div class=\"account-slot\"></div>");
}

#[tokio::test]
async fn a_qr_code_is_a_drawing_with_a_name_and_without_styles() {
    let props = || QrProps { text: "otpauth://totp/x?secret=ABC".into(), label: "For your app".into() };
    let html = ServerRenderer::<Qr>::with_props(props).hydratable(false).render().await;
    for part in ["<svg", "role=\"img\"", "aria-label=\"For your app\"", "<path d=\"M4,4h1v1h-1z"] {
        assert!(html.contains(part), "{part} not in {html}");
    }
    assert!(!html.contains("style=") && !html.contains("<img"), "{html}");
    // A picture in words would give the secret to whoever listens.
    assert!(!html.contains("ABC"), "{html}");
}

#[tokio::test]
async fn codes_are_shown_as_a_list_that_can_be_printed_and_copied() {
    let props = || CodeListProps {
        title: "Your recovery codes".into(),
        children: html! { <p>{ "Each works once." }</p> },
        codes: vec!["1a2b-3c4d".into(), "5e6f-7a8b".into()],
        on_done: Callback::noop(),
    };
    let html = ServerRenderer::<CodeList>::with_props(props).hydratable(false).render().await;
    for part in
        ["print-sheet", "1a2b-3c4d", "5e6f-7a8b", "Print", "Copy", "I have kept them", "Each works once."]
    {
        assert!(html.contains(part), "{part} not in {html}");
    }
}

#[tokio::test]
async fn a_group_of_boxes_says_its_error_once_and_ticks_nothing_by_itself() {
    let check = |code, ticked| Check { code, words: code, ticked };
    let props = move || ChecksProps {
        id: "scopes".into(),
        legend: "What they may do".into(),
        hint: None,
        checks: vec![check("details", false), check("payments", true)],
        error: Some("Tick at least one thing".into()),
        on_tick: Callback::noop(),
    };
    let html = ServerRenderer::<Checks>::with_props(props).hydratable(false).render().await;
    assert_eq!(html.matches("Tick at least one thing").count(), 1, "{html}");
    assert_eq!(html.matches(" checked").count(), 1, "{html}");
    assert!(html.contains("<legend>What they may do</legend>") && html.contains("id=\"scopes\""), "{html}");
}
