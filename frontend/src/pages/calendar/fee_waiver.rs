//! The fee for cancelling late or not coming, and letting it go. Whether a card was charged for it already, bookings does not know.

use std::rc::Rc;

use shared_types::{
    AudCents, OrganizationId,
    bookings::practice::{CalendarAppointment, SeenVersion},
};
use yew::prelude::*;

use super::{aside::TITLE_ID, fee_money::FeeMoney};
use crate::{
    api::{calendar, use_api_client},
    browser,
    forms::attempt::Attempt,
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct FeeWaiverProps {
    pub appointment: Rc<CalendarAppointment>,
    pub organization_id: OrganizationId,
    /// Whether the practice's money is for whoever reads this.
    pub bills: bool,
    pub on_put: Callback<CalendarAppointment>,
}

/// The fee, what became of it, and the button; nothing where there is none.
#[component]
pub fn FeeWaiver(props: &FeeWaiverProps) -> Html {
    let FeeWaiverProps { appointment, organization_id, bills, on_put } = props;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    if appointment.late_fee_cents <= AudCents::ZERO {
        return Html::default();
    }
    let onclick = {
        let (act, organization_id, on_put) = (act.clone(), *organization_id, on_put.clone());
        let (id, version) = (appointment.appointment_id, appointment.version);
        move |_: MouseEvent| {
            let (client, attempt, on_put) = (client.clone(), Rc::clone(&attempt), on_put.clone());
            let send = move || {
                let key = attempt.borrow_mut().key_for(&format!("{id} {version}"), browser::random_uuid);
                let (client, attempt) = (client.clone(), Rc::clone(&attempt));
                async move {
                    let seen = SeenVersion { version };
                    let answer = calendar::waive_fee(&client, organization_id, id, seen, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            act.run(send, move |after: CalendarAppointment| {
                on_put.emit(after);
                // The button has gone with the fee.
                browser::focus(TITLE_ID);
            });
        }
    };
    html! {
        <div class="stack">
            <p>
                { format!("A fee of {} was charged to the patient, or they owe it.", appointment.late_fee_cents) }
            </p>
            <div class="optional">
                if *bills {
                    <FeeMoney key={appointment.booking_id.to_string()} booking_id={appointment.booking_id}
                        organization_id={*organization_id} />
                }
            </div>
            <p>
                <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                    { "Let the fee go" }
                </button>
            </p>
            <p class="small muted">{ "What was paid of it goes back to the patient. This cannot be taken back." }</p>
            <Refused act={act.clone()} />
        </div>
    }
}
