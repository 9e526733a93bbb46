//! `/practice/{organization_id}/messages`: messages about a practice's bookings that did not arrive, why, and sending them again.
//! notifications knows which booking each is about, bookings who comes and when; the page puts them together.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use shared_types::{
    BookingId, OrganizationId,
    bookings::{PRACTICE_BOOKINGS, PracticeAppointment, practice::CALENDAR_STAFF},
    notifications::UndeliveredMessage,
    page::Page,
    providers::phone_words,
};
use yew::prelude::*;

use super::{
    Desk, DeskProps, ForStaff, READERS, calendar_path, desk_path, inbox::when_and_what, money::turning,
};
use crate::{
    api::{notifications, practice, use_api_client},
    browser,
    calendar::view::query_of_booking,
    components::{
        about::about_words,
        failed::Failed,
        message_words::{channel_words, message_words, tried_words, undelivered_words},
        moment::Moment,
        times_rest::dialled,
    },
    hooks::{use_act, use_head, use_private_api, use_private_api_if, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
    },
};

const TITLE: &str = "Messages that did not arrive";
const REST: &str = "/messages";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct UndeliveredPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn UndeliveredPage(props: &UndeliveredPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Undelivered {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={READERS} {render} />
    }
}

#[component]
fn Undelivered(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let sent = use_state_eq(|| false);
    let path = notifications::list_undelivered(organization_id, cursor.as_deref());
    let page = use_private_api::<Page<UndeliveredMessage>>(path, version);
    let listed = page.as_ref().and_then(|answer| answer.as_ref().ok());
    let asked = listed.filter(|page| !page.items.is_empty());
    let asked = asked.map(|page| practice::practice_bookings(organization_id, &bookings_of(&page.items)));
    let booked = use_private_api_if::<Page<PracticeAppointment>>(asked, version);
    // Without an answer the messages are there all the same.
    let booked = booked.map(|answer| Rc::new(answer.map(|page| page.items.clone()).unwrap_or_default()));
    let on_sent = {
        let (on_again, sent) = (on_again.clone(), sent.setter());
        Callback::from(move |()| {
            sent.set(true);
            on_again.emit(());
            // The button has gone with what it did.
            browser::focus("main");
        })
    };
    let list = match page {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(organization_id, REST)} {on_again} /> }
        }
        Some(Ok(page)) => html! {
            <>
                <UndeliveredList items={Rc::new(page.items.clone())} {booked} {organization_id} {on_sent}
                    leads={props.desk.roles.iter().any(|role| CALENDAR_STAFF.contains(role))} />
                { turning(&cursor, page.next.as_ref()) }
            </>
        },
    };
    html! {
        <div class="stack">
            <p>
                { "What we could not hand over to a patient, the latest first. You know how else to reach them: a call is \
                   often the quickest." }
            </p>
            <p><a href={desk_path(organization_id, "/messages/previews")}>{ "See what our messages say" }</a></p>
            <div class="optional" role="status">
                if *sent {
                    <p>{ "It goes out again within a minute. If it fails once more, it comes back here." }</p>
                }
            </div>
            <div class="optional">{ list }</div>
        </div>
    }
}

/// Which bookings to ask about, each once.
fn bookings_of(items: &[UndeliveredMessage]) -> Vec<BookingId> {
    let ids: BTreeSet<_> = items.iter().map(|one| one.booking_id).collect();
    ids.into_iter().take(PRACTICE_BOOKINGS).collect()
}

/// What is known of the appointment that a message is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    /// It is being looked up.
    Asked,
    /// It was not found, or nobody answered.
    Unknown,
    /// This one.
    Appointment(Rc<PracticeAppointment>),
}

#[derive(Clone, PartialEq, Properties)]
pub struct UndeliveredListProps {
    pub items: Rc<Vec<UndeliveredMessage>>,
    /// The appointments that they are about, as far as they were found; absent while they are looked up.
    pub booked: Option<Rc<Vec<PracticeAppointment>>>,
    pub organization_id: OrganizationId,
    /// Whether the calendar is for whoever reads this.
    pub leads: bool,
    pub on_sent: Callback<()>,
}

