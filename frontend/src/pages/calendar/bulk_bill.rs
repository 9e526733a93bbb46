//! Bulk billing an appointment that is charged for, beside the calendar. Where its money stands is asked when somebody wishes it and not
//! before: it is the patient's, and each look is written down.

use shared_types::{
    AudCents, BookingId, OrganizationId,
    bookings::{AppointmentStatus, practice::CalendarAppointment},
    payments::practice::VisitToBulkBill,
};
use yew::prelude::*;

use crate::{
    api::practice_money,
    components::failed::Failed,
    hooks::{use_private_api, use_version},
    pages::{
        account::loading,
        practice_desk::{calendar_path, money::bulk_bill_instead::BulkBillInstead},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct BulkBillProps {
    pub booking_id: BookingId,
    pub organization_id: OrganizationId,
}

/// Whether its patient pays for it, and it takes place or did.
pub fn is_charged_for(appointment: &CalendarAppointment) -> bool {
    let of = &appointment.appointment_type;
    let takes_place = appointment.status.is_upcoming() || appointment.status == AppointmentStatus::Completed;
    takes_place && !of.bulk_billed && of.price_cents > AudCents::ZERO
}

/// The question, and its answer.
#[component]
pub fn BulkBill(props: &BulkBillProps) -> Html {
    let shows = use_state_eq(|| false);
    let onclick = {
        let shows = shows.clone();
        move |_: MouseEvent| shows.set(!*shows)
    };
    html! {
        <div class="stack">
            <div class="button-row">
                <button type="button" class="button button--plain" {onclick} aria-expanded={shows.to_string()}>
                    { "Can it be bulk billed instead?" }
                </button>
            </div>
            <div class="optional">
                if *shows {
                    <Answer ..props.clone() />
                }
            </div>
        </div>
    }
}

/// The way to begin and how far it is, or why it cannot be.
#[component]
fn Answer(props: &BulkBillProps) -> Html {
    let BulkBillProps { booking_id, organization_id } = props;
    let (version, on_again) = use_version();
    let path = practice_money::find_bulk_billing_instead(*organization_id, *booking_id);
    match use_private_api::<VisitToBulkBill>(path, version) {
        None => loading(),
        Some(Err(problem)) if problem.is("not-found") => html! {
            <p>{ "Nothing is paid for it through HelloMapper yet. Look again once the patient has begun to pay." }</p>
        },
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(*organization_id, "")} {on_again} /> }
        }
        Some(Ok(visit)) => html! {
            <BulkBillInstead organization_id={*organization_id} payment_id={visit.payment_id}
                standing={visit.bulk_billing} on_changed={on_again} />
        },
    }
}
