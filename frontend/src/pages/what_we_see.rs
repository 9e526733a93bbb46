//! What the server can read and what it stores, row by row. Whoever stores something new adds a row here in
//! the same change.

use yew::prelude::*;

use crate::{
    components::{breadcrumb::Breadcrumb, facts_table::WordTable},
    head::Head,
    hooks::use_head,
};

const COLUMNS: &[&str] = &["What", "The practice", "HelloMapper", "Kept"];

const BOOKING: &[&[&str]] = &[
    &["Practitioner, kind of visit, time and price", "Sees it", "Sees it and stores it", "With the booking"],
    &["Name and what to be called", "Sees it", "Sees it and stores it", "With the booking"],
    &["Date of birth", "Sees it", "Sees it and stores it", "With the booking"],
    &["E-mail and mobile", "Sees it", "Sees it and stores it", "With the booking"],
    &["Which privacy notice you agreed to, and when", "Can ask for it", "Stores it", "With the booking"],
    &[
        "The e-mails we send you",
        "No",
        "Stores them until they are sent",
        "Forgotten once sent, or after a week",
    ],
    &["The secret in your link", "No", "Stores a fingerprint of it", "Until a day after the appointment"],
    &["A code we mail you", "No", "Stores a fingerprint of it", "Fifteen minutes, or until used"],
    &["Replies to a request you may repeat", "No", "Stores them, without your details", "A day"],
    &[
        "A time you hold and do not book",
        "Sees that it is busy",
        "Stores it, without your name",
        "Ten minutes; the record of it a day",
    ],
    &[
        "Who looked at or changed a booking, from which part of the network",
        "No",
        "Stores it, so that nobody can change it unseen",
        "As long as the law asks",
    ],
    &["Why you are coming", "Not asked", "Not asked", "Nowhere"],
    &["Card numbers", "Not asked here", "Not asked", "Nowhere"],
];

const ACCOUNT_COLUMNS: &[&str] = &["What", "HelloMapper", "Kept"];

const ACCOUNT: &[&[&str]] = &[
    &["Your e-mail address", "Sees it and stores it", "With the account"],
    &["Your password", "Never sees it: your browser sends a key made of it", "A fingerprint of that key"],
    &[
        "The secret of your authenticator app",
        "Stores it encrypted, reads it to check a code",
        "Until you remove it",
    ],
    &["Passkeys", "Stores their public halves", "Until you remove them"],
    &["Recovery codes", "Stores fingerprints of them", "Until used or replaced"],
    &["Where you are signed in", "Kind of browser and part of the network address", "With the account"],
    &[
        "Your details, people you care for, who may act for you",
        "Sees them and stores them",
        "With the account",
    ],
    &["Which appointments are yours", "Sees it and stores it", "With the booking"],
    &[
        "Medicare, DVA and concession numbers you enter",
        "Stores them encrypted and shows the last digits; opens them for a claim only",
        "Until you remove them",
    ],
    &["Which practices you work for, and as what", "Sees it and stores it", "With the account"],
];

const LOOKING: &[&[&str]] = &[
    &["The place, profession and words you search", "No", "Sees them while it answers", "Not stored"],
    &["“Near me”", "No", "Sees a place rounded to about a kilometre", "Not stored"],
    &["Listings you open", "No", "Sees which while it answers", "Not stored with you"],
    &[
        "Your network address",
        "No",
        "Sees it, to stop floods of requests",
        "A part of it, with what you do to a record",
    ],
    &["Other companies", "", "None: no page makes your browser talk to anybody else", "Nothing"],
];

const DEVICE_COLUMNS: &[&str] = &["What", "What for"];

const DEVICE: &[&[&str]] = &[
    &["Cookie “__Host-guest”", "Shows that a held time and a booking are yours"],
    &["A cookie after you open a link", "Shows that you proved who you are, for that one appointment"],
    &["Cookies “__Host-session” and “__Secure-refresh”", "Keep you signed in; no script can read them"],
    &["“hm.signed_in” in this browser’s storage", "Says that somebody has signed in here, and no more"],
    &["This tab’s memory", "What you typed, until the booking is made or the tab is closed"],
];

/// The page.
#[component]
pub fn WhatWeSeePage() -> Html {
    use_head(Head {
        title: "What we see, and what we do not".to_owned(),
        description: "Exactly what HelloMapper’s computers can read and what they store, row by row."
            .to_owned(),
        canonical: Some("/what-we-see".to_owned()),
        ..Head::default()
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here="What we see" />
            <div class="page-head">
                <h1>{ "What we see, and what we do not" }</h1>
                <p class="lede">
                    { "Health is private. This page says exactly what our computers can read." }
                </p>
            </div>
            <div class="prose">
                <h2>{ "When you book" }</h2>
                <p>
                    { "A booking is the practice’s record. We store it for the practice, so we can read " }
                    { "it. " }
                    { "That you see a certain kind of practitioner says something about your health, and " }
                    { "we treat it so." }
                </p>
                <WordTable caption="Who can read what of a booking" columns={COLUMNS} rows={BOOKING} />
                <h2>{ "When you have an account" }</h2>
                <p>{ "You need none to book. With one, we store this as well:" }</p>
                <WordTable caption="What an account shows us" columns={ACCOUNT_COLUMNS} rows={ACCOUNT} />
                <h2>{ "When you look around" }</h2>
                <p>{ "You can search, read listings and see free times without telling us who you are." }</p>
                <WordTable caption="What searching shows us" columns={COLUMNS} rows={LOOKING} />
                <h2>{ "On your device" }</h2>
                <WordTable caption="What we leave on your device" columns={DEVICE_COLUMNS} rows={DEVICE} />
                <h2>{ "What we cannot promise" }</h2>
                <p>
                    { "What you book is protected on its way and on our servers, but it is not hidden from " }
                    { "us: " }
                    { "we must know who comes when, or the practice would not. This version has no " }
                    { "messages, files or " }
                    { "intake forms. When it asks why you are coming, the answer will be sealed so that " }
                    { "only the practice " }
                    { "can open it, and this page will say so." }
                </p>
                <p><a href="/privacy">{ "The privacy policy" }</a></p>
            </div>
        </div></main>
    }
}