/// The messages, in the order they came.
#[component]
pub fn UndeliveredList(props: &UndeliveredListProps) -> Html {
    let UndeliveredListProps { items, booked, organization_id, leads, on_sent } = props;
    if items.is_empty() {
        return html! { <p>{ "Nothing is here: all messages about your bookings were handed over." }</p> };
    }
    let found: BTreeMap<BookingId, &PracticeAppointment> =
        booked.iter().flat_map(|booked| booked.iter()).map(|one| (one.booking_id, one)).collect();
    let about = |booking_id: BookingId| match (booked, found.get(&booking_id)) {
        (None, _) => About::Asked,
        (Some(_), None) => About::Unknown,
        (Some(_), Some(one)) => About::Appointment(Rc::new((*one).clone())),
    };
    html! {
        <ul class="stack" role="list">
            { for items.iter().map(|one| html! {
                <Row key={one.message_id.to_string()} message={Rc::new(one.clone())} about={about(one.booking_id)}
                    organization_id={*organization_id} leads={*leads} on_sent={on_sent.clone()} />
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    message: Rc<UndeliveredMessage>,
    about: About,
    organization_id: OrganizationId,
    leads: bool,
    on_sent: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { message, about, organization_id, leads, on_sent } = props;
    let (client, act) = (use_api_client(), use_act());
    let (organization_id, message_id) = (*organization_id, message.message_id);
    let onclick = {
        let (act, on_sent) = (act.clone(), on_sent.clone());
        move |_: MouseEvent| {
            let (client, on_sent) = (client.clone(), on_sent.clone());
            let send = move || {
                let client = client.clone();
                async move { notifications::send_again(&client, organization_id, message_id).await }
            };
            act.run(send, move |()| on_sent.emit(()));
        }
    };
    let kind = message_words(&message.template);
    let who = match about {
        About::Appointment(one) => one.patient.name.expose().clone(),
        About::Asked | About::Unknown => "An appointment".to_owned(),
    };
    html! {
        <li class="card stack">
            <h2>{ &who }</h2>
            <p>{ which(about, organization_id, *leads) }</p>
            <div class="optional">
                if let About::Appointment(one) = about {
                    { call(one) }
                }
            </div>
            <p>
                <strong>{ format!("{kind}, {}", channel_words(message.channel)) }</strong>
                { ". Written " }<Moment at={message.written_at} />{ "." }
            </p>
            <p>{ undelivered_words(message.reason, message.channel) }</p>
            <p class="small muted">{ tried_words(message.attempts, message.why.as_deref()) }</p>
            <div class="optional stack">
                if message.can_be_sent_again {
                    <div class="button-row">
                        <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                            { "Send again" }{ about_words(&format!("{kind}, {who}")) }
                        </button>
                    </div>
                    <Refused act={act.clone()} />
                } else {
                    <p class="small">
                        { "It cannot be sent again: there is later news of this booking, its time is over, it went another way, \
                           or its words were deleted, which we do once a mail server has taken it, and after a week." }
                    </p>
                }
            </div>
        </li>
    }
}

/// Which appointment it is about, with the way to it.
fn which(about: &About, organization_id: OrganizationId, leads: bool) -> Html {
    match about {
        About::Asked => html! { { "Looking up which appointment…" } },
        About::Unknown => {
            html! { { "We cannot say which appointment: it is not with your practice any more, or could not be looked up." } }
        }
        About::Appointment(one) if leads => {
            let query = query_of_booking(one.time_zone.date(one.start), one.booking_id);
            html! { <a href={calendar_path(organization_id, &query)}>{ when_and_what(one) }</a> }
        }
        About::Appointment(one) => html! { { when_and_what(one) } },
    }
}

/// The way to reach whoever comes without us, where they gave a number.
fn call(one: &PracticeAppointment) -> Html {
    let number = one.patient.mobile.expose();
    if number.is_empty() {
        return Html::default();
    }
    html! { <p><a href={format!("tel:{}", dialled(number))}>{ format!("Call {}", phone_words(number)) }</a></p> }
}
