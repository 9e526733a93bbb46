//! The privacy policy: what this version does, in plain words. A change of what is done is a change of this
//! page, of its version and of its date.

use shared_types::decisions::{Decision, RegisterRow};
use yew::prelude::*;

use crate::{components::breadcrumb::Breadcrumb, head::Head, hooks::use_head};

/// Version and date of these words.
const VERSION: &str = "Version 5, 27 November 2026";
/// Who answers questions about privacy.
const CONTACT: &str = "privacy@hellomapper.example";

/// The page.
#[component]
pub fn PrivacyPage() -> Html {
    use_head(Head {
        title: "Privacy policy".to_owned(),
        description:
            "What HelloMapper collects when you book or open an account, who sees it, and how to complain."
                .to_owned(),
        canonical: Some("/privacy".to_owned()),
        ..Head::default()
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here="Privacy" />
            <div class="page-head">
                <h1>{ "Privacy policy" }</h1>
                <p class="lede">
                    { "You can look around without telling us who you are. To book, the practice needs to " }
                    { "know who comes." }
                </p>
                <p class="muted">{ VERSION }</p>
            </div>
            <div class="prose">
                { collected() }
                { used() }
                { decided() }
                { rights() }
            </div>
        </div></main>
    }
}

fn collected() -> Html {
    html! {
        <>
            <h2>{ "What we collect" }</h2>
            <p>{ "When you book:" }</p>
            <ul>
                <li>{ "the patient’s name, and what to be called if that is different" }</li>
                <li>{ "the patient’s date of birth" }</li>
                <li>{ "an e-mail address and an Australian mobile number" }</li>
                <li>{ "for a visit at home, its address, which only the practice is shown" }</li>
                <li>{ "the practitioner, the kind of visit, its time and its price" }</li>
                <li>{ "which version of the notice you agreed to, and when" }</li>
            </ul>
            <p>
                { "You may tell the practice why you are coming, and send it files. That is sealed in your browser: " }
                { "we store it for the practice and cannot open it. A booking asks for no Medicare, DVA or card " }
                { "number. For a bulk-billed visit we ask for the Medicare number afterwards, and keep it encrypted. " }
                { "You may book under a preferred name; ask the practice first if Medicare is to pay. " }
                { "You may book for somebody you care for: the details are then theirs." }
            </p>
            <p>{ "When you open an account, which you need not:" }</p>
            <ul>
                <li>{ "your e-mail address; your password stays in your browser, which sends a key made of it" }</li>
                <li>{ "the kind of browser you sign in with, and a part of its network address" }</li>
                <li>{ "what you add: your details, people you care for, who may act for you" }</li>
                <li>{ "Medicare, DVA or concession numbers, if you enter them; we keep them encrypted" }</li>
                <li>{ "at a practice: which one you work for, and as what" }</li>
            </ul>
            <p>
                { "Searching needs no name. What you search is used to answer and is not stored. “Near me” " }
                { "is rounded " }
                { "to about a kilometre in your browser, before it is sent. " }
                <a href="/what-we-see">{ "What we see" }</a>{ " has every item in a table." }
            </p>
        </>
    }
}

fn used() -> Html {
    html! {
        <>
            <h2>{ "What it is for, and who sees it" }</h2>
            <p>
                { "To make the booking, to show it to the practice, to write to you about it, and to let you move or " }
                { "cancel it. " }
                { "The practice you book with sees it: it is the practice’s booking record, and we keep it " }
                { "for them. " }
                { "Nobody else does. There is no advertising, nothing is sold, and no insurer, employer or " }
                { "broker gets it." }
            </p>
            <p>
                { "No page of ours makes your browser talk to another company: no trackers, no hosted " }
                { "fonts, no map " }
                { "service. E-mails leave through the mail server this site is set up with, and text messages, " }
                { "if you choose them, through its gateway. We send " }
                { "nothing overseas " }
                { "ourselves; where your own mail is kept is up to your mail provider." }
            </p>
            <p>
                { "If you have a device show you messages, which is off until you press a button for it, they go through the push " }
                { "service of your browser’s maker (such as Google, Apple, Microsoft or Mozilla), which may be overseas. Your " }
                { "browser talks to it by itself; no page of ours does. We encrypt each message for your browser: the service " }
                { "sees that one came from us, when, how urgent it is, and to which browser, and nothing of what it says." }
            </p>
            <p>
                { "If you pay by card, you go on to the page of our payment processor and give your card there. We send it the " }
                { "amount and numbers of ours that name nobody. It tells us the brand, the last four digits and until when the " }
                { "card is good. For a bulk-billed visit the practice’s claim goes to Medicare (Services Australia), with the " }
                { "patient’s name, date of birth and Medicare number." }
            </p>
            <h2>{ "How long it is kept" }</h2>
            <p>
                { "A booking is part of the practice’s records. Practices must keep those for years after " }
                { "the last visit: in New South Wales, Victoria and the ACT seven years for adults, and until 25 " }
                { "for those who were under 18. We keep them so long everywhere, and then destroy them by " }
                { "ourselves; a register says what went and when. A time you hold and do not book is let go after " }
                { "ten minutes. The link in your e-mail stops working a day after the appointment." }
            </p>
            <h2>{ "How it is protected" }</h2>
            <p>
                { "Connections are encrypted. Each part of our system can read its own records only. Every " }
                { "look at a " }
                { "booking is written down. A link alone opens nothing: it needs the date of birth or a " }
                { "code. If data is " }
                { "lost or seen by somebody who should not, we look into it at once and tell those it " }
                { "concerns and the " }
                { "regulator, as the law asks." }
            </p>
        </>
    }
}

fn decided() -> Html {
    html! {
        <>
            <h2 id="decisions">{ "Decisions made by a program" }</h2>
            <p>{ "These are all of them. For each you can ask a person to look again." }</p>
            <table class="table table--stack">
                <caption>{ "Register of automated decisions" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Decision" }</th>
                        <th scope="col">{ "What it uses" }</th>
                        <th scope="col">{ "What it means for you" }</th>
                    </tr>
                </thead>
                <tbody>{ for Decision::ALL.into_iter().map(|decision| decision_row(decision.row())) }</tbody>
            </table>
        </>
    }
}

fn decision_row(row: RegisterRow) -> Html {
    html! {
        <tr key={row.name}>
            <th scope="row">{ row.name }</th>
            <td data-label="What it uses">{ row.uses }</td>
            <td data-label="What it means for you">{ row.means }</td>
        </tr>
    }
}

fn rights() -> Html {
    html! {
        <>
            <h2>{ "See it, correct it, delete it, complain" }</h2>
            <p>
                { "With an account you can do most of it yourself, at once: download everything that is kept " }
                { "about you, see who looked at it and why, change your details, withdraw what you agreed to, " }
                { "and close your account. If you do not agree with what a practice has on record of a booking, " }
                { "you can put a statement beside it, which the practice sees." }
            </p>
            <p>
                { "Closing your account erases everything that no law keeps. Practices keep the record of your " }
                { "appointments, without a tie to your account. What was erased, what is kept, and until when, " }
                { "you are shown." }
            </p>
            <p>
                { "For all else, or without an account, ask the practice or write to " }
                <a href={format!("mailto:{CONTACT}")}>{ CONTACT }</a>
                { ". We answer within 30 days." }
            </p>
            <p>
                { "If you think your privacy was not respected, tell us first, so that we can mend it. If " }
                { "you are not " }
                { "satisfied after 30 days, complain to the Office of the Australian Information " }
                { "Commissioner: " }
                <a href="https://www.oaic.gov.au/privacy/privacy-complaints" rel="noopener noreferrer">
                    { "oaic.gov.au" }
                </a>
                { ", telephone " }<a href="tel:1300363992">{ "1300 363 992" }</a>{ "." }
            </p>
            <h2>{ "When this changes" }</h2>
            <p>
                { "A new version has a new number and date. What you agreed to when you booked is kept " }
                { "with the booking." }
            </p>
        </>
    }
}
