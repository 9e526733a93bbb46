//! One thing that can be done with an appointment: its button, what it does, and what it needs to know.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        Cancelling,
        practice::{ActName, ActOnAppointment, CalendarAppointment, ChangeReason, PracticeAct},
    },
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::aside::TITLE_ID;
use crate::{
    api::{calendar, use_api_client},
    browser,
    calendar::words::{act_effect, act_harms, act_words, reason_words, taken_back_words},
    components::{about::about_words, field::FieldError, select_field::SelectField},
    hooks::{use_act, use_brought_into_view},
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ActFormProps {
    pub act: ActName,
    pub appointment: Rc<CalendarAppointment>,
    pub organization_id: OrganizationId,
    pub on_put: Callback<CalendarAppointment>,
    /// What the ids of its fields end with, where several appointments are on one page.
    #[prop_or_default]
    pub within: AttrValue,
    /// Whose appointment it is, which tells its buttons from those of the others there.
    #[prop_or_default]
    pub about: AttrValue,
}

/// What somebody has said about it so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Said {
    reason: Option<ChangeReason>,
    ticked: bool,
}

/// The button. One that takes something away is pressed twice: first it says what it does.
#[component]
pub fn ActForm(props: &ActFormProps) -> Html {
    let ActFormProps { act: name, appointment, organization_id, on_put, within, about } = props;
    let client = use_api_client();
    let act = use_act();
    let (open, said) = (use_state_eq(|| false), use_state_eq(Said::default));
    let form = use_brought_into_view(*open);
    // How often it was asked for without what it needs.
    let lacking = use_state_eq(|| 0_u32);
    {
        let id = question_id(*name, within);
        use_effect_with(*lacking, move |lacking| {
            if *lacking > 0 {
                browser::focus(&id);
            }
        });
    }
    let send = {
        let (act, appointment, organization_id) = (act.clone(), Rc::clone(appointment), *organization_id);
        let (on_put, wanted, lacking) = (on_put.clone(), practice_act(*name, *said), lacking.clone());
        Callback::from(move |()| {
            let Some(wanted) = wanted else { return lacking.set(*lacking + 1) };
            let change = ActOnAppointment { version: appointment.version, act: wanted };
            let (client, id) = (client.clone(), appointment.appointment_id);
            let send = move || {
                let client = client.clone();
                async move { calendar::act_on_appointment(&client, organization_id, id, &change).await }
            };
            let on_put = on_put.clone();
            act.run(send, move |after: CalendarAppointment| {
                on_put.emit(after);
                // The button may have gone with what it did.
                browser::focus(TITLE_ID);
            });
        })
    };
    let effect = act_effect(*name, appointment);
    if !act_harms(*name) {
        return html! {
            <li class="act">
                <button type="button" class="button" onclick={send.reform(|_: MouseEvent| ())}
                    aria-busy={act.busy.to_string()}>{ act_words(*name) }{ about_words(about) }</button>
                <p class="small muted">{ effect }</p>
                <Refused act={act.clone()} />
            </li>
        };
    }
    let toggle = {
        let (open, lacking) = (open.clone(), lacking.setter());
        move |_: MouseEvent| {
            open.set(!*open);
            lacking.set(0);
        }
    };
    let onsubmit = send.reform(|event: SubmitEvent| event.prevent_default());
    let lacks = *lacking > 0 && practice_act(*name, *said).is_none();
    html! {
        <li class="act">
            <button type="button" class="button button--quiet" onclick={toggle.clone()}
                aria-expanded={(*open).to_string()}>{ act_words(*name) }{ about_words(about) }</button>
            if *open {
                <form ref={form} class="act__form" novalidate=true method="post" {onsubmit}>
                    <p>{ effect }</p>
                    { question(question_id(*name, within), *name, appointment, (&said, lacks)) }
                    <div class="button-row">
                        <button type="submit" class="button button--danger" aria-busy={act.busy.to_string()}>
                            { act_words(*name) }{ about_words(about) }
                        </button>
                        <button type="button" class="button button--plain" onclick={toggle}>{ "Leave it" }</button>
                    </div>
                </form>
                <Refused act={act.clone()} />
            }
        </li>
    }
}

/// The id of the field that says what it needs to know.
fn question_id(name: ActName, within: &str) -> String {
    format!("why-{name:?}{within}")
}

