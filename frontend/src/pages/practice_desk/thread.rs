//! `/practice/{organization_id}/bookings/{booking_id}`: what was said about one booking, and answering it.

use shared_types::{BookingId, OrganizationId, bookings::PracticeAppointment, time};
use yew::prelude::*;

use super::{Desk, ForStaff, READERS, desk_path, inbox::when_and_what};
use crate::{
    browser,
    components::{booking_summary::pair, statements::PatientSays, thread_view::ThreadView},
    hooks::{
        use_head,
        use_inbox::use_practice_appointment,
        use_thread::{Place, Side, use_thread},
    },
    pages::{account::with_keys::WithKeys, hold::private_head},
};

const TITLE: &str = "Messages about a booking";

/// Where a booking's notes are, for the practice's side.
pub fn thread_path(organization_id: OrganizationId, booking_id: BookingId) -> String {
    desk_path(organization_id, &format!("/bookings/{booking_id}"))
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ThreadPageProps {
    pub organization_id: OrganizationId,
    pub booking_id: BookingId,
}

/// The page.
#[component]
pub fn ThreadPage(props: &ThreadPageProps) -> Html {
    use_head(private_head(TITLE));
    let ThreadPageProps { organization_id, booking_id } = *props;
    let rest = AttrValue::from(format!("/bookings/{booking_id}"));
    let here = AttrValue::from(thread_path(organization_id, booking_id));
    let render = Callback::from(move |desk: Desk| {
        html! {
            <WithKeys me={desk.me.clone()} here={here.clone()}
                why="What patients write is sealed. Open your keys to read and answer it.">
                <PracticeThread {desk} {booking_id} here={here.clone()} />
            </WithKeys>
        }
    });
    html! { <ForStaff title={TITLE} {organization_id} {rest} needs={READERS} {render} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct PracticeThreadProps {
    desk: Desk,
    booking_id: BookingId,
    here: AttrValue,
}

#[component]
fn PracticeThread(props: &PracticeThreadProps) -> Html {
    let PracticeThreadProps { desk, booking_id, here } = props;
    let (organization_id, me) = (desk.organization_id, desk.me.account_id);
    let side = Side::Practice(organization_id);
    let thread = use_thread(Place { booking_id: *booking_id, account_id: me, side });
    let booked = use_practice_appointment(organization_id, *booking_id);
    let inbox = desk_path(organization_id, "");
    let on_leave = {
        let inbox = inbox.clone();
        Callback::from(move |()| browser::navigate(&inbox))
    };
    let (other, phone) = match &booked {
        Some(one) => (one.patient.name.expose().clone(), Some(one.patient.mobile.expose().clone())),
        None => ("the patient".to_owned(), None),
    };
    let hint = format!("Sealed in your browser: {other} and those who read at {} can read it.", desk.name);
    html! {
        <div class="stack">
            <p><a class="back-link" href={inbox}>{ "Inbox" }</a></p>
            { booked.as_deref().map(who).unwrap_or_default() }
            <PatientSays statements={booked.as_deref().map(|one| one.statements.clone()).unwrap_or_default()} />
            <ThreadView {thread} {me} here={here.clone()} {other} phone={phone.map(AttrValue::from)} {hint} {on_leave}
                empty="Nothing was said about this booking yet." />
        </div>
    }
}

/// Who comes, as they told the practice.
fn who(one: &PracticeAppointment) -> Html {
    let patient = &one.patient;
    let called = patient.preferred_name.as_ref().map(|name| format!("Called {}", name.expose()));
    let born = time::long_date(*patient.date_of_birth.expose());
    let born = born.split_once(' ').map(|(_, date)| date.to_owned()).unwrap_or_default();
    let pairs = [
        ("Who", patient.name.expose().clone(), called),
        ("Born", born, None),
        ("When", when_and_what(one), None),
        ("Mobile", patient.mobile.expose().clone(), None),
    ];
    html! { <div class="card"><dl class="pairs pairs--tight">{ for pairs.into_iter().map(pair) }</dl></div> }
}
