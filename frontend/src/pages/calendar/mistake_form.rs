//! Asking a colleague to agree that an appointment never was one: money has moved for it, or Medicare has a claim.

use std::rc::Rc;

use shared_types::{
    OrganizationId, Zone,
    bookings::{
        STATEMENT_LENGTH,
        mistake::{AskMistake, IfMistake, PracticeMistake},
        practice::{ActName, CalendarAppointment, ChangeReason},
    },
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::aside::TITLE_ID;
use crate::{
    api::{mistakes, use_api_client},
    browser,
    calendar::words::{act_words, reason_words},
    components::{
        mistake_view::meaning_list, select_field::SelectField, text_area::TextArea, times_rest::long_when,
    },
    hooks::{use_act, use_brought_into_view},
    pages::{account::Refused, practice_desk::calendar_path},
};

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/reason", "/note"];

#[derive(Clone, PartialEq, Properties)]
pub struct MistakeFormProps {
    pub appointment: Rc<CalendarAppointment>,
    pub if_mistake: IfMistake,
    /// The place's zone.
    pub zone: Zone,
    pub organization_id: OrganizationId,
    pub on_put: Callback<CalendarAppointment>,
}

/// What somebody has said about it so far.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    reason: Option<ChangeReason>,
    note: String,
    nobody_else: bool,
    /// It was asked for without a reason.
    lacks: bool,
}

/// The button; pressed, it says what it means and asks why. While somebody is asked it says so.
#[component]
pub fn MistakeForm(props: &MistakeFormProps) -> Html {
    let MistakeFormProps { appointment, if_mistake, zone, organization_id, on_put } = props;
    let (client, act) = (use_api_client(), use_act());
    let (open, said) = (use_state_eq(|| false), use_state_eq(Said::default));
    let form = use_brought_into_view(*open);
    let page = calendar_path(*organization_id, "/mistakes");
    if let Some(at) = if_mistake.asked_at {
        return html! {
            <li class="act">
                <p>
                    { format!("Somebody else was asked to agree that this is a mistake, on {}. ", long_when(at, *zone)) }
                    <a href={page}>{ "Mistakes to agree on" }</a>
                </p>
            </li>
        };
    }
    let onsubmit = {
        let (act, said, appointment) = (act.clone(), said.clone(), Rc::clone(appointment));
        let (organization_id, on_put, if_mistake) = (*organization_id, on_put.clone(), *if_mistake);
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(reason) = said.reason else {
                said.set(Said { lacks: true, ..(*said).clone() });
                return browser::focus("mistake-reason");
            };
            let ask = AskMistake {
                version: appointment.version,
                reason,
                note: said.note.clone().into(),
                nobody_else: said.nobody_else,
            };
            let (client, id) = (client.clone(), appointment.appointment_id);
            let send = move || {
                let (client, ask) = (client.clone(), ask.clone());
                async move { mistakes::ask_mistake(&client, organization_id, id, &ask).await }
            };
            let (appointment, on_put) = (Rc::clone(&appointment), on_put.clone());
            act.run(send, move |asked: PracticeMistake| {
                let asked_at = Some(asked.request.asked_at);
                let if_mistake = Some(IfMistake { asked_at, ..if_mistake });
                on_put.emit(CalendarAppointment { if_mistake, ..(*appointment).clone() });
                // The form has gone with what it did.
                browser::focus(TITLE_ID);
            });
        }
    };
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    html! {
        <li class="act">
            <button type="button" class="button button--quiet" onclick={toggle.clone()}
                aria-expanded={(*open).to_string()}>{ act_words(ActName::EnterInError) }</button>
            <p class="small muted">{ "Asks a colleague to agree, since money or a claim hangs on it." }</p>
            if *open {
                <form ref={form} class="act__form" novalidate=true method="post" {onsubmit}>
                    <p>
                        { "Another owner or manager of the practice has to agree; we write to them. Until then nothing \
                           changes. Once they agree it never was a real appointment, and stays in the records:" }
                    </p>
                    { meaning_list(*if_mistake) }
                    { fields(&said, act.error("/note")) }
                    <div class="button-row">
                        <button type="submit" class="button button--danger" aria-busy={act.busy.to_string()}>
                            { "Ask a colleague to agree" }
                        </button>
                        <button type="button" class="button button--plain" onclick={toggle}>{ "Leave it" }</button>
                    </div>
                </form>
                <Refused act={act.clone()} beside={BESIDE} />
            }
        </li>
    }
}

/// Why, more about it, and whether anybody else is there to agree.
fn fields(said: &UseStateHandle<Said>, wrong: Option<AttrValue>) -> Html {
    let onchange = {
        let said = said.clone();
        Callback::from(move |code: String| {
            said.set(Said { reason: ChangeReason::from_code(&code), lacks: false, ..(*said).clone() });
        })
    };
    let oninput = {
        let said = said.clone();
        Callback::from(move |note| said.set(Said { note, ..(*said).clone() }))
    };
    let ontick = {
        let said = said.clone();
        move |event: Event| {
            let nobody_else = event.target_unchecked_into::<HtmlInputElement>().checked();
            said.set(Said { nobody_else, ..(*said).clone() });
        }
    };
    let unsaid = [(AttrValue::from(""), AttrValue::from("Choose why"))];
    let reasons =
        ChangeReason::OF_PRACTICES.map(|reason| (reason.code().into(), reason_words(reason).into()));
    html! {
        <>
            <SelectField id="mistake-reason" label="Why" hint="Nothing about health. The patient reads it."
                options={unsaid.into_iter().chain(reasons).collect::<Vec<_>>()}
                error={said.lacks.then_some(AttrValue::Static("Choose why"))}
                value={said.reason.map_or("", ChangeReason::code)} {onchange} />
            <TextArea id="mistake-note" label="More about it" value={said.note.clone()} max={STATEMENT_LENGTH} optional=true
                hint="For who agrees. Write nothing about health." {oninput} error={wrong} />
            <label class="check">
                <input type="checkbox" id="mistake-alone" checked={said.nobody_else} onchange={ontick} />
                <span>
                    { "Nobody else here is an owner or a manager: ask an administrator of HelloMapper, too." }
                </span>
            </label>
        </>
    }
}
