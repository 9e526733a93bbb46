//! The bulk-bill agreement on a booking's own pages: who holds the booking reads it and answers there, without the letter, keeps a copy of
//! it and can take it back.

mod agreed;

use std::{rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use shared_types::{
    bookings::Appointment,
    payments::assignment::{Assignment, AssignmentStatus},
};
use yew::{platform::spawn_local, prelude::*};

pub use self::agreed::{Agreed, AgreedProps};
use super::assign::AssignForm as Agreement;
use crate::{
    api::{ApiClient, OwnBooking, payments, use_api_client},
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

/// The question, and the agreement once somebody wants to read it; nothing where the visit is not bulk billed.
#[component]
pub fn AgreementStep(props: &AgreementStepProps) -> Html {
    let AgreementStepProps { appointment } = props;
    let (client, form) = (use_api_client(), use_reducer(AssignForm::default));
    let (found, reads) = (use_state(|| None::<Rc<Assignment>>), use_state_eq(|| false));
    let booking = OwnBooking::of(appointment).filter(|_| appointment.appointment_type.bulk_billed);
    {
        let (booking, set) = (booking.clone(), found.setter());
        // A move is another link of the booking, and may need another agreement.
        use_effect_with(appointment.appointment_id, move |_| {
            if let Some(booking) = booking {
                spawn_local(async move { set.set(latest(&client, &booking).await.map(Rc::new)) });
            }
        });
    }
    let (taken_back, notice) = (use_state_eq(|| false), use_node_ref());
    {
        let notice = notice.clone();
        // The button that had the focus is gone.
        use_effect_with(*taken_back, move |taken_back| {
            if *taken_back {
                browser::focus_node(&notice);
            }
        });
    }
    let (Some(booking), Some(assignment)) = (booking, (*found).clone()) else { return Html::default() };
    let is_read = *reads;
    let onclick = move |_: MouseEvent| reads.set(true);
    match assignment.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed if is_read => html! {
            <div class="card"><Agreement {assignment} {form} {booking} /></div>
        },
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed => html! {
            <Notice kind={NoticeKind::Soon} title="Your agreement to bulk billing is still needed">
                <p>{ "Medicare pays for this visit once you have agreed. Saying no costs nothing." }</p>
                <div class="button-row">
                    <button type="button" class="button" {onclick}>{ "Read it and answer" }</button>
                </div>
            </Notice>
        },
        AssignmentStatus::Assigned | AssignmentStatus::ReliedOn => {
            let on_changed = {
                let (found, taken_back) = (found.setter(), taken_back.setter());
                move |changed: Assignment| {
                    found.set(Some(Rc::new(changed)));
                    taken_back.set(true);
                }
            };
            html! { <Agreed {assignment} {booking} {on_changed} /> }
        }
        AssignmentStatus::Withdrawn => html! {
            <Notice kind={NoticeKind::Soon} title="You took your agreement to bulk billing back" node_ref={notice}>
                <p>{ "Nothing is claimed on it. Talk with the practice about how you want to pay." }</p>
            </Notice>
        },
        AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => Html::default(),
    }
}

/// The latest agreement of the booking. What cannot be had is in the letter, too.
async fn latest(client: &ApiClient, booking: &OwnBooking) -> Option<Assignment> {
    for _ in 0..LOOKS {
        let list = payments::list_own_assignments(client, booking).await.ok()?;
        if let Some(latest) = list.items.into_iter().next() {
            return Some(latest);
        }
        sleep(PAUSE).await;
    }
    None
}
