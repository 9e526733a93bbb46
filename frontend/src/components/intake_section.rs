//! "Anything the practice should know first?": asked only where it can be sealed, and never needed to book.

use std::rc::Rc;

use shared_types::{Problem, users::ConsentText};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    consent_box::ConsentBox,
    intake_files::IntakeFiles,
    notice::{Notice, NoticeKind},
    question_field::QuestionField,
    skeleton::Skeleton,
    text_area::TextArea,
    unlock::Unlock,
};
use crate::{
    forms::{
        answers::Answering,
        intake::{INTAKE_CONSENT, IntakeAction, IntakeForm, REASON, REASON_MAX},
    },
    hooks::{
        use_intake::{Intake, Offer, Writer},
        use_vault::Keys,
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct IntakeSectionProps {
    pub intake: Intake,
    /// Who reads it.
    pub practice: AttrValue,
}

/// The section; nothing where there is nobody to seal to.
#[component]
pub fn IntakeSection(props: &IntakeSectionProps) -> Html {
    let IntakeSectionProps { intake, practice } = props;
    let content = match &intake.offer {
        Offer::No if intake.form.answers.is_empty() => return html! { <div class="optional"></div> },
        Offer::No => return html! { <AskedThere practice={practice.clone()} /> },
        Offer::Unknown => shape(),
        Offer::Failed(problem) => {
            html! { <NotNow problem={problem.clone()} on_again={intake.on_reload.clone()} /> }
        }
        Offer::Yes => match &intake.writer {
            Writer::Unknown => shape(),
            Writer::Failed(problem) => {
                html! { <NotNow problem={problem.clone()} on_again={intake.on_ask.clone()} /> }
            }
            Writer::Guest => fields(intake, practice, true),
            Writer::Member(_) => of_member(intake, practice),
        },
    };
    html! {
        <section class="intake stack" aria-labelledby="intake-title">
            <h2 id="intake-title">
                { "Anything the practice should know first?" }
                if !intake.form.is_needed() {
                    <span class="field__optional">{ " (optional)" }</span>
                }
            </h2>
            { content }
        </section>
    }
}

fn of_member(intake: &Intake, practice: &AttrValue) -> Html {
    let door = &intake.door;
    match &door.keys {
        Keys::Unknown => shape(),
        Keys::Open(_) => fields(intake, practice, false),
        Keys::Failed(problem) => {
            html! { <NotNow problem={problem.clone()} on_again={door.on_look.clone()} /> }
        }
        Keys::Absent => html! { <MakeKeys on_ask={intake.on_ask.clone()} /> },
        Keys::Locked(ways) => html! {
            <Unlock ways={*ways} busy={door.busy} problem={door.problem.clone()} on_open={door.on_open.clone()}>
                <p>
                    { "What you write is sealed with your keys, so that you can read it again. Open them first, or " }
                    { "go on without." }
                </p>
            </Unlock>
        },
    }
}

fn fields(intake: &Intake, practice: &AttrValue, guest: bool) -> Html {
    html! {
        <IntakeFields form={Rc::clone(&intake.form)} on_action={intake.on_action.clone()} practice={practice.clone()}
            {guest} notice={intake.notice.clone()} on_reload={intake.on_reload.clone()} />
    }
}

fn shape() -> Html {
    html! {
        <div class="stack" aria-busy="true">
            <p class="visually-hidden" role="status">{ "Loading" }</p>
            <Skeleton kind="line" /><Skeleton kind="line" /><Skeleton kind="short" />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AskedThereProps {
    practice: AttrValue,
}

/// It has questions and no keys: an answer could be read on its way.
#[component]
fn AskedThere(props: &AskedThereProps) -> Html {
    let practice = &props.practice;
    html! {
        <Notice title={format!("{practice} has questions for you")}>
            <p>
                { "It cannot be sent sealed answers yet, so nothing is asked here. It may call you before you come, or ask " }
                { "you when you are there." }
            </p>
        </Notice>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NotNowProps {
    problem: Problem,
    on_again: Callback<()>,
}

/// It could not be loaded; booking goes on without it.
#[component]
fn NotNow(props: &NotNowProps) -> Html {
    html! {
        <Notice kind={NoticeKind::Soon} title="You cannot write to the practice just now">
            <p>{ props.problem.detail.clone().unwrap_or_default() }{ " You can book without." }</p>
            <div class="button-row">
                <button class="button button--quiet" type="button"
                    onclick={props.on_again.reform(|_: MouseEvent| ())}>{ "Try again" }</button>
            </div>
        </Notice>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MakeKeysProps {
    on_ask: Callback<()>,
}

/// A member without keys can make them in another tab: here, the time is held and the form is half full.
#[component]
fn MakeKeys(props: &MakeKeysProps) -> Html {
    html! {
        <>
            <p>
                { "To write to the practice you need keys of your own. Making them takes two minutes and a sheet of " }
                { "paper. You can also book without saying anything." }
            </p>
            <div class="button-row">
                <a class="button button--quiet" href="/account/keys" target="_blank">
                    { "Make my keys" }<span class="visually-hidden">{ " (opens in a new tab)" }</span>
                </a>
                <button class="button button--plain" type="button"
                    onclick={props.on_ask.reform(|_: MouseEvent| ())}>{ "I have made them" }</button>
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct IntakeFieldsProps {
    form: Rc<IntakeForm>,
    on_action: Callback<IntakeAction>,
    practice: AttrValue,
    guest: bool,
    notice: Option<Result<Rc<ConsentText>, Problem>>,
    on_reload: Callback<()>,
}

/// Text, questions, files, and the notice once there is something to agree about.
#[component]
fn IntakeFields(props: &IntakeFieldsProps) -> Html {
    let IntakeFieldsProps { form, on_action, practice, notice, on_reload, guest } = props;
    let error = |pointer: &str| form.error(pointer).map(|error| AttrValue::from(error.to_owned()));
    let readers = if *guest {
        format!("Sealed in your browser: only {practice} can read it. You cannot reread it elsewhere.")
    } else {
        format!("Sealed in your browser: only {practice} and you can read it.")
    };
    let consent = match notice {
        _ if !form.has_anything() => Html::default(),
        None => html! { <p class="muted" role="status">{ "Loading the privacy notice…" }</p> },
        Some(Ok(text)) => html! {
            <ConsentBox id="intake-consent" text={Rc::clone(text)} agreed={form.agreed}
                on_agree={on_action.reform(IntakeAction::Agreed)} error={error(INTAKE_CONSENT)} />
        },
        Some(Err(problem)) => html! { <NotNow problem={problem.clone()} on_again={on_reload.clone()} /> },
    };
    html! {
        <>
            <TextArea id="reason" label="Why are you coming?" optional=true max={REASON_MAX} hint={AttrValue::from(readers)}
                value={form.reason.clone()} error={error(REASON)} oninput={on_action.reform(IntakeAction::Reason)} />
            <div class="optional">{ questions(form, on_action, practice) }</div>
            <IntakeFiles form={Rc::clone(form)} on_action={on_action.clone()} />
            <p class="small muted">
                { "It is kept on this page only: reloading the page forgets it. Nobody may look at it before you " }
                { "come. If it cannot wait, call the practice; in an emergency call 000." }
            </p>
            <div class="optional">{ consent }</div>
        </>
    }
}

/// What the practice asks. What it needs can be told to it later as well: nobody has to write anything here.
fn questions(form: &Rc<IntakeForm>, on_action: &Callback<IntakeAction>, practice: &AttrValue) -> Html {
    if form.answers.is_empty() {
        return Html::default();
    }
    let question = |one: &Answering| {
        let field = one.field();
        let error = form.error(&format!("/{field}")).map(|error| AttrValue::from(error.to_owned()));
        html! {
            <QuestionField key={one.question.id} id={field} answering={one.clone()} {error}
                on_action={on_action.clone()} />
        }
    };
    let later = on_action.reform(|event: Event| {
        IntakeAction::Later(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    html! {
        <section class="stack" aria-labelledby="questions-title">
            <h3 id="questions-title">{ format!("Questions from {practice}") }</h3>
            <p class="field__hint">{ "Your answers are sealed as well." }</p>
            { for form.answers.iter().map(question) }
            <div class="optional">
                if form.is_needed() {
                    <label class="check">
                        <input type="checkbox" id="questions-later" checked={form.later} onchange={later} />
                        <span>{ "I would rather tell the practice what it needs when I come." }</span>
                    </label>
                }
            </div>
        </section>
    }
}
