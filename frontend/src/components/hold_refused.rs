//! Why a time could not be kept, with what to do instead.

use shared_types::bookings::BookedRole;
use yew::prelude::*;

use super::{
    hold_notice::TimeGone,
    notice::{Notice, NoticeKind},
    time_button::TimeContext,
    times_rest::long_when,
};
use crate::{forms::attempt::outcome_is_open, held_here::HeldHere, hooks::TakeHold};

#[derive(Clone, PartialEq, Properties)]
pub struct HoldRefusedProps {
    pub role: BookedRole,
    pub hold: TakeHold,
}

/// Nothing while all is well.
#[component]
pub fn HoldRefused(props: &HoldRefusedProps) -> Html {
    let HoldRefusedProps { role, hold } = props;
    let (Some(problem), Some(wanted)) = (&hold.problem, hold.wanted) else { return Html::default() };
    if problem.is("time-taken") {
        let context = TimeContext {
            role_id: role.practitioner_role_id,
            act: format!("Book {}", role.name).into(),
            type_id: wanted.type_id,
            zone: role.time_zone,
            // A problem names no moment, so there is no "tomorrow" to count from.
            as_of: None,
            chosen: None,
            on_choose: Some(hold.take.clone()),
        };
        let next = match problem.alternatives.as_slice() {
            [] => "Pick another time below.",
            _ => "These are the nearest times:",
        };
        let gone = "Somebody else took it, or it begins too soon to be booked. What you typed is kept.";
        let detail = format!("{gone} {next}");
        let alternatives = problem.alternatives.clone();
        return html! { <TimeGone title="That time has just gone" {detail} {alternatives} {context} /> };
    }
    let retry = hold.take.reform(move |_: MouseEvent| wanted);
    let may_pass = outcome_is_open(problem) || problem.status == 429 || problem.is("too-many-holds");
    html! {
        <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
            <p>{ problem.detail.clone().unwrap_or_else(|| "What you typed is kept.".to_owned()) }</p>
            if problem.is("too-many-holds") {
                { ways_back(&hold.held) }
            }
            <div class="button-row">
                if may_pass {
                    <button type="button" class="button" onclick={retry}>{ "Try again" }</button>
                }
            </div>
        </Notice>
    }
}

/// To the times that this tab knows of; whatever else is held runs out.
fn ways_back(held: &[HeldHere]) -> Html {
    let link = |one: &HeldHere| {
        html! {
            <li key={one.hold_id.to_string()}>
                <a href={format!("/book/hold/{}", one.hold_id)}>
                    { format!("Go on with {}", long_when(one.start, one.time_zone)) }
                </a>
            </li>
        }
    };
    html! {
        <>
            if !held.is_empty() {
                <ul role="list" aria-label="Times you hold">{ for held.iter().map(link) }</ul>
                <p>{ "Leaving the page of a held time lets it go." }</p>
            }
            <p>{ "If you do neither, the older one is let go by itself, in at most ten minutes." }</p>
        </>
    }
}
