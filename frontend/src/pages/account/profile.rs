//! One's own details: who one is and how to be treated.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    Zone,
    bookings::ConsentGiven,
    users::{ConsentText, Me, Patient, PutPatient},
};
use yew::prelude::*;

use super::{
    OnlySignedIn, Refused, back_to_account,
    details_form::{DetailsFormView, is_listed},
    fetched,
};
use crate::{
    api::{use_api_client, users},
    browser,
    components::{
        consent_box::ConsentBox,
        notice::{Notice, NoticeKind},
    },
    forms::details::{DetailsAction, DetailsForm},
    hooks::{Act, use_act, use_head, use_private_api, use_standing::use_standing, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/profile";

/// The page.
#[component]
pub fn ProfilePage() -> Html {
    use_head(private_head("Your details"));
    let render = Callback::from(|_: Rc<Me>| html! { <Profile /> });
    html! { <OnlySignedIn title="Your details" path={PATH} {render} /> }
}

/// Today, as far as the device knows: only for catching a date of birth in the future, which the server judges.
pub(super) fn today() -> Date {
    Zone::SYDNEY.date(browser::now())
}

/// What one has to agree to the first time.
const NOTICE: &str = "patient-details";

#[component]
fn Profile() -> Html {
    let (version, again) = use_version();
    let patient = use_private_api::<Option<Patient>>(users::get_patient(), version);
    html! {
        <>
            <p>
                { "These fill in your bookings, and a practice gets them when you book with it. You can book " }
                { "without giving them here." }
            </p>
            { fetched(patient, PATH, &again, |kept| {
                let version = (*kept).as_ref().map_or(0, |kept| kept.version);
                html! { <Details key={version} kept={(*kept).clone()} on_reload={again.clone()} /> }
            }) }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DetailsProps {
    kept: Option<Patient>,
    on_reload: Callback<()>,
}

#[component]
fn Details(props: &DetailsProps) -> Html {
    let first = props.kept.is_none();
    let kept = props.kept.clone();
    let form = use_reducer(move || {
        kept.map_or_else(DetailsForm::blank, |kept| DetailsForm::of(&kept.details, is_listed))
    });
    let notice = use_private_api::<ConsentText>(users::get_consent_text(NOTICE), 0);
    let saved = use_state(|| None::<Patient>);
    let act = use_act();
    // What was saved last goes before what the page began with.
    let version = saved.as_ref().or(props.kept.as_ref()).map_or(0, |patient| patient.version);
    let asks = first && saved.is_none();
    let agreeing = asks.then(|| notice.clone().and_then(Result::ok));
    use_judged(form.dispatcher(), &act);
    let on_submit = use_on_submit(form.clone(), act.clone(), version, agreeing, saved.setter());
    let below = match notice {
        Some(Ok(text)) if asks => {
            let on_agree = {
                let form = form.dispatcher();
                Callback::from(move |ticked| form.dispatch(DetailsAction::Agreed(ticked)))
            };
            let error = form.error("/consent").map(AttrValue::from);
            html! { <ConsentBox {text} agreed={form.agreed} {on_agree} {error} /> }
        }
        Some(Err(problem)) if asks => super::refusal(Some(&problem)),
        Some(_) | None => Html::default(),
    };
    html! {
        <div class="stack">
            <DetailsFormView form={(*form).clone()} on_action={form.dispatcher()} {on_submit} button="Save"
                busy={act.busy}>{ below }</DetailsFormView>
            <Refused act={act.clone()} beside={BESIDE} />
            { newer(&act, &props.on_reload) }
            <div role="status">
                if saved.is_some() && !act.busy && act.problem.is_none() {
                    <Notice kind={NoticeKind::Success} title="Your details are saved" announced=true>
                        <p>{ "Bookings that you made before keep the details they were made with." }</p>
                    </Notice>
                }
            </div>
        </div>
    }
}

/// Where somebody else has changed the same meanwhile: a way to see it. What was typed is there until it is taken.
pub(super) fn newer(act: &Act, on_reload: &Callback<()>) -> Html {
    let stale = act.problem.as_ref().is_some_and(|problem| problem.is("stale-version"));
    html! {
        <div class="optional">
            if stale {
                <div class="button-row">
                    <button class="button button--quiet" type="button"
                        onclick={on_reload.reform(|_: MouseEvent| ())}>{ "Show what is kept now" }</button>
                </div>
            }
        </div>
    }
}

/// The pointers of fields that the form shows errors at.
pub(super) const BESIDE: &[&str] = &[
    "/name",
    "/preferred_name",
    "/pronouns",
    "/date_of_birth",
    "/language",
    "/access_needs",
    "/contact_by",
    "/mobile",
    "/consent",
];

/// What the service finds wrong with a field is shown where the form shows its own.
#[hook]
pub(super) fn use_judged(form: UseReducerDispatcher<DetailsForm>, act: &Act) {
    use_effect_with(act.problem.clone(), move |problem| {
        if let Some(problem) = problem.as_ref().filter(|problem| problem.is("invalid")) {
            form.dispatch(DetailsAction::Judge(problem.errors.clone()));
        }
    });
}

/// Sends the details when they are in order. Where a notice has to be agreed to, `notice` is there, with the text once
/// that has arrived.
#[hook]
fn use_on_submit(
    form: UseReducerHandle<DetailsForm>,
    act: Act,
    version: i32,
    notice: Option<Option<Rc<ConsentText>>>,
    saved: UseStateSetter<Option<Patient>>,
) -> Callback<()> {
    let client = use_api_client();
    let ask = use_standing().ask;
    let asks = notice.is_some();
    let text = notice.flatten();
    Callback::from(move |()| {
        let details = match form.check(today(), asks) {
            Ok(details) => details,
            Err(errors) => return form.dispatch(DetailsAction::Judge(errors)),
        };
        form.dispatch(DetailsAction::Judge(Vec::new()));
        let consent =
            text.as_ref().map(|text| ConsentGiven { text: text.text.clone(), version: text.version });
        let body = PutPatient { details, version, consent };
        let (client, saved, ask) = (client.clone(), saved.clone(), ask.clone());
        act.run(
            move || {
                let (client, body) = (client.clone(), body.clone());
                async move { users::put_patient(&client, &body).await }
            },
            move |patient| {
                saved.set(Some(patient));
                // The first time, the account becomes a patient's.
                ask.emit(());
            },
        );
    })
}
