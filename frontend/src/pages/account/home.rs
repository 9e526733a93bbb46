//! The account: what comes next, then privacy, then the rest.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::{MemberAppointment, When},
    page::Page,
    users::{Me, PlatformRole},
};
use yew::prelude::*;

use super::{OnlySignedIn, Own, OwnProps, Refused, fetched};
use crate::{
    account,
    api::{bookings, use_api_client, users},
    browser,
    components::{appointment_card::AppointmentCard, icon::Icon},
    forms::support::{Admission, admit},
    hooks::{use_act, use_head, use_private_api, use_standing::use_standing, use_version},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn AccountPage() -> Html {
    use_head(private_head("Your account"));
    let render = Callback::from(|me: Rc<Me>| html! { <Overview me={Own(me)} /> });
    html! { <OnlySignedIn title="Your account" path="/account" {render} /> }
}

/// A page of the account: where, with which icon, what it is called, and what one finds there.
type Entry = (&'static str, &'static str, &'static str, &'static str);

/// Privacy goes first.
const PRIVACY: &[Entry] = &[
    ("/account/keys", "shield", "Sealed messages", "Your keys, and what only you and a practice can read"),
    ("/account/record", "eye", "Who looked at my record", "Who, what, why and when, with a check"),
    ("/account/export", "download", "Everything we hold about you", "As a file to read and one for programs"),
    ("/account/consents", "check", "What you agreed to", "And how to take it back"),
];

const SAFETY: &[Entry] = &[(
    "/account/security",
    "phone",
    "Signing in and security",
    "Passkeys, password, where you are signed in",
)];

const ABOUT: &[Entry] = &[
    (
        "/account/appointments",
        "calendar",
        "Your appointments",
        "All of them, and those you booked as a guest",
    ),
    (
        "/account/calendar-feed",
        "calendar",
        "Appointments in your calendar",
        "At a secret address that calendar programs read",
    ),
    ("/account/waitlist", "clock", "Waitlist", "Earlier times that you wait for, and what is offered"),
    ("/account/profile", "user", "Your details", "Name, language, what helps at a visit"),
    ("/account/notifications", "bell", "Notifications", "What happened, and how to be told"),
    ("/account/family", "community", "Family and carers", "Who acts for whom"),
    (
        "/account/payments",
        "bulk-billing",
        "Payments and receipts",
        "What you paid, your saved cards, refunds",
    ),
    ("/account/coverage", "bulk-billing", "Medicare and other cards", "For claims, by their last digits"),
    (
        "/account/agreements",
        "check",
        "Bulk-bill agreements",
        "For every visit to a practice, to answer or take back",
    ),
];

/// For those who work at a practice.
const WORK: &[Entry] =
    &[("/practice", "medical", "Your practice", "What patients sealed for it, its keys and its staff")];

/// For those who help people by a stated reason.
const HELP: &[Entry] =
    &[("/support", "shield", "Helping by a stated reason", "One person’s data, for a time")];

/// For those who decide for the platform.
const PLATFORM: &[Entry] = &[
    ("/admin/disputes", "info", "Disputes to decide", "What patients and practices do not agree about"),
    ("/admin/listings", "info", "Listings", "Taking one out of search, and putting it back"),
    ("/admin/reviews", "info", "Appointments to look at", "Booked with somebody who is not listed any more"),
    ("/admin/mistakes", "info", "Mistakes to agree on", "Where nobody else of a practice may agree"),
    ("/admin/payments", "info", "Find a payment", "What became of it, and giving money back"),
    ("/admin/refunds", "info", "Refunds", "Those that wait for a second administrator"),
    ("/admin/chargebacks", "info", "Chargebacks", "What banks ask, and what is sent to them"),
    ("/admin/payout-holds", "info", "Payouts that are held", "And practices that owe"),
    (
        "/admin/reconciliations",
        "info",
        "Comparing with the card processor",
        "What is different, and what was done",
    ),
    ("/admin/statements", "info", "Statements", "Each month of HelloMapper’s own accounts"),
    (
        "/admin/mbs-loads",
        "info",
        "Medicare Benefits Schedule",
        "Which release is in force, and what it changed",
    ),
    ("/admin/messages", "info", "Messages that did not arrive", "Those that no practice sees"),
    ("/admin/previews", "info", "What our messages say", "The words of every message about a visit"),
];

#[component]
fn Overview(props: &OwnProps) -> Html {
    let me = &props.me;
    let (client, act, ask) = (use_api_client(), use_act(), use_standing().ask);
    let sign_out = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| {
            let (client, ask) = (client.clone(), ask.clone());
            let send = move || {
                let client = client.clone();
                async move { users::sign_out(&client).await.or_else(ended_before) }
            };
            act.run(send, move |()| {
                account::forget_hint();
                ask.emit(());
                browser::navigate("/");
            });
        })
    };
    let alone = !me.totp && me.passkeys == 0;
    html! {
        <>
            <p>{ format!("You are signed in as {}.", me.email.expose()) }</p>
            <NextAppointment />
            { links("privacy-title", "Your privacy", PRIVACY) }
            <section class="stack" aria-labelledby="safety-title">
                <h2 id="safety-title">{ "Keeping it safe" }</h2>
                if alone {
                    <p>{ "You sign in with a password alone. A passkey or an authenticator app makes it safer." }</p>
                }
                { list(SAFETY) }
            </section>
            { links("about-title", "About you", ABOUT) }
            if !me.memberships.is_empty() {
                { links("work-title", "Where you work", WORK) }
            }
            if me.platform.contains(&PlatformRole::Administrator) {
                { links("platform-title", "For HelloMapper", PLATFORM) }
            }
            if admit(me) != Admission::Stranger {
                { links("help-title", "Your work at HelloMapper", HELP) }
            }
            <div class="button-row">
                <button class="button button--quiet" id="sign-out" type="button" onclick={sign_out}
                    aria-busy={act.busy.to_string()}>
                    { if act.busy { "Signing out…" } else { "Sign out" } }
                </button>
                <a class="button button--plain" href="/account/erasure">{ "Close your account" }</a>
            </div>
            if act.problem.is_some() && !act.wants_sign_in() {
                <p>{ "You may still be signed in on this device. Try again before somebody else uses it." }</p>
            }
            <Refused {act} />
        </>
    }
}

