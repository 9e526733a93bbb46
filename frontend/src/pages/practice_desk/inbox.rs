//! `/practice/{organization_id}`: bookings that patients or colleagues have written about, the newest first.

use shared_types::{OrganizationId, bookings::PracticeAppointment, time};
use yew::prelude::*;

use super::{Desk, DeskProps, ForStaff, READERS, desk_path, thread::thread_path};
use crate::{
    components::{failed::Failed, moment::Moment},
    forms::desk::utc_day,
    hooks::{
        use_head,
        use_inbox::{Inbox, InboxRow, use_inbox},
    },
    pages::{account::loading, hold::private_head},
};

const TITLE: &str = "Inbox";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct InboxPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn InboxPage(props: &InboxPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <InboxList {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest="" needs={READERS} {render} />
    }
}

#[component]
fn InboxList(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let inbox = use_inbox(organization_id);
    let here = desk_path(organization_id, "");
    match (&inbox.rows, &inbox.act.problem) {
        (None, Some(problem)) => html! {
            <Failed problem={problem.clone()} {here} on_again={inbox.on_again.clone()} />
        },
        (None, None) => loading(),
        (Some(rows), _) if rows.is_empty() => html! {
            <div class="stack">
                <p>{ "Nothing is here yet. What patients write when they book comes here, sealed." }</p>
                <p><a href={desk_path(organization_id, "/keys")}>{ "See whether your practice can be written to" }</a></p>
            </div>
        },
        (Some(rows), problem) => html! {
            <div class="stack">
                <p class="muted">
                    { "Who comes and when is the booking’s; what they write opens with your keys only." }
                </p>
                <ul class="inbox" role="list">{ for rows.iter().map(|row| item(organization_id, row)) }</ul>
                if let Some(problem) = problem {
                    <Failed problem={problem.clone()} {here} on_again={inbox.on_more.clone()} />
                }
                { more(&inbox) }
            </div>
        },
    }
}

fn more(inbox: &Inbox) -> Html {
    if !inbox.has_more {
        return html! { <p class="small muted">{ "That is all." }</p> };
    }
    let onclick = inbox.on_more.reform(|_: MouseEvent| ());
    html! {
        <div class="pager">
            <button class="button button--quiet" type="button" {onclick} aria-busy={inbox.act.busy.to_string()}>
                { if inbox.act.busy { "Loading…" } else { "Show more" } }
            </button>
        </div>
    }
}

fn item(organization_id: OrganizationId, row: &InboxRow) -> Html {
    let InboxRow { notes, appointment } = row;
    let href = thread_path(organization_id, notes.booking_id);
    let (who, what) = match appointment {
        Some(one) => (one.patient.name.expose().clone(), when_and_what(one)),
        None => ("A booking".to_owned(), time::long_date(utc_day(notes.start))),
    };
    let count = match notes.notes {
        1 => "1 message, it came ".to_owned(),
        count => format!("{count} messages, the newest came "),
    };
    html! {
        <li key={notes.booking_id.to_string()} class="card inbox__item">
            <p class="inbox__who">
                <a {href}>{ who }</a>
                if notes.unread {
                    <span class="badge badge--soon">{ "New" }</span>
                }
            </p>
            <p>{ what }</p>
            <p class="small muted">{ count }<Moment at={notes.newest_at} /></p>
        </li>
    }
}

/// `Tuesday 24 November 2026, 9:15 am: First visit with Priya Nairwood`.
pub fn when_and_what(one: &PracticeAppointment) -> String {
    let zone = one.time_zone;
    let (date, clock) = (time::long_date(zone.date(one.start)), time::clock_words(zone.time(one.start)));
    format!("{date}, {clock}: {} with {}", one.appointment_type_name, one.practitioner_name)
}
