//! The bulk-bill agreement on a booking's own pages, and on those of who is signed in: they read it and answer there, without the letter,
//! keep a copy of it and can take it back.

mod agreed;

use std::{rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use shared_types::{
    AssignmentId,
    bookings::Appointment,
    payments::assignment::{Assignment, AssignmentKind, AssignmentStatus},
};
use yew::{platform::spawn_local, prelude::*};

pub use self::agreed::{Agreed, AgreedProps};
use super::assign::AssignForm as Agreement;
use crate::{
    api::{ApiClient, OwnBooking, claims, use_api_client},
    browser,
    components::notice::{Notice, NoticeKind},
    forms::assign::AssignForm,
};

/// How often it is looked for: for a booking that was made just now it is there a moment later.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Clone, PartialEq, Properties)]
pub struct AgreementStepProps {
    pub appointment: Rc<Appointment>,
}

/// The booking's own agreement and those for every visit to the practice; nothing where the visit is not bulk billed.
#[component]
pub fn AgreementStep(props: &AgreementStepProps) -> Html {
    let AgreementStepProps { appointment } = props;
    let client = use_api_client();
    let found = use_state(Vec::<Rc<Assignment>>::new);
    let reads = use_state_eq(|| None::<AssignmentId>);
    let booking = OwnBooking::of(appointment).filter(|_| appointment.appointment_type.bulk_billed);
    {
        let (booking, set) = (booking.clone(), found.setter());
        // A move is another link of the booking, and may need another agreement.
        use_effect_with(appointment.appointment_id, move |_| {
            if let Some(booking) = booking {
                spawn_local(async move {
                    let all = all(&client, &booking).await;
                    set.set(shown(&all).into_iter().cloned().map(Rc::new).collect());
                });
            }
        });
    }
    let Some(booking) = booking else { return Html::default() };
    html! {
        <>
            { for found.iter().map(|assignment| html! {
                <OneAgreement key={assignment.assignment_id.to_string()} assignment={Rc::clone(assignment)}
                    booking={booking.clone()} reads={reads.clone()} />
            }) }
        </>
    }
}

/// What of a booking's agreements, the latest first, its page shows: those for every visit that are open or good, and its own latest;
/// that one is not asked for where another is good for the visit.
pub fn shown(all: &[Assignment]) -> Vec<&Assignment> {
    let is_open =
        |of: &Assignment| matches!(of.status, AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed);
    let is_good =
        |of: &Assignment| matches!(of.status, AssignmentStatus::Assigned | AssignmentStatus::ReliedOn);
    let enduring: Vec<_> =
        all.iter().filter(|of| of.booking_id.is_none() && (is_open(of) || is_good(of))).collect();
    let is_needless = |own: &Assignment| {
        is_open(own)
            && enduring.iter().any(|of| {
                is_good(of)
                    && of.document.provider_number == own.document.provider_number
                    && of.document.service_from <= own.document.service_from
                    && own.document.service_from <= of.document.service_until
            })
    };
    let own = all.iter().find(|of| of.booking_id.is_some()).filter(|own| !is_needless(own));
    own.into_iter().chain(enduring.iter().copied()).collect()
}

#[derive(Clone, PartialEq, Properties)]
pub struct OneAgreementProps {
    pub assignment: Rc<Assignment>,
    /// As who holds it shows it; none where their session does.
    #[prop_or_default]
    pub booking: Option<OwnBooking>,
    /// Which one is being read: one at a time.
    pub reads: UseStateHandle<Option<AssignmentId>>,
    /// It was answered, or taken back.
    #[prop_or_default]
    pub on_changed: Callback<Assignment>,
}

/// The question, and the agreement once somebody wants to read it.
#[component]
pub fn OneAgreement(props: &OneAgreementProps) -> Html {
    let OneAgreementProps { booking, reads, .. } = props;
    let form = use_reducer(AssignForm::default);
    let changed = use_state(|| None::<Rc<Assignment>>);
    let assignment = changed.as_ref().map_or_else(|| Rc::clone(&props.assignment), Rc::clone);
    let notice = use_node_ref();
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(changed.is_some(), move |taken_back| {
            if *taken_back {
                browser::focus_node(&notice);
            }
        });
    }
    let id = assignment.assignment_id;
    let is_read = **reads == Some(id);
    match assignment.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed if is_read => html! {
            <div class="card">
                <Agreement {assignment} {form} booking={booking.clone()} signed_in={booking.is_none()}
                    on_answered={props.on_changed.clone()} />
            </div>
        },
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed => {
            let onclick = {
                let reads = reads.clone();
                move |_: MouseEvent| reads.set(Some(id))
            };
            question(assignment.kind, booking.is_none(), onclick.into())
        }
        AssignmentStatus::Assigned | AssignmentStatus::ReliedOn => {
            let on_changed = {
                let (changed, on_changed) = (changed.setter(), props.on_changed.clone());
                move |after: Assignment| {
                    on_changed.emit(after.clone());
                    changed.set(Some(Rc::new(after)));
                }
            };
            html! { <Agreed {assignment} booking={booking.clone()} {on_changed} /> }
        }
        AssignmentStatus::Withdrawn => html! {
            <Notice kind={NoticeKind::Soon} title="You took your agreement to bulk billing back" node_ref={notice}>
                <p>{ withdrawn(assignment.kind) }</p>
            </Notice>
        },
        AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => Html::default(),
    }
}

fn withdrawn(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            "Nothing is claimed on it. Talk with the practice about how you want to pay."
        }
        AssignmentKind::Enduring => {
            "No visit that is still to come is claimed on it, and visits that you have had stay bulk billed. Talk with the practice \
             about how you want to pay."
        }
    }
}

fn question(kind: AssignmentKind, signed_in: bool, onclick: Callback<MouseEvent>) -> Html {
    let (title, words) = match kind {
        AssignmentKind::Pre | AssignmentKind::Post => (
            "Your agreement to bulk billing is still needed",
            "Medicare pays for this visit once you have agreed. Saying no costs nothing.",
        ),
        AssignmentKind::Enduring => (
            "The practice asks for your agreement to every visit",
            "Once you have agreed, Medicare pays for your visits until its last day, and you are not asked before each. Saying no costs \
             nothing, and you can take it back later.",
        ),
    };
    html! {
        <Notice kind={NoticeKind::Soon} {title}>
            <p>
                { words }
                if kind == AssignmentKind::Enduring && !signed_in { { " Sign in to answer it." } }
            </p>
            <div class="button-row">
                <button type="button" class="button" {onclick}>{ "Read it and answer" }</button>
            </div>
        </Notice>
    }
}

/// The agreements of the booking, the latest first. What cannot be had is in the letter, too.
async fn all(client: &ApiClient, booking: &OwnBooking) -> Vec<Assignment> {
    for _ in 0..LOOKS {
        let Ok(list) = claims::list_own_assignments(client, booking).await else { return Vec::new() };
        if !list.items.is_empty() {
            return list.items;
        }
        sleep(PAUSE).await;
    }
    Vec::new()
}