/// Whoever was signed out already is signed out. Whose answer never came may not be, and is not told that they are: the cookie is
/// still in a browser that others may use.
fn ended_before(problem: Problem) -> Result<(), Problem> {
    if problem.is("signed-out") { Ok(()) } else { Err(problem) }
}

fn links(id: &'static str, title: &'static str, entries: &[Entry]) -> Html {
    html! {
        <section class="stack" aria-labelledby={id}>
            <h2 {id}>{ title }</h2>
            { list(entries) }
        </section>
    }
}

fn list(entries: &[Entry]) -> Html {
    html! {
        <ul class="choice-list" role="list">
            { for entries.iter().map(|(href, icon, title, detail)| html! {
                <li key={*href}><a class="choice" href={*href}>
                    <Icon name={*icon} />
                    <span>
                        <span class="choice__title">{ *title }</span>
                        <span class="choice__detail">{ *detail }</span>
                    </span>
                    <Icon name="chevron-right" />
                </a></li>
            }) }
        </ul>
    }
}

/// The first of those to come.
#[component]
fn NextAppointment() -> Html {
    let (version, again) = use_version();
    let page = use_private_api::<Page<MemberAppointment>>(
        bookings::list_my_appointments(When::Upcoming, None),
        version,
    );
    html! {
        <section class="stack" aria-labelledby="next-title">
            <h2 id="next-title">{ "Next appointment" }</h2>
            { fetched(page, "/account", &again, |page| match page.items.first() {
                Some(next) => card(next),
                None => html! {
                    <p>{ "Nothing is booked. " }<a href="/search">{ "Find care" }</a></p>
                },
            }) }
        </section>
    }
}

fn card(next: &MemberAppointment) -> Html {
    let appointment = next.appointment.clone();
    let href = format!("/book/confirmed/{}", appointment.appointment_id);
    html! {
        <AppointmentCard {appointment}>
            <div class="button-row">
                <a class="button button--quiet" {href}>{ "See the appointment" }</a>
                <a class="button button--plain" href="/account/appointments">{ "All appointments" }</a>
            </div>
        </AppointmentCard>
    }
}
