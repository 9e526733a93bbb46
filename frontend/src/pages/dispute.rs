//! The part of an appointment's page in which a patient disputes what the practice noted, or answers what it disputes. One
//! person's, so it loads in the browser only.

mod instead_form;
pub mod words_form;

use std::rc::Rc;

use shared_types::{
    AppointmentId, Zone,
    bookings::{
        AppointmentStatus,
        dispute::{AnswerDispute, DisputeParty, DisputeStanding, DisputeStatus, Instead, OpenDispute},
    },
    personal::Personal,
};
use yew::prelude::*;

use self::{instead_form::InsteadForm, words_form::WordsForm};
use crate::{
    api::{disputes, use_api_client},
    browser,
    components::{
        dispute_view::{DisputeView, Reader, fee_words},
        times_rest::long_when,
    },
    hooks::{use_act, use_private_api_if, use_version},
};

/// Of the section's heading.
const TITLE_ID: &str = "dispute-title";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DisputeSectionProps {
    pub appointment_id: AppointmentId,
    /// What is noted of it.
    pub status: AppointmentStatus,
    /// The place's zone.
    pub zone: Zone,
}

/// The section; nothing where there is nothing to dispute.
#[component]
pub fn DisputeSection(props: &DisputeSectionProps) -> Html {
    let (version, on_changed) = use_version();
    let path = is_disputable(props.status).then(|| disputes::find_dispute(props.appointment_id));
    let standing = use_private_api_if::<DisputeStanding>(path, version);
    let Some(Ok(standing)) = standing else { return Html::default() };
    if standing.until.is_none() && standing.dispute.is_none() && standing.late_fee.is_none() {
        return Html::default();
    }
    html! {
        <section class="stack" aria-labelledby={TITLE_ID}>
            <h2 id={TITLE_ID} tabindex="-1">{ "If that is not what happened" }</h2>
            if let Some(fee) = standing.late_fee {
                <p>{ fee_words(fee) }</p>
            }
            <Standing {standing} appointment_id={props.appointment_id} zone={props.zone} {on_changed}
                presumed={props.status == AppointmentStatus::Completed} />
        </section>
    }
}

/// Whether something that can be disputed is noted of an appointment.
fn is_disputable(status: AppointmentStatus) -> bool {
    match status {
        AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::CancelledLate
        // Where nobody marked it, or it was decided that the practice had called it off.
        | AppointmentStatus::Completed
        | AppointmentStatus::CancelledByProvider => true,
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => false,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StandingProps {
    standing: Rc<DisputeStanding>,
    appointment_id: AppointmentId,
    zone: Zone,
    on_changed: Callback<()>,
    /// Nobody marked it, so what happened instead is chosen.
    presumed: bool,
}

#[component]
fn Standing(props: &StandingProps) -> Html {
    let StandingProps { standing, appointment_id, zone, on_changed, presumed } = props;
    let (client, act) = (use_api_client(), use_act());
    let id = *appointment_id;
    let version = standing.dispute.as_ref().map_or(standing.version, |dispute| dispute.version);
    let answers = standing.dispute.is_some();
    let on_said = {
        let (act, changed) = (act.clone(), on_changed.clone());
        Callback::from(move |(text, instead): (Personal<String>, Option<Instead>)| {
            let (client, changed) = (client.clone(), changed.clone());
            act.run(
                move || {
                    let (client, text) = (client.clone(), text.clone());
                    async move {
                        if answers {
                            let answer = AnswerDispute { version, text, agrees: false };
                            disputes::answer_dispute(&client, id, &answer).await
                        } else {
                            let dispute = OpenDispute { version, text, instead };
                            disputes::open_dispute(&client, id, &dispute).await
                        }
                    }
                },
                move |_| {
                    changed.emit(());
                    // The form has gone with what it said.
                    browser::focus(TITLE_ID);
                },
            );
        })
    };
    let on_words = on_said.reform(|text: Personal<String>| (text, None));
    let on_instead = on_said.reform(|instead: Instead| (Personal::default(), Some(instead)));
    match (&standing.dispute, standing.until) {
        (Some(dispute), _) => {
            let asked = dispute.status == DisputeStatus::Open
                && dispute.opened_by == DisputeParty::Practice
                && dispute.answer.is_none();
            html! {
                <>
                    <DisputeView dispute={dispute.clone()} zone={*zone} reader={Reader::Patient} />
                    if asked {
                        <WordsForm id="dispute-text" label="What happened" button="Answer" {act} {on_words} />
                    }
                </>
            }
        }
        (None, Some(until)) if *presumed => html! {
            <>
                <p>
                    { format!("The practice did not say how your visit went, so it counts as having taken place. If it did not, say \
                        so until {}. The practice has a day to answer, then an administrator decides.",
                        long_when(until, *zone)) }
                </p>
                <InsteadForm {act} {on_instead} />
            </>
        },
        (None, Some(until)) => html! {
            <>
                <p>
                    { format!("You can dispute it until {}. The practice has a day to answer, then an administrator decides.",
                        long_when(until, *zone)) }
                </p>
                <WordsForm id="dispute-text" label="What happened" button="Dispute it" {act} {on_words} />
            </>
        },
        (None, None) => Html::default(),
    }
}
