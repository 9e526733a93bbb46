//! Saying something beside the practice's record.

use shared_types::{
    AppointmentId,
    bookings::{AddStatement, PatientStatement, STATEMENT_LENGTH},
    page::Page,
};
use yew::prelude::*;

use crate::{
    api::{bookings, use_api_client},
    browser,
    components::text_area::TextArea,
    forms::attempt::Attempt,
    hooks::use_act,
    pages::account::Refused,
};

/// The field.
const FIELD: &str = "statement";

#[derive(Clone, PartialEq, Properties)]
pub struct StatementFormProps {
    pub appointment_id: AppointmentId,
    /// All that was said, with what was just added.
    pub on_added: Callback<Page<PatientStatement>>,
}

/// The form. What is typed stays until it was added.
#[component]
pub fn StatementForm(props: &StatementFormProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let text = use_state_eq(String::new);
    let error = use_state_eq(|| None::<AttrValue>);
    let sent = use_state_eq(|| false);
    let onsubmit = {
        let StatementFormProps { appointment_id, on_added } = props.clone();
        let (act, text, error, sent) = (act.clone(), text.clone(), error.setter(), sent.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let statement = AddStatement { text: (*text).clone().into() };
            if let Err(wrong) = statement.check() {
                error.set(Some(wrong.detail.into()));
                browser::focus(FIELD);
                return;
            }
            error.set(None);
            let key = attempt.borrow_mut().key_for(&text, browser::random_uuid);
            let (client, attempt) = (client.clone(), attempt.clone());
            let (emptied, sent, on_added) = (text.setter(), sent.clone(), on_added.clone());
            act.run(
                move || {
                    let (client, statement, key) = (client.clone(), statement.clone(), key.clone());
                    let attempt = attempt.clone();
                    async move {
                        let added = bookings::add_statement(&client, appointment_id, &statement, key).await;
                        attempt.borrow_mut().settle(added.as_ref().err());
                        added
                    }
                },
                move |page| {
                    emptied.set(String::new());
                    sent.set(true);
                    on_added.emit(page);
                },
            );
        }
    };
    let oninput = {
        let (text, sent) = (text.setter(), sent.setter());
        Callback::from(move |typed: String| {
            text.set(typed);
            sent.set(false);
        })
    };
    let status = match (act.busy, *sent) {
        (true, _) => "Adding…",
        (false, true) => "Added. The practice is told.",
        (false, false) => "",
    };
    html! {
        <section class="stack" aria-labelledby="say-title">
            <h2 id="say-title">{ "Say something" }</h2>
            <form class="booking__form" novalidate=true method="post" {onsubmit}>
                <TextArea id={FIELD} label="What is right" max={STATEMENT_LENGTH} value={(*text).clone()} {oninput}
                    error={(*error).clone().or_else(|| act.error("/text"))}
                    hint="The practice and HelloMapper can read this, and it cannot be changed or taken back: leave out \
                        what concerns your health, and use the sealed messages for that." />
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Adding…" } else { "Add it to the record" } }
                    </button>
                    <p class="small muted" role="status" aria-live="polite">{ status }</p>
                </div>
            </form>
            <Refused act={act.clone()} beside={&["/text"][..]} />
        </section>
    }
}
