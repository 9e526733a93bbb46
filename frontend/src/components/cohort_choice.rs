//! What the patient has, where the price goes by it: a choice, and the held time is priced anew.

use std::rc::Rc;

use shared_types::{
    bookings::{CreateHold, Hold},
    payments::funding::Cohort,
};
use yew::prelude::*;

use super::{problem_view::ProblemView, select_field::SelectField};
use crate::{
    api::{bookings, use_api_client},
    browser,
    forms::attempt::Attempt,
    hooks::use_act,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CohortChoiceProps {
    pub hold: Rc<Hold>,
    /// The hold has another price now.
    pub on_priced: Callback<()>,
}

/// The choice; nothing where the price is the same for everybody.
#[component]
pub fn CohortChoice(props: &CohortChoiceProps) -> Html {
    let CohortChoiceProps { hold, on_priced } = props;
    let (client, act, attempt) = (use_api_client(), use_act(), use_mut_ref(Attempt::default));
    if hold.cohorts.is_empty() {
        return Html::default();
    }
    let onchange = {
        let (act, hold, on_priced) = (act.clone(), Rc::clone(hold), on_priced.clone());
        Callback::from(move |code: String| {
            let wanted = CreateHold {
                practitioner_role_id: hold.role.practitioner_role_id,
                appointment_type_id: hold.appointment_type.appointment_type_id,
                start: hold.start,
                cohort: Cohort::from_code(&code),
            };
            let (client, attempt, on_priced) = (client.clone(), Rc::clone(&attempt), on_priced.clone());
            let before = hold.hold_id;
            act.run(
                move || {
                    let key = attempt.borrow_mut().key_for(&code, browser::random_uuid);
                    let (client, wanted, attempt) = (client.clone(), wanted.clone(), Rc::clone(&attempt));
                    async move {
                        let answer = bookings::create_hold(&client, &wanted, key).await;
                        attempt.borrow_mut().settle(answer.as_ref().err());
                        answer
                    }
                },
                move |now: Hold| {
                    if now.hold_id == before {
                        on_priced.emit(());
                    } else {
                        // The one that is shown has ended, and the time was still free.
                        browser::navigate(&format!("/book/hold/{}", now.hold_id));
                    }
                },
            );
        })
    };
    let named = hold.cohorts.iter().copied().filter(|cohort| *cohort != Cohort::Anyone);
    let options = named
        .chain([Cohort::Anyone])
        .map(|cohort| (AttrValue::Static(cohort.code()), AttrValue::Static(words(cohort))));
    html! {
        <>
            <SelectField id="cohort" label="The patient has" hint="The price goes by it. The practice looks at the card."
                options={options.collect::<Vec<_>>()} value={hold.cohort.unwrap_or(Cohort::Anyone).code()} {onchange} />
            <div class="optional">
                if let Some(problem) = act.problem.clone() {
                    <ProblemView {problem} />
                }
            </div>
        </>
    }
}

fn words(cohort: Cohort) -> &'static str {
    match cohort {
        Cohort::Veteran => "A veteran’s card",
        Cohort::Under16 => "Not turned 16 on the day of the visit",
        Cohort::Concession => "A concession card",
        Cohort::Medicare => "A Medicare card",
        Cohort::Anyone => "None of these",
    }
}
