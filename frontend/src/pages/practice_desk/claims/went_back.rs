//! What Medicare paid for a visit that was none: whom to ask, and, once it went back, how staff say so.

use shared_types::{
    OrganizationId,
    payments::{
        claim::{BenefitReturned, Claim, ReturnWay},
        practice::REASON_LENGTH,
    },
    problem::FieldError,
    time::long_date,
};
use yew::prelude::*;

use super::{
    put_right::errors,
    words::{no_visit_words, way_words},
};
use crate::{
    api::{claims, use_api_client},
    browser,
    components::{
        field::Field,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    forms::{attempt::Attempt, went_back::WentBackForm},
    hooks::use_act,
    pages::account::Refused,
};

/// Fields that say themselves what is wrong with them.
const BESIDE: &[&str] = &["/returned_on", "/reason"];

/// Why there was no visit, and whom to ask, for as long as Medicare pays for it; then, that it went back.
pub fn no_visit(claim: &Claim) -> Html {
    let asked = claim.no_visit.filter(|_| claim.owed_back).map(|why| {
        html! {
            <Notice kind={NoticeKind::Soon} title={no_visit_words(why)}>
                <p>
                    { "Its claim went to Medicare all the same. Ask Services Australia to take it back, and how to repay \
                       what was paid for it." }
                </p>
            </Notice>
        }
    });
    html! { <>{ for asked }{ for claim.returned.as_ref().map(returned) }</> }
}

fn returned(returned: &BenefitReturned) -> Html {
    let BenefitReturned { way, returned_on, amount_cents, reason } = returned;
    let day = long_date(*returned_on);
    let said = match way {
        ReturnWay::TakenByMedicare => format!("Medicare took {amount_cents} back on {day}."),
        ReturnWay::PaidByPractice => format!("The practice paid {amount_cents} back on {day}."),
    };
    html! {
        <p>
            { said }
            if let Some(reason) = reason {
                { format!(" “{}”", reason.expose()) }
            }
        </p>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct WentBackProps {
    pub claim: Claim,
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
}

/// Says that the benefit went back.
#[component]
pub fn WentBack(props: &WentBackProps) -> Html {
    let (client, act) = (use_api_client(), use_act());
    let attempt = use_mut_ref(Attempt::default);
    let form = use_state_eq(WentBackForm::default);
    let unread = use_state_eq(Vec::<FieldError>::new);
    let onsubmit = {
        let (act, form, unread, changed) =
            (act.clone(), form.clone(), unread.clone(), props.on_changed.clone());
        let (organization_id, claim_id, version) =
            (props.organization_id, props.claim.claim_id, props.claim.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            let went_back = match form.read(version) {
                Ok(went_back) => went_back,
                Err(errors) => return unread.set(errors),
            };
            unread.set(Vec::new());
            let (client, attempt, changed) = (client.clone(), attempt.clone(), changed.clone());
            // The words of the reason are part of what is asked, and are not shown where it is printed.
            let what = format!("{went_back:?} {}", went_back.reason.expose());
            let send = move || {
                let (client, attempt) = (client.clone(), attempt.clone());
                let (what, went_back) = (what.clone(), went_back.clone());
                async move {
                    let key = attempt.borrow_mut().key_for(&what, browser::random_uuid);
                    let answer =
                        claims::return_benefit(&client, organization_id, claim_id, &went_back, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            act.run(send, move |_| changed.emit(()));
        }
    };
    html! {
        <details>
            <summary>{ "The benefit went back" }</summary>
            <div class="stack">
                <form class="booking__form" novalidate=true method="post" {onsubmit}>
                    { fields(&form, &props.claim, &errors(&unread, act.problem.as_ref())) }
                    <div class="button-row">
                        <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                            { format!("Record that {} went back", props.claim.paid_cents) }
                        </button>
                    </div>
                </form>
                <Refused {act} beside={BESIDE} />
            </div>
        </details>
    }
}

fn fields(form: &UseStateHandle<WentBackForm>, claim: &Claim, errors: &[FieldError]) -> Html {
    let error = |pointer: &str| {
        let found = errors.iter().find(|error| error.pointer == pointer);
        found.map(|error| AttrValue::from(error.detail.clone()))
    };
    let with = |change: fn(WentBackForm, String) -> WentBackForm| {
        let form = form.clone();
        Callback::from(move |text: String| form.set(change((*form).clone(), text)))
    };
    let ways = ReturnWay::ALL.map(|way| (AttrValue::from(way.code()), AttrValue::from(way_words(way))));
    let chosen = ReturnWay::from_code(&form.way).unwrap_or(ReturnWay::TakenByMedicare);
    let id = claim.claim_id;
    html! {
        <>
            <SelectField id={format!("way-{id}")} label="How it went back" options={ways.to_vec()} value={chosen.code()}
                onchange={with(|form, way| WentBackForm { way, ..form })} />
            <Field id={format!("returned-{id}")} label="Day" kind="date" width="input--m" value={form.returned_on.clone()}
                error={error("/returned_on")}
                oninput={with(|form, returned_on| WentBackForm { returned_on, ..form })} />
            <Field id={format!("why-{id}")} label="Reason" hint="Such as Medicare’s reference. Nothing clinical."
                maxlength={AttrValue::from(REASON_LENGTH.end().to_string())} value={form.reason.clone()}
                error={error("/reason")}
                oninput={with(|form, reason| WentBackForm { reason, ..form })} />
        </>
    }
}
