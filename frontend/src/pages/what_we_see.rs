//! What the server can read and what it stores. What it stores comes from [`crate::seen`], which a test compares with the
//! database; what it uses and forgets, and what it leaves on a device, stands here.

use yew::prelude::*;

use crate::{
    components::{breadcrumb::Breadcrumb, facts_table::WordTable, seen_table::SeenTableView},
    head::Head,
    hooks::use_head,
    seen::{Class, SeenTable, envelope, tables},
};

/// The parts of the page: the name in the data, the heading, and what it begins with.
const GROUPS: &[(&str, &str, &str)] = &[
    (
        "booking",
        "When you book",
        "A booking is the practice’s record. We store it for the practice, so we can read it. That you see a certain kind of \
         practitioner says something about your health, and we treat it so.",
    ),
    (
        "notes",
        "What you and the practice write to each other",
        "Why you are coming, answers to a practice’s questions, files and messages are sealed in your browser. Only you and \
         the practice can open them.",
    ),
    ("account", "When you have an account", "You need none to book. With one, we store this as well."),
    ("people", "Your details, and who acts for whom", "What you add to your account."),
    ("money", "Cards and costs", "We take no payment here, and no card that pays."),
    ("messages", "Messages", "What we write to you, until it is sent, and when we remind you."),
    (
        "record",
        "What we write down about your record",
        "Who looked, what you agreed to, and what was destroyed: so that you, and those who watch over us, can check.",
    ),
    ("work", "If you work at a practice, or for us", "What lets you in there."),
    ("listings", "Listings and calendars", "Practices and practitioners, as everybody can see them."),
    ("machinery", "How our programs work together", "What they tell each other and forget."),
];

const LOOKING_COLUMNS: &[&str] = &["What", "HelloMapper", "Kept"];

const LOOKING: &[&[&str]] = &[
    &["The place, profession and words you search", "Sees them while it answers", "Not stored"],
    &["“Near me”", "Sees a place rounded to about a kilometre", "Not stored"],
    &["Listings you open", "Sees which while it answers", "Not stored with you"],
    &[
        "Your network address",
        "Sees it, to stop floods of requests",
        "A part of it, with what you do to a record",
    ],
    &[
        "A password you choose, to compare it with stolen ones",
        "Sees five digits of a fingerprint, which one password in a million shares",
        "Not stored",
    ],
    &["Your password itself", "Never sees it: your browser sends a key made of it", "Not stored"],
    &["Other companies", "None: no page makes your browser talk to anybody else", "Nothing"],
    &[
        "Messages on a device, if you switch them on",
        "Sends them, encrypted for your browser, through its maker’s push service, to which your browser talks by itself",
        "The browser’s address there, until you switch them off",
    ],
];

const DEVICE_COLUMNS: &[&str] = &["What", "What for"];

const DEVICE: &[&[&str]] = &[
    &["Cookie “__Host-guest”", "Shows that a held time and a booking are yours"],
    &["A cookie after you open a link", "Shows that you proved who you are, for that one appointment"],
    &["Cookies “__Host-session” and “__Secure-refresh”", "Keep you signed in; no script can read them"],
    &["“hm.signed_in” in this browser’s storage", "Says that somebody has signed in here, and no more"],
    &[
        "A worker that shows messages, if you switch them on",
        "Shows what the bell tells while no page is open; it sees no page and fetches nothing",
    ],
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
    let tables = tables();
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here="What we see" />
            <div class="page-head">
                <h1>{ "What we see, and what we do not" }</h1>
                <p class="lede">
                    { "Health is private. This page says exactly what our computers store and can read: every " }
                    { "column of every table. A test keeps it complete." }
                </p>
            </div>
            <div class="prose">
                { legend() }
                { for GROUPS.iter().map(|group| section(*group, &tables)) }
                <h2>{ "When you look around" }</h2>
                <p>{ "You can search, read listings and see free times without telling us who you are." }</p>
                <WordTable caption="What is used and not stored" columns={LOOKING_COLUMNS} rows={LOOKING} />
                <h2>{ "On your device" }</h2>
                <WordTable caption="What we leave on your device" columns={DEVICE_COLUMNS} rows={DEVICE} />
                { limits() }
                <p><a href="/privacy">{ "The privacy policy" }</a></p>
            </div>
        </div></main>
    }
}

fn legend() -> Html {
    html! {
        <>
            <h2>{ "What the words mean" }</h2>
            <dl class="pairs">
                { for Class::ALL.into_iter().map(|class| html! {
                    <key={class.code()}><dt>{ class.words() }</dt><dd>{ class.meaning() }</dd></>
                }) }
            </dl>
        </>
    }
}

fn section((group, heading, words): (&str, &'static str, &'static str), tables: &[SeenTable]) -> Html {
    let its_own = tables.iter().filter(|table| table.group == group);
    html! {
        <section key={heading} class="seen-group">
            <h2>{ heading }</h2>
            <p>{ words }</p>
            { for its_own.map(|table| html! {
                <SeenTableView key={format!("{}.{}", table.schema, table.name)} table={table.clone()} />
            }) }
            { if group == "notes" { outside_of_a_note() } else { Html::default() } }
        </section>
    }
}

fn outside_of_a_note() -> Html {
    html! {
        <details class="seen">
            <summary><span class="seen__title">{ "What stands on the outside of a sealed note" }</span></summary>
            <ul>{ for envelope().into_iter().map(|[field, words]| html! { <li key={field}>{ words }</li> }) }</ul>
        </details>
    }
}

fn limits() -> Html {
    html! {
        <>
            <h2>{ "What we cannot promise" }</h2>
            <p>
                { "Who comes when is protected on its way and on our servers, but it is not hidden from us: we must " }
                { "know, or the practice would not. When and how much you write is not hidden either, only what you " }
                { "write." }
            </p>
            <p>
                { "Your browser seals notes with programs that it gets from us. Everybody gets the same, and changes " }
                { "show; but a browser that is made to run other programs is no longer yours, and a device that " }
                { "somebody else controls keeps nothing from them." }
            </p>
        </>
    }
}
