//! The form of an appointment type, for a new one and for one that is there.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::{
        Audience,
        schedule::{PutType, RoleType},
    },
    problem::FieldError,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    hours_form::audience_words, questions_form::QuestionsEditor, resource_choice::ResourceChoice,
    visit_area_fields::VisitAreaFields,
};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    forms::{
        appointment_type::TypeForm, attempt::Attempt, questions::QuestionsForm, visit_area::VisitAreaForm,
    },
    hooks::use_act,
    pages::account::Refused,
};

#[derive(Clone, PartialEq, Properties)]
pub struct TypeEditorProps {
    pub organization_id: OrganizationId,
    pub role_id: PractitionerRoleId,
    /// The one that is edited; without it, a new one.
    #[prop_or_default]
    pub of: Option<Rc<RoleType>>,
    /// Where a new one stands in the list.
    pub next_position: u16,
    pub on_saved: Callback<()>,
    pub on_leave: Callback<()>,
}

/// The form.
#[component]
pub fn TypeEditor(props: &TypeEditorProps) -> Html {
    let TypeEditorProps { organization_id, role_id, of, next_position, on_saved, on_leave } = props;
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let form = use_state_eq(|| match of {
        Some(of) => TypeForm::of(&of.draft, of.active),
        None => TypeForm::new(*next_position),
    });
    let wrong = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (act, form, wrong, of) = (act.clone(), form.clone(), wrong.setter(), of.clone());
        let (organization_id, role_id, on_saved) = (*organization_id, *role_id, on_saved.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let draft = match form.read() {
                Ok(draft) => draft,
                Err(errors) => return wrong.set(errors),
            };
            wrong.set(Vec::new());
            let (client, attempt, of, active) =
                (client.clone(), Rc::clone(&attempt), of.clone(), form.active);
            let send = move || {
                let (client, draft, of) = (client.clone(), draft.clone(), of.clone());
                let attempt = Rc::clone(&attempt);
                async move {
                    let Some(of) = of else {
                        let sent = serde_json::to_string(&draft).unwrap_or_default();
                        let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                        let made = calendar_api::create_appointment_type(
                            &client,
                            organization_id,
                            role_id,
                            &draft,
                            key,
                        )
                        .await;
                        attempt.borrow_mut().settle(made.as_ref().err());
                        return made;
                    };
                    let change = PutType { version: of.version, active, draft };
                    let id = of.appointment_type_id;
                    calendar_api::put_appointment_type(&client, organization_id, role_id, id, &change).await
                }
            };
            let on_saved = on_saved.clone();
            act.run(send, move |_: RoleType| on_saved.emit(()));
        }
    };
    let error = |pointer: &str| {
        let own = wrong.iter().find(|error| error.pointer == pointer);
        own.map(|error| AttrValue::from(error.detail.clone())).or_else(|| act.error(pointer))
    };
    let id = |field: &str| match of {
        Some(of) => format!("type-{}-{field}", of.appointment_type_id),
        None => format!("type-new-{field}"),
    };
    let text = |change: fn(TypeForm, String) -> TypeForm| {
        let form = form.clone();
        Callback::from(move |text: String| form.set(change((*form).clone(), text)))
    };
    let tick = |words: &'static str, ticked: bool, change: fn(TypeForm, bool) -> TypeForm| {
        let form = form.clone();
        let onchange = move |event: Event| {
            let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
            form.set(change((*form).clone(), ticked));
        };
        html! { <label class="check"><input type="checkbox" checked={ticked} {onchange} /><span>{ words }</span></label> }
    };
    let number =
        |field: &'static str, label: &'static str, value: &str, change: fn(TypeForm, String) -> TypeForm| {
            html! {
                <Field id={id(field)} {label} inputmode="numeric" width="input--s" value={value.to_owned()}
                    error={error(&format!("/{field}"))} oninput={text(change)} />
            }
        };
    let optional = |field: &'static str,
                    label: &'static str,
                    value: &str,
                    change: fn(TypeForm, String) -> TypeForm| {
        html! {
            <Field id={id(field)} {label} optional=true inputmode="numeric" width="input--s" value={value.to_owned()}
                error={error(&format!("/{field}"))} oninput={text(change)} />
        }
    };
    let audiences = [Audience::All, Audience::New, Audience::Existing]
        .map(|one| (AttrValue::from(one.code()), AttrValue::from(audience_words(one))));
    let on_resources = {
        let form = form.clone();
        Callback::from(move |resources| form.set(TypeForm { resources, ..(*form).clone() }))
    };
    let on_visit = {
        let form = form.clone();
        Callback::from(move |home_visit: VisitAreaForm| form.set(TypeForm { home_visit, ..(*form).clone() }))
    };
    let said = act.problem.as_ref().map(|problem| problem.errors.clone()).unwrap_or_default();
    let visit_errors: Vec<_> = wrong.iter().cloned().chain(said).collect();
    let on_questions = {
        let form = form.clone();
        Callback::from(move |questions: QuestionsForm| form.set(TypeForm { questions, ..(*form).clone() }))
    };
    let stale = act.problem.as_ref().is_some_and(|problem| problem.is("stale-version"));
    html! {
        <>
            <form key="form" class="stack" novalidate=true method="post" {onsubmit}>
                <Field id={id("name")} label="Name" hint="What patients read, such as “First visit”." maxlength="80"
                    autocomplete="off" value={form.name.clone()} error={error("/name")}
                    oninput={text(|form, name| TypeForm { name, ..form })} />
                <div class="field-group">
                    { number("duration_minutes", "Minutes", &form.duration,
                        |form, duration| TypeForm { duration, ..form }) }
                    { number("buffer_before_minutes", "Kept free before", &form.before,
                        |form, before| TypeForm { before, ..form }) }
                    { number("buffer_after_minutes", "Kept free after", &form.after,
                        |form, after| TypeForm { after, ..form }) }
                    { number("position", "Place in the list", &form.position,
                        |form, position| TypeForm { position, ..form }) }
                </div>
                { tick("Bulk billed: no out-of-pocket cost, and never a charge of any kind.", form.bulk_billed,
                    |form, bulk_billed| TypeForm { bulk_billed, ..form }) }
                <div class="optional">
                    if !form.bulk_billed {
                        <Field id={id("price_cents")} label="Price in dollars" inputmode="decimal" width="input--s"
                            value={form.price.clone()} error={error("/price_cents")}
                            oninput={text(|form, price| TypeForm { price, ..form })} />
                    }
                </div>
                <SelectField id={id("audience")} label="For whom" options={audiences.to_vec()}
                    value={form.audience.code()} onchange={text(|form, code| TypeForm {
                        audience: Audience::from_code(&code).unwrap_or_default(), ..form
                    })} />
                { tick("By video or phone.", form.telehealth, |form, telehealth| TypeForm { telehealth, ..form }) }
                <VisitAreaFields id={id("visit")} form={form.home_visit.clone()} errors={visit_errors}
                    on_form={on_visit} />
                { tick("We answer each request before it is booked. Its time is kept until then.",
                    form.needs_acceptance, |form, needs_acceptance| TypeForm { needs_acceptance, ..form }) }
                <div class="field-group">
                    { optional("notice_minutes", "Notice in minutes", &form.notice,
                        |form, notice| TypeForm { notice, ..form }) }
                    { optional("horizon_days", "Days ahead", &form.horizon,
                        |form, horizon| TypeForm { horizon, ..form }) }
                    { optional("daily_cap", "At most on one day", &form.daily_cap,
                        |form, daily_cap| TypeForm { daily_cap, ..form }) }
                    { optional("seats", "Seats in a group", &form.seats, |form, seats| TypeForm { seats, ..form }) }
                </div>
                <ResourceChoice id={id("resources")} organization_id={*organization_id} chosen={form.resources.clone()}
                    error={error("/resources")} on_change={on_resources} />
                <QuestionsEditor id={id("questions")} organization_id={*organization_id} form={form.questions.clone()}
                    errors={(*wrong).clone()} on_form={on_questions} />
                <div class="optional">
                    if of.is_some() {
                        { tick("Offered to patients. What is booked already stays as it was agreed.", form.active,
                            |form, active| TypeForm { active, ..form }) }
                    }
                </div>
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Saving…" } else { "Save" } }
                    </button>
                    <button type="button" class="button button--plain"
                        onclick={on_leave.reform(|_: MouseEvent| ())}>{ "Leave it" }</button>
                </div>
            </form>
            <div key="refused" class="optional">
                if stale {
                    <Notice kind={NoticeKind::Soon} title="Somebody else has changed it" alert=true>
                        <p>{ "Yours was not saved. Load the list again to see theirs." }</p>
                        <div class="button-row">
                            <button type="button" class="button" onclick={on_saved.reform(|_: MouseEvent| ())}>
                                { "Load again" }
                            </button>
                        </div>
                    </Notice>
                } else {
                    <Refused act={act.clone()} beside={BESIDE} />
                }
            </div>
        </>
    }
}

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &[
    "/name",
    "/duration_minutes",
    "/buffer_before_minutes",
    "/buffer_after_minutes",
    "/position",
    "/price_cents",
    "/notice_minutes",
    "/horizon_days",
    "/daily_cap",
    "/seats",
    "/resources",
    "/home_visit",
    "/home_visit/travel_minutes",
    "/home_visit/area/postcodes",
    "/home_visit/area/center",
    "/home_visit/area/around",
    "/home_visit/area/kilometres",
    "/home_visit/area/corners",
];