/// What it needs to know: why, or that somebody stands by it. `lacks` when it was asked for without.
fn question(
    id: String,
    name: ActName,
    appointment: &CalendarAppointment,
    (said, lacks): (&UseStateHandle<Said>, bool),
) -> Html {
    let tick = |words: &'static str| {
        let onchange = {
            let said = said.clone();
            move |event: Event| {
                let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
                said.set(Said { ticked, ..*said });
            }
        };
        html! {
            <div>
                <label class="check">
                    <input type="checkbox" id={id.clone()} checked={said.ticked} {onchange}
                        aria-invalid={lacks.then_some("true")} aria-describedby={format!("{id}-error")} />
                    <span>{ words }</span>
                </label>
                <div role="alert">
                    <FieldError id={format!("{id}-error")}
                        error={lacks.then_some(AttrValue::Static("Tick the box if it is so"))} />
                </div>
            </div>
        }
    };
    match name {
        ActName::Decline | ActName::Cancel | ActName::EnterInError | ActName::UndoCompletion => {
            let onchange = {
                let said = said.clone();
                Callback::from(move |code: String| {
                    said.set(Said { reason: ChangeReason::from_code(&code), ..*said });
                })
            };
            let unsaid = [(AttrValue::from(""), AttrValue::from("Choose why"))];
            let (words, hint): (fn(ChangeReason) -> &'static str, _) = if name == ActName::UndoCompletion {
                (taken_back_words, "Nothing about health. It stays with the visit.")
            } else {
                (reason_words, "Nothing about health. The patient reads it.")
            };
            let reasons = name.reasons().iter().map(|reason| (reason.code().into(), words(*reason).into()));
            html! {
                <SelectField id={id.clone()} label="Why" {hint}
                    options={unsaid.into_iter().chain(reasons).collect::<Vec<_>>()}
                    error={lacks.then_some(AttrValue::Static("Choose why"))}
                    value={said.reason.map_or("", ChangeReason::code)} {onchange} />
            }
        }
        ActName::NoShow => tick("The practice was ready and the patient did not come."),
        ActName::CancelForPatient => match appointment.cancelling_now {
            Cancelling::LateFee { .. } => tick("Let them off the fee."),
            Cancelling::WithoutCharge | Cancelling::NotPossible => Html::default(),
        },
        ActName::Accept
        | ActName::Arrive
        | ActName::UndoArrival
        | ActName::CheckIn
        | ActName::UndoCheckIn
        | ActName::Start
        | ActName::Complete
        | ActName::TookPlace
        | ActName::PractitionerAbsent => Html::default(),
    }
}

/// The act with what it needs; `None` while that is missing.
fn practice_act(name: ActName, said: Said) -> Option<PracticeAct> {
    Some(match name {
        ActName::Accept => PracticeAct::Accept,
        ActName::Decline => PracticeAct::Decline { reason: said.reason? },
        ActName::Cancel => PracticeAct::Cancel { reason: said.reason? },
        ActName::CancelForPatient => PracticeAct::CancelForPatient { waive_fee: said.ticked },
        ActName::Arrive => PracticeAct::Arrive,
        ActName::UndoArrival => PracticeAct::UndoArrival,
        ActName::CheckIn => PracticeAct::CheckIn,
        ActName::UndoCheckIn => PracticeAct::UndoCheckIn,
        ActName::Start => PracticeAct::Start,
        ActName::Complete => PracticeAct::Complete,
        ActName::TookPlace => PracticeAct::TookPlace,
        ActName::UndoCompletion => PracticeAct::UndoCompletion { reason: said.reason? },
        ActName::NoShow if said.ticked => PracticeAct::NoShow { attested: true },
        ActName::NoShow => return None,
        ActName::PractitionerAbsent => PracticeAct::PractitionerAbsent,
        ActName::EnterInError => PracticeAct::EnterInError { reason: said.reason? },
    })
}

#[cfg(test)]
mod tests {
    use super::{ActName, ChangeReason, Said, practice_act};

    #[test]
    fn what_needs_a_reason_or_a_word_waits_for_it() {
        for name in ActName::ALL {
            let asks_why = !name.reasons().is_empty() && name != ActName::CancelForPatient;
            let needs = asks_why || name == ActName::NoShow;
            assert_eq!(practice_act(name, Said::default()).is_none(), needs, "{name:?}");
            let said = Said { reason: Some(ChangeReason::Other), ticked: true };
            assert_eq!(practice_act(name, said).map(|act| act.name()), Some(name));
        }
    }
}
