//! A page for each kind of problem: `type` of RFC 9457 leads here. People read what happened, what was kept
//! and what to do; programs read the same of the API.

use yew::prelude::*;

use super::not_found::NotFoundPage;
use crate::{components::breadcrumb::Breadcrumb, head::Head, hooks::use_head};

/// What can go wrong, in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemKind {
    /// The last part of its address.
    pub kind: &'static str,
    /// The HTTP status it comes with.
    pub status: u16,
    /// A few words.
    pub title: &'static str,
    /// What happened.
    pub happened: &'static str,
    /// What was kept or changed.
    pub kept: &'static str,
    /// What to do.
    pub next: &'static str,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProblemPageProps {
    pub kind: String,
}

/// The explanation of one kind.
#[component]
pub fn ProblemPage(props: &ProblemPageProps) -> Html {
    match PROBLEMS.iter().find(|problem| problem.kind == props.kind) {
        Some(problem) => html! { <Explained problem={*problem} /> },
        None => html! { <NotFoundPage /> },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ExplainedProps {
    problem: ProblemKind,
}

#[component]
fn Explained(props: &ExplainedProps) -> Html {
    let problem = props.problem;
    use_head(Head {
        title: problem.title.to_owned(),
        description: format!("{} {}", problem.happened, problem.next),
        canonical: Some(format!("/problems/{}", problem.kind)),
        ..Head::default()
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here={problem.title} />
            <div class="page-head"><h1>{ problem.title }</h1><p class="lede">{ problem.happened }</p></div>
            <div class="prose">
                <h2>{ "What was kept" }</h2>
                <p>{ problem.kept }</p>
                <h2>{ "What to do" }</h2>
                <p>{ problem.next }</p>
                <p class="small muted">
                    { "For programs: type " }<code>{ format!("/problems/{}", problem.kind) }</code>
                    { format!(", status {}.", problem.status) }
                </p>
            </div>
        </div></main>
    }
}

/// Every kind the API sends, but `offline`, which only a browser can notice.
pub const PROBLEMS: &[ProblemKind] = &[
    ProblemKind {
        kind: "invalid",
        status: 422,
        title: "Some of this needs another look",
        happened: "We understood the request, but one or more answers cannot be right.",
        kept: "Nothing was changed, and what you typed is still in the form.",
        next: "Each answer that needs a look says what would be right. Change it and send the form again.",
    },
    ProblemKind {
        kind: "not-found",
        status: 404,
        title: "Not found",
        happened: "There is nothing at this address, or it is not yours to see. We do not say which.",
        kept: "Nothing was changed.",
        next: "Check the address. For an appointment, open the link in the e-mail we sent.",
    },
    ProblemKind {
        kind: "time-taken",
        status: 409,
        title: "That time has just gone",
        happened: "Somebody else took the time first. Each time is given to one person only.",
        kept: "What you typed is kept. Nothing was booked.",
        next: "Pick one of the nearest other times that came with the message.",
    },
    ProblemKind {
        kind: "series-changed",
        status: 409,
        title: "One of the times was taken meanwhile",
        happened: "Somebody else took one of the times of the series between looking and booking.",
        kept: "Nothing was booked: a series is booked whole or not at all. What was typed is kept.",
        next: "Look at each visit again, and agree with the patient anew.",
    },
    ProblemKind {
        kind: "hold-expired",
        status: 410,
        title: "The time is no longer held",
        happened: "A time is held for ten minutes, so that others get it when somebody leaves. Those are over.",
        kept: "What you typed is kept. Nothing was booked.",
        next: "Pick a time again. It may be the same one, if nobody took it.",
    },
    ProblemKind {
        kind: "too-many-holds",
        status: 409,
        title: "You hold two times already",
        happened: "One person can hold two times at once, so that there is enough for everybody.",
        kept: "The times you hold stay held until their ten minutes are over.",
        next: "Book or let go of one of them, or wait until it runs out.",
    },
    ProblemKind {
        kind: "too-many-bookings",
        status: 409,
        title: "There are two bookings ahead already",
        happened: "Without an account, one e-mail address or mobile can have two bookings ahead at one practice.",
        kept: "The bookings you have stand. The new one was not made.",
        next: "Move or cancel one with the link in its e-mail, or call the practice to book another.",
    },
    ProblemKind {
        kind: "outside-coverage",
        status: 422,
        title: "This practice does not visit that place",
        happened: "A practice makes home visits in an area of its own, and the address is outside of it.",
        kept: "What you typed is kept, and so is the time that you hold. Nothing was booked.",
        next: "Give another address, book a visit at the practice, or call it.",
    },
    ProblemKind {
        kind: "rate-limited",
        status: 429,
        title: "Too many requests",
        happened: "More requests came from your connection than one person makes. It may be shared with others.",
        kept: "Nothing was changed by the request that was refused.",
        next: "Wait a minute and try again. Programs find the number of seconds in Retry-After.",
    },
    ProblemKind {
        kind: "wrong-proof",
        status: 403,
        title: "That does not match",
        happened: "The date of birth or the code is not the one of this booking.",
        kept: "The appointment is unchanged, and nothing of it was shown.",
        next: "Check the date, which is the patient’s own, or ask for a code by e-mail.",
    },
    ProblemKind {
        kind: "code-only",
        status: 403,
        title: "Only a code opens this link now",
        happened: "Five dates of birth did not match, so the link no longer takes a date.",
        kept: "The appointment is unchanged.",
        next: "Ask for a code. It goes to the e-mail address of the booking.",
    },
    ProblemKind {
        kind: "too-many-statements",
        status: 409,
        title: "There are five statements already",
        happened: "Five statements stand beside this booking, and none is ever changed.",
        kept: "Nothing was added, and the five stay.",
        next: "Call the practice, or write to us.",
    },
    ProblemKind {
        kind: "resource-needed",
        status: 409,
        title: "Something on offer needs this",
        happened: "A room or a device cannot be retired while appointment types that are offered need it.",
        kept: "Nothing was changed.",
        next: "Change the types that the message names, then retire it.",
    },
    ProblemKind {
        kind: "platform-role",
        status: 409,
        title: "You still serve on the platform",
        happened: "An account with a role of ours cannot be closed by itself.",
        kept: "Nothing was erased.",
        next: "Have another administrator take your roles away, then ask again.",
    },
    ProblemKind {
        kind: "last-owner",
        status: 409,
        title: "A practice needs an owner",
        happened: "This would have left the practice without anybody who can name its staff.",
        kept: "Nothing was changed.",
        next: "Make somebody else an owner first, then try again.",
    },
    ProblemKind {
        kind: "epoch-needed",
        status: 409,
        title: "The practice needs new keys first",
        happened: "This person can open what patients seal to the practice, so the practice needs other keys before they go.",
        kept: "Nothing was changed.",
        next: "Make new keys for those who stay. Whoever leaves goes in the same step.",
    },
    ProblemKind {
        kind: "old-epoch",
        status: 409,
        title: "The practice has new keys",
        happened: "What was sent is sealed to keys that the practice has replaced since, or these are not its next ones.",
        kept: "Nothing was changed, and what you typed is kept.",
        next: "Load the page again and send it once more: it is sealed to the new keys then.",
    },
    ProblemKind {
        kind: "note-version",
        status: 409,
        title: "This note has changed since you opened it",
        happened: "A newer version was sent in the meantime, by you on another page or on another device.",
        kept: "Nothing was changed.",
        next: "Look at the note as it is now, and change it again if you still want to.",
    },
    ProblemKind {
        kind: "no-keys",
        status: 404,
        title: "There are no keys yet",
        happened: "What is sealed needs the keys of those who may open it, and somebody here has made none so far.",
        kept: "Nothing was changed.",
        next: "If they are yours, make them in your account. If they are a practice’s, tell it what you need by phone.",
    },
    ProblemKind {
        kind: "notes-full",
        status: 409,
        title: "There is no more room for this appointment",
        happened: "One appointment has room for twenty notes and files, and for 32 MB in all.",
        kept: "What was sent before is kept. This was not sent.",
        next: "Call the practice, or bring the rest along.",
    },
    ProblemKind {
        kind: "not-certified",
        status: 403,
        title: "No owner has vouched for your keys yet",
        happened: "Patients can tell who wrote for a practice by an owner’s word, and there is none for your keys.",
        kept: "Nothing was changed, and nothing was sent.",
        next: "Ask an owner of the practice to give you the key of its mailbox.",
    },
    ProblemKind {
        kind: "has-owner",
        status: 409,
        title: "This practice has an owner",
        happened: "We only invite the first owner of a practice. Its owners invite the next ones themselves.",
        kept: "Nothing was changed, and no invitation was sent.",
        next: "Ask an owner of the practice.",
    },
    ProblemKind {
        kind: "stale-version",
        status: 409,
        title: "It changed in the meantime",
        happened: "The appointment was changed after you opened it, by you on another page or by the practice.",
        kept: "Your change was not made, so that nothing was undone by accident.",
        next: "Look at how it stands now, and change it again if you still want to.",
    },
    ProblemKind {
        kind: "idempotency-key-reused",
        status: 422,
        title: "This key was used for another request",
        happened: "An Idempotency-Key marks one request, so that a repeat does nothing twice. This one came with another body.",
        kept: "The first request stands. The second did nothing.",
        next: "Load the page afresh and try again. Programs make a new key for each new request.",
    },
    ProblemKind {
        kind: "in-progress",
        status: 409,
        title: "Still working on it",
        happened: "The same request is being worked on already.",
        kept: "The first request goes on. This one did nothing.",
        next: "Wait a few seconds and try again: you get the answer of the first.",
    },
    ProblemKind {
        kind: "internal",
        status: 500,
        title: "Something went wrong on our side",
        happened: "We made a mistake, and it is written in our log. The message has a request number, nothing about you.",
        kept: "If you were booking, the time stays held until its ten minutes are over, and what you typed is kept.",
        next: "Try again. If it keeps happening, tell us the request number.",
    },
    ProblemKind {
        kind: "forbidden-origin",
        status: 403,
        title: "The request came from another site",
        happened: "Changes are accepted from HelloMapper’s own pages only, so that no other site can book or cancel for you.",
        kept: "Nothing was changed.",
        next: "Open HelloMapper itself and do it there.",
    },
    ProblemKind {
        kind: "other-host",
        status: 421,
        title: "Nothing is served under this name",
        happened: "Your request reached us under a name that is not HelloMapper’s: a forgotten one, or another site’s.",
        kept: "Nothing was read or changed.",
        next: "Use the address that this site gives for itself. Who runs it finds it in HELLOMAPPER_PUBLIC_URL.",
    },
    ProblemKind {
        kind: "signed-out",
        status: 401,
        title: "Sign in first",
        happened: "This is for people who have signed in, and you have not, or no longer.",
        kept: "Nothing was changed.",
        next: "Sign in and try again.",
    },
    ProblemKind {
        kind: "not-allowed",
        status: 403,
        title: "Your role does not include this",
        happened: "You work here, but what you do here does not include this.",
        kept: "Nothing was changed.",
        next: "Ask somebody who manages roles at your practice.",
    },
    ProblemKind {
        kind: "stronger-sign-in",
        status: 403,
        title: "This needs a stronger sign-in",
        happened: "A password alone is not enough for this.",
        kept: "Nothing was changed.",
        next: "Sign in with a passkey, or with a code from your authenticator app, and try again.",
    },
    ProblemKind {
        kind: "sign-in-again",
        status: 403,
        title: "Sign in again first",
        happened: "This needs a sign-in of a few minutes ago, and yours is older.",
        kept: "Nothing was changed.",
        next: "Sign in again and try once more.",
    },
    ProblemKind {
        kind: "wrong-sign-in",
        status: 403,
        title: "That does not match",
        happened: "The e-mail address, the password, the code or the passkey do not belong together. We do not say which.",
        kept: "Nothing was changed.",
        next: "Check what you entered. If you have just signed up, follow the link in our e-mail first.",
    },
    ProblemKind {
        kind: "link-ended",
        status: 410,
        title: "This link no longer works",
        happened: "Links in our e-mails work once, and only for a time.",
        kept: "Nothing was changed.",
        next: "Ask for a new link and use it soon.",
    },
    ProblemKind {
        kind: "passkey-refused",
        status: 422,
        title: "This passkey was not accepted",
        happened: "What your browser sent does not fit what we asked for, or the time to answer was over.",
        kept: "Nothing was changed.",
        next: "Try again, with another device if it keeps happening.",
    },
    ProblemKind {
        kind: "totp-on",
        status: 409,
        title: "An authenticator app is set up already",
        happened: "An account has one authenticator app at a time.",
        kept: "Nothing was changed.",
        next: "Remove the app that is set up, then set up the other.",
    },
    ProblemKind {
        kind: "totp-off",
        status: 409,
        title: "No authenticator app is set up",
        happened: "This is about the codes of an authenticator app, and your account has none.",
        kept: "Nothing was changed.",
        next: "Set up an authenticator app first.",
    },
    ProblemKind {
        kind: "not-cancellable",
        status: 409,
        title: "This appointment cannot be changed here",
        happened: "It has begun, has taken place, or does not stand any more.",
        kept: "The appointment is as it was.",
        next: "Call the practice. The number is on the appointment’s page and in the e-mail.",
    },
    ProblemKind {
        kind: "nothing-owed",
        status: 409,
        title: "No fee is owed for this appointment",
        happened: "It was not cancelled late and not missed, or the fee was let go already.",
        kept: "Nothing was changed.",
        next: "Load the calendar again to see how it stands.",
    },
    ProblemKind {
        kind: "waitlist-full",
        status: 409,
        title: "You wait for ten times already",
        happened: "One account can be on ten waitlists at once, so that each offer goes to somebody who can take it.",
        kept: "You keep the places that you have.",
        next: "Leave one of the waitlists, then join this one.",
    },
    ProblemKind {
        kind: "proposal-ended",
        status: 410,
        title: "This time is no longer proposed",
        happened: "The practice took it back, the time for an answer is over, or it was answered already.",
        kept: "The appointment stands as it was.",
        next: "Look at the appointment again, or call the practice.",
    },
    ProblemKind {
        kind: "wrong-state",
        status: 409,
        title: "This cannot be done with the appointment as it stands",
        happened: "The appointment stands elsewhere: it is cancelled, under way or over, or was not yet.",
        kept: "Nothing was changed.",
        next: "Load the calendar again to see how it stands, then decide.",
    },
    ProblemKind {
        kind: "no-assignment",
        status: 409,
        title: "The patient has not assigned the benefit",
        happened: "A claim is lodged only once the patient has agreed that Medicare pays the practitioner.",
        kept: "Nothing was sent to Medicare. The claim is kept.",
        next: "Ask the patient for the assignment, or record the one they signed. Then lodge the claim.",
    },
    ProblemKind {
        kind: "already-claimed",
        status: 409,
        title: "One of these services is claimed already",
        happened: "Each service of a visit belongs to one claim, and another claim that stands names one of these.",
        kept: "Nothing was changed.",
        next: "Look at the visit’s other claims, and claim what they leave out.",
    },
    ProblemKind {
        kind: "has-charge",
        status: 409,
        title: "The patient is charged for this visit",
        happened: "What is bulk billed costs the patient nothing, and a charge for this visit stands.",
        kept: "Nothing was changed or sent.",
        next: "Refund the charge first, then claim.",
    },
    ProblemKind {
        kind: "too-old",
        status: 410,
        title: "This visit can no longer be claimed",
        happened: "A claim has to reach Medicare within a year of the visit, and the year is over.",
        kept: "Nothing was sent.",
        next: "Take the claim back, so that it no longer stands in the queue.",
    },
    ProblemKind {
        kind: "medicare-unavailable",
        status: 503,
        title: "Medicare did not answer",
        happened: "Medicare’s system could not be reached, or gave no answer that says anything.",
        kept: "Nothing was changed.",
        next: "Try again later. The visit can take place meanwhile.",
    },
    ProblemKind {
        kind: "practice-not-ready",
        status: 409,
        title: "This practice is not ready for that",
        happened: "The practice has not said what stands on its invoices, or has no account with the card processor.",
        kept: "Nothing was changed and nothing was charged.",
        next: "Patients pay at the practice. Who works there finds what is missing under Money, Account and fees.",
    },
    ProblemKind {
        kind: "too-much",
        status: 409,
        title: "That is more than is left",
        happened: "More would go back than was paid and has not gone back yet.",
        kept: "Nothing was refunded.",
        next: "Look at what was paid and what has gone back already, then choose an amount.",
    },
    ProblemKind {
        kind: "same-person",
        status: 409,
        title: "Somebody else has to agree",
        happened: "Above a limit a refund takes two administrators, and one person asked and agreed.",
        kept: "The refund still waits. Nothing was refunded.",
        next: "Ask another administrator.",
    },
    ProblemKind {
        kind: "too-late",
        status: 409,
        title: "It is too late for this",
        happened: "The time for evidence ends a day before the bank’s own limit.",
        kept: "Nothing was changed.",
        next: "The bank decides on what it has.",
    },
    ProblemKind {
        kind: "card-in-use",
        status: 409,
        title: "A booking is to be paid with this card",
        happened: "The card is held or kept for a booking that is not paid yet.",
        kept: "Nothing was changed.",
        next: "Once that booking is paid or cancelled, remove the card.",
    },
    ProblemKind {
        kind: "already-paid",
        status: 409,
        title: "This is paid already",
        happened: "A payment for the booking was made, or is being made on another page.",
        kept: "Nothing was charged twice.",
        next: "Finish on the page that is open, or look at the booking: it shows what was paid.",
    },
    ProblemKind {
        kind: "nothing-due",
        status: 409,
        title: "Nothing is to be paid here",
        happened: "The booking is paid at the practice, does not stand, or nobody asks for that price any more.",
        kept: "Nothing was charged.",
        next: "Look at the booking again to see what it costs and where that is paid.",
    },
    ProblemKind {
        kind: "bulk-billed",
        status: 409,
        title: "This booking is bulk billed",
        happened: "Medicare pays all of it, so no card is asked for and no fee of any kind is owed.",
        kept: "Nothing was charged.",
        next: "There is nothing to do: come to the appointment.",
    },
    ProblemKind {
        kind: "quote-expired",
        status: 410,
        title: "This offer has ended",
        happened: "A price is offered together with a held time, and ends with it.",
        kept: "Nothing was charged.",
        next: "Hold the time again to see whether it is still free.",
    },
    ProblemKind {
        kind: "quote-signature",
        status: 403,
        title: "This offer is not ours",
        happened: "The price does not carry the mark that we put on each offer.",
        kept: "Nothing was charged.",
        next: "Hold the time again to get an offer.",
    },
    ProblemKind {
        kind: "quote-used",
        status: 409,
        title: "This offer was used already",
        happened: "Each offer is good for one booking.",
        kept: "Nothing was charged again.",
        next: "Hold the time again to get an offer of its own.",
    },
    ProblemKind {
        kind: "identity",
        status: 403,
        title: "These details do not match the booking",
        happened: "The family name, the day of birth or the end of the mobile’s number differ from those of the booking.",
        kept: "Nothing was changed. After five tries the link stops working.",
        next: "Enter them as you gave them when booking, or call the practice.",
    },
    ProblemKind {
        kind: "text-changed",
        status: 409,
        title: "This is not the text that was shown",
        happened: "The agreement was changed between reading it and answering.",
        kept: "Nothing was changed.",
        next: "Read it as it is now, then decide.",
    },
    ProblemKind {
        kind: "relied-on",
        status: 409,
        title: "A claim was made on this agreement",
        happened: "The practice has claimed the benefit that was agreed to.",
        kept: "Nothing was changed.",
        next: "Talk with the practice: it can take the claim back.",
    },
    ProblemKind {
        kind: "verbal-ended",
        status: 422,
        title: "An agreement by word of mouth is no longer enough",
        happened: "The law accepts these for visits until 30 June 2027, and for some reasons only.",
        kept: "Nothing was changed.",
        next: "Have it signed on paper, or send the patient the link.",
    },
    ProblemKind {
        kind: "bulk-bills-everything",
        status: 409,
        title: "This practice bulk bills every eligible service",
        happened: "It said so, and a rule would charge patients with a Medicare card for one of these items.",
        kept: "Nothing was changed.",
        next: "Bulk bill these items, or say first that the practice does not bulk bill everything.",
    },
    ProblemKind {
        kind: "signature",
        status: 400,
        title: "This is not signed by the card processor",
        happened: "What arrives from the card processor is signed, and this was not, or was sent too long ago.",
        kept: "Nothing was changed.",
        next: "Sign the raw bytes, and send them within five minutes.",
    },
    ProblemKind {
        kind: "processor-unavailable",
        status: 503,
        title: "The card processor does not answer",
        happened: "We asked the card processor for a page of its own, and it did not answer in time.",
        kept: "Nothing was charged. What you entered is kept, and so is your time while it is held.",
        next: "Try again in a minute.",
    },
    ProblemKind {
        kind: "too-early",
        status: 409,
        title: "It is too early for this",
        happened: "Some steps of a visit have their hour: nobody arrives a day before, or is missed before the start.",
        kept: "Nothing was changed.",
        next: "Try again from the time that came with the message.",
    },
    ProblemKind {
        kind: "not-bookable",
        status: 409,
        title: "This cannot be booked here",
        happened: "The practice does not take bookings for this through HelloMapper, or has stopped.",
        kept: "Nothing was booked.",
        next: "Call the practice, or look for somebody else nearby.",
    },
    ProblemKind {
        kind: "busy",
        status: 503,
        title: "Too many people at once",
        happened: "More people asked at the same moment than we could answer.",
        kept: "Nothing was changed, and what you typed is kept.",
        next: "Try again in a few seconds.",
    },
    ProblemKind {
        kind: "not-recorded",
        status: 503,
        title: "This could not be written down",
        happened: "Whoever looks at a record or changes one is written down first, and that failed just now.",
        kept: "Nothing was changed, and nothing was shown.",
        next: "Try again in a few seconds.",
    },
    ProblemKind {
        kind: "unreadable",
        status: 400,
        title: "This request cannot be read",
        happened: "What arrived is not what this address takes. Our own pages do not send such a thing.",
        kept: "Nothing was changed.",
        next: "Load the page afresh. Programs find what is taken in the service’s openapi.json.",
    },
    ProblemKind {
        kind: "too-large",
        status: 413,
        title: "This is too large",
        happened: "What was sent is longer than this address takes. The message says how much it takes.",
        kept: "Nothing was changed.",
        next: "Send less: a shorter text or a smaller file.",
    },
    ProblemKind {
        kind: "idempotency-key-missing",
        status: 400,
        title: "This request needs an Idempotency-Key",
        happened: "Changes that must not happen twice carry a key, and this one came without.",
        kept: "Nothing was changed.",
        next: "Programs send a new UUID in Idempotency-Key, and the same one when they repeat a request.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::PROBLEMS;

    #[test]
    fn each_kind_has_one_page_and_says_all_three_things() {
        let kinds: HashSet<_> = PROBLEMS.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds.len(), PROBLEMS.len());
        for problem in PROBLEMS {
            assert!(problem.kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", problem.kind);
            for words in [problem.happened, problem.kept, problem.next] {
                assert!(words.ends_with('.'), "{}: {words}", problem.kind);
            }
        }
    }
}
