//! The privacy policy: what this version does, in plain words. A change of what is done is a change of this
//! page, of its version and of its date.

use yew::prelude::*;

use crate::{
    components::{breadcrumb::Breadcrumb, facts_table::WordTable},
    head::Head,
    hooks::use_head,
};

/// Version and date of these words.
const VERSION: &str = "Version 2, 23 November 2026";
/// Who answers questions about privacy.
const CONTACT: &str = "privacy@hellomapper.example";

const DECISION_COLUMNS: &[&str] = &["Decision", "What it uses", "What it means for you"];

/// Privacy Act 1988 (Cth), APP 1.7 to 1.9, in force 10 December 2026 (C-02): the decisions that a program
/// makes.
const DECISIONS: &[&[&str]] = &[
    &[
        "Order of search results",
        "Distance from the place you give, or the first free time; the filters you set",
        "Who is shown first. Nobody can pay for a place, and nothing about you is used",
    ],
    &[
        "End of a held time",
        "Ten minutes from when you picked it",
        "The time goes back to everybody; what you typed stays with you",
    ],
    &[
        "Limits on booking",
        "Two held times at once; without an account, two bookings ahead for one e-mail or mobile at one practice; \
         the number of requests from one network address",
        "A further booking is refused until one is done or cancelled",
    ],
    &[
        "Limits on signing in",
        "Wrong passwords or codes for one account, and requests from one network address",
        "The next try has to wait; an account is never shut by this",
    ],
    &[
        "Ending a session",
        "The same refresh cookie used twice",
        "That session is signed out and you are told by e-mail",
    ],
    &[
        "A parent’s access to a child’s account",
        "The child’s date of birth",
        "It ends when the child turns 18",
    ],
    &[
        "Opening a link to an appointment",
        "The date of birth or code you enter; five wrong dates leave only the code by e-mail",
        "The appointment is shown or not",
    ],
];

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
                <li>{ "the practitioner, the kind of visit, its time and its price" }</li>
                <li>{ "which version of the notice you agreed to, and when" }</li>
            </ul>
            <p>
                { "We do not ask why you are coming, and a booking asks for no Medicare, DVA or card number. " }
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
                { "service. E-mails leave through the mail server this site is set up with. We send " }
                { "nothing overseas " }
                { "ourselves; where your own mail is kept is up to your mail provider." }
            </p>
            <h2>{ "How long it is kept" }</h2>
            <p>
                { "A booking is part of the practice’s records. Practices must keep those for years after " }
                { "the last " }
                { "visit: in New South Wales, Victoria and the ACT seven years for adults, and until 25 " }
                { "for those who were " }
                { "under 18. A time you hold and do not book is let go after ten minutes. The link in your " }
                { "e-mail stops " }
                { "working a day after the appointment." }
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
            <WordTable caption="Register of automated decisions" rows={DECISIONS}
                columns={DECISION_COLUMNS} />
        </>
    }
}

fn rights() -> Html {
    html! {
        <>
            <h2>{ "See it, correct it, complain" }</h2>
            <p>
                { "Ask the practice or us for a copy of what is kept about you, to put right what is " }
                { "wrong, or to delete your account. Write to " }
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
