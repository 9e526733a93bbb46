//! What was agreed to: the copy as a file, and taking it back.

use std::rc::Rc;

use shared_types::{
    payments::assignment::{Assignment, AssignmentKind, AssignmentStatus},
    time::long_date,
};
use yew::prelude::*;

use crate::{
    api::{OwnBooking, claims, use_api_client},
    browser,
    components::notice::{Notice, NoticeKind},
    hooks::{use_act, use_keyed},
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct AgreedProps {
    pub assignment: Rc<Assignment>,
    /// As who holds it shows it; none where their session does.
    pub booking: Option<OwnBooking>,
    /// It was taken back.
    pub on_changed: Callback<Assignment>,
}

/// That it is agreed to, the exact text, and what can be done with it.
#[component]
pub fn Agreed(props: &AgreedProps) -> Html {
    html! {
        <div class="stack">
            <Notice kind={NoticeKind::Success} title={title(&props.assignment)}>
                <p>{ means(&props.assignment) }</p>
                { text(&props.assignment) }
            </Notice>
            <SaveCopy ..props.clone() />
            <div class="optional">
                if can_be_withdrawn(&props.assignment) {
                    <Withdraw ..props.clone() />
                }
            </div>
        </div>
    }
}

fn title(assignment: &Assignment) -> &'static str {
    match assignment.kind {
        AssignmentKind::Pre | AssignmentKind::Post => "You agreed to bulk billing",
        AssignmentKind::Enduring => "You agreed to bulk billing of every visit",
    }
}

fn means(assignment: &Assignment) -> String {
    let document = &assignment.document;
    match assignment.kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            "You pay nothing for this visit. The practice has a copy of what you agreed to.".to_owned()
        }
        AssignmentKind::Enduring => format!(
            "You pay nothing for visits to {} at {} until {}, and are not asked before each. The practice has a copy of what you \
             agreed to.",
            document.professional_name,
            document.practice_name,
            long_date(document.service_until)
        ),
    }
}

/// Whether nothing rests on it: an enduring one ends for what is still to come.
fn can_be_withdrawn(assignment: &Assignment) -> bool {
    match assignment.status {
        AssignmentStatus::Assigned => true,
        AssignmentStatus::ReliedOn => assignment.booking_id.is_none(),
        AssignmentStatus::Offered
        | AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => false,
    }
}

/// The exact text.
fn text(assignment: &Assignment) -> Html {
    let text = assignment.document.to_text();
    let line = |(place, line): (usize, &str)| html! { <p key={place}>{ line.to_owned() }</p> };
    html! {
        <details>
            <summary>{ "What you agreed to" }</summary>
            <div class="stack">
                { for text.lines().enumerate().map(line) }
                <p class="small muted">{ format!("Fingerprint of this text: {}", assignment.document_sha256) }</p>
            </div>
        </details>
    }
}

/// The copy as a file. It is fetched with the booking's ticket, which no link can carry.
#[component]
fn SaveCopy(props: &AgreedProps) -> Html {
    let (client, act) = (use_api_client(), use_act());
    let onclick = {
        let (act, id, booking) = (act.clone(), props.assignment.assignment_id, props.booking.clone());
        move |_: MouseEvent| {
            let (client, booking) = (client.clone(), booking.clone());
            let send = move || {
                let (client, booking) = (client.clone(), booking.clone());
                async move { claims::print_assignment(&client, id, booking.as_ref()).await }
            };
            act.run(send, |page: String| {
                browser::save_file("bulk-bill-agreement.html", "text/html", &page);
            });
        }
    };
    html! {
        <>
            <div class="button-row">
                <button class="button button--quiet" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { "Save the copy" }
                </button>
            </div>
            <Refused {act} />
        </>
    }
}

fn taking_back(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            "Medicare then pays nothing for this visit, and you may have to pay for it. Taking it back costs nothing itself. Talk with \
             the practice about how you want to pay."
        }
        AssignmentKind::Enduring => {
            "It ends for the visits that are still to come: you are asked for each, or may have to pay for it. Visits that you have \
             had stay bulk billed. Taking it back costs nothing itself. You have to be signed in."
        }
    }
}

/// Takes it back, once somebody has read what that means.
#[component]
fn Withdraw(props: &AgreedProps) -> Html {
    let (client, keyed) = (use_api_client(), use_keyed());
    let act = keyed.act.clone();
    let onclick = {
        let on_changed = props.on_changed.clone();
        let (id, booking) = (props.assignment.assignment_id, props.booking.clone());
        move |_: MouseEvent| {
            let (client, booking, on_changed) = (client.clone(), booking.clone(), on_changed.clone());
            let send = move |(), key: String| {
                let (client, booking) = (client.clone(), booking.clone());
                async move { claims::withdraw_assignment(&client, id, booking.as_ref(), key).await }
            };
            keyed.run((), send, move |assignment: Assignment| on_changed.emit(assignment));
        }
    };
    html! {
        <details>
            <summary>{ "I no longer agree" }</summary>
            <div class="stack">
                <p>{ taking_back(props.assignment.kind) }</p>
                <div class="button-row">
                    <button class="button button--danger" type="button" {onclick} aria-busy={act.busy.to_string()}>
                        { "Take my agreement back" }
                    </button>
                </div>
                <Refused {act} />
            </div>
        </details>
    }
}
