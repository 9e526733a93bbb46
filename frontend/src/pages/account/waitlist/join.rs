//! `/account/waitlist/{role_id}`: joining a waitlist, with days, hours, how far one would go, and who else would do.

use std::rc::Rc;

use shared_types::{
    Metres, PatientId, PractitionerRoleId,
    bookings::{
        AppointmentTypes,
        waitlist::{Choice, SimilarRole, SimilarRoles},
    },
    page::Page,
    users::{DelegationScope, Dependant, Me},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_location;

use crate::{
    api::{bookings, use_api_client, users, waitlist},
    browser,
    components::{
        booking_words::{elsewhere_words, price_words},
        checks::{Check, Checks},
        failed::Failed,
        field::Field,
        party_form::ErrorSummary,
        select_field::SelectField,
    },
    forms::{
        attempt::Attempt,
        book_query::BookQuery,
        waiting::{DAYS, DISTANCES, LENGTHS, WaitAction, WaitForm},
    },
    hooks::{Act, use_act, use_head, use_private_api, use_version},
    pages::{
        account::{OnlySignedIn, Refused, loading},
        hold::private_head,
    },
};

const TITLE: &str = "Join a waitlist";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct JoinPageProps {
    pub role_id: PractitionerRoleId,
}

/// The page.
#[component]
pub fn JoinPage(props: &JoinPageProps) -> Html {
    use_head(private_head(TITLE));
    let role_id = props.role_id;
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let here = AttrValue::from(format!("/account/waitlist/{role_id}{query}"));
    let render = {
        let here = here.clone();
        Callback::from(move |_: Rc<Me>| {
            let chosen = BookQuery::read(&query);
            html! { <Join {role_id} {chosen} here={here.clone()} /> }
        })
    };
    html! { <OnlySignedIn title={TITLE} path={here} {render} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct JoinProps {
    role_id: PractitionerRoleId,
    chosen: BookQuery,
    here: AttrValue,
}

/// What can be waited for, and for whom.
#[component]
fn Join(props: &JoinProps) -> Html {
    let (version, on_again) = use_version();
    let types = use_private_api::<AppointmentTypes>(bookings::list_appointment_types(props.role_id), version);
    let people = use_private_api::<Page<Dependant>>(users::list_dependants(), version);
    match (types, people) {
        (None, _) | (_, None) => loading(),
        (Some(Err(problem)), _) | (_, Some(Err(problem))) => {
            html! { <Failed {problem} here={props.here.clone()} {on_again} /> }
        }
        (Some(Ok(types)), Some(Ok(_))) if types.items.is_empty() => html! {
            <p>{ "Nothing can be booked here with this practitioner, so there is nothing to wait for." }</p>
        },
        (Some(Ok(types)), Some(Ok(people))) => {
            html! { <Form {types} {people} chosen={props.chosen} /> }
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    types: Rc<AppointmentTypes>,
    people: Rc<Page<Dependant>>,
    chosen: BookQuery,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let FormProps { types, people, chosen } = props;
    let offered = |id: &_| types.items.iter().any(|of| of.appointment_type_id == *id);
    let first = chosen.type_id.filter(offered).unwrap_or(types.items[0].appointment_type_id);
    let form = use_reducer(|| WaitForm::new(first));
    let act = use_act();
    let on_submit = use_on_submit(Rc::clone(types), form.clone(), act.clone());
    let on_action = form.dispatcher();
    let on_action = Callback::from(move |action: WaitAction| on_action.dispatch(action));
    let error = |pointer: &str| form.error(pointer).map(AttrValue::from);
    let days = (0..).zip(DAYS).map(|(day, (code, words))| Check { code, words, ticked: form.has_day(day) });
    let on_day = on_action.reform(|(code, chosen): (&'static str, bool)| {
        WaitAction::Day(DAYS.iter().position(|(day, _)| *day == code).unwrap_or_default(), chosen)
    });
    let number = |action: fn(i64) -> WaitAction| {
        on_action.reform(move |chosen: String| action(chosen.parse().unwrap_or_default()))
    };
    let of = types.items.iter().find(|of| of.appointment_type_id == form.type_id);
    let elsewhere = of.and_then(|of| elsewhere_words(of.telehealth, of.home_visit));
    html! {
        <div class="stack">
            <p>{ format!("With {}, {}.", types.role.name, elsewhere.unwrap_or(&types.role.address)) }</p>
            <form class="booking__form" novalidate=true method="post"
                onsubmit={on_submit.reform(|event: SubmitEvent| event.prevent_default())}>
                <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
                { type_field(types, &form, &on_action) }
                { person_field(people, &form, &on_action) }
                <Checks id="weekdays" legend="Days that suit" checks={days.collect::<Vec<_>>()}
                    error={error("/weekdays")} on_tick={on_day} />
                <div class="field-group">
                    <Field id="from" label="Starting from" kind="time" width="input--m" value={form.from.clone()}
                        error={error("/from")} oninput={on_action.reform(WaitAction::From)} />
                    <Field id="until" label="Starting until" kind="time" width="input--m" value={form.until.clone()}
                        error={error("/until")} oninput={on_action.reform(WaitAction::Until)} />
                </div>
                <SelectField id="weeks" label="For how long" options={options(&LENGTHS)}
                    value={form.weeks.to_string()} onchange={number(WaitAction::Weeks)} />
                <SelectField id="within_km" label="How far you would go" options={options(&DISTANCES)}
                    value={form.within_km.to_string()}
                    onchange={number(|km| WaitAction::Within(u16::try_from(km).unwrap_or_default()))} />
                <Others role_id={types.role.practitioner_role_id} form={(*form).clone()} {elsewhere}
                    on_action={on_action.clone()} />
                <p class="muted">
                    { "We write to you when a time is held for you. You decide then: nothing is booked by itself, and " }
                    { "waiting costs nothing." }
                </p>
                <div class="button-row">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Joining…" } else { "Join the waitlist" } }
                    </button>
                </div>
            </form>
            <Refused {act} />
            <p><a class="back-link" href={format!("/book/{}", types.role.practitioner_role_id)}>{ "Back to the times" }</a></p>
        </div>
    }
}

fn options<T: ToString>(pairs: &[(T, &'static str)]) -> Vec<(AttrValue, AttrValue)> {
    pairs.iter().map(|(value, words)| (value.to_string().into(), AttrValue::from(*words))).collect()
}

/// Which kind of visit, where there are several.
fn type_field(types: &AppointmentTypes, form: &WaitForm, on_action: &Callback<WaitAction>) -> Html {
    if types.items.len() < 2 {
        return Html::default();
    }
    let options = types
        .items
        .iter()
        .map(|of| (AttrValue::from(of.appointment_type_id.to_string()), AttrValue::from(of.name.clone())));
    let unchanged = form.type_id;
    let onchange =
        on_action.reform(move |chosen: String| WaitAction::Type(chosen.parse().unwrap_or(unchanged)));
    html! {
        <SelectField id="type" label="Kind of visit" options={options.collect::<Vec<_>>()}
            value={form.type_id.to_string()} {onchange} />
    }
}

/// For whom, where one may act for somebody.
fn person_field(people: &Page<Dependant>, form: &WaitForm, on_action: &Callback<WaitAction>) -> Html {
    let may = |one: &&Dependant| one.scopes.contains(&DelegationScope::Appointments);
    let others: Vec<_> = people.items.iter().filter(may).collect();
    if others.is_empty() {
        return Html::default();
    }
    let option = |one: &&Dependant| {
        let name = one.patient.details.name.expose().clone();
        (AttrValue::from(one.patient.patient_id.to_string()), AttrValue::from(name))
    };
    let options: Vec<_> =
        std::iter::once(("".into(), "You".into())).chain(others.iter().map(option)).collect();
    let value = form.patient_id.map(|id| id.to_string()).unwrap_or_default();
    let onchange = on_action.reform(|chosen: String| WaitAction::For(chosen.parse::<PatientId>().ok()));
    html! { <SelectField id="patient_id" label="For whom" {options} {value} {onchange} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct OthersProps {
    role_id: PractitionerRoleId,
    form: WaitForm,
    /// What is said in place of their addresses.
    elsewhere: Option<&'static str>,
    on_action: Callback<WaitAction>,
}

/// Who else would do.
#[component]
fn Others(props: &OthersProps) -> Html {
    let OthersProps { role_id, form, .. } = props;
    let (version, _) = use_version();
    let path = waitlist::list_similar(*role_id, form.type_id, form.within_km);
    let similar = use_private_api::<SimilarRoles>(path, version);
    let content = match similar {
        None => html! { <p class="muted" role="status">{ "Looking for others…" }</p> },
        Some(Err(problem)) => html! { <p class="muted">{ problem.title }</p> },
        Some(Ok(found)) if found.items.is_empty() => {
            html! { <p class="muted">{ "Nobody else offers this kind of visit there." }</p> }
        }
        Some(Ok(found)) => html! { <>{ for found.items.iter().map(|one| other(one, props)) }</> },
    };
    html! {
        <fieldset class="fieldset">
            <legend>{ "Who else would do" }</legend>
            <p class="field__hint">{ "You are asked about their times as well. Prices are theirs." }</p>
            <div>{ content }</div>
        </fieldset>
    }
}

fn other(one: &SimilarRole, props: &OthersProps) -> Html {
    let OthersProps { form, elsewhere, on_action, .. } = props;
    let choice = Choice {
        practitioner_role_id: one.role.practitioner_role_id,
        appointment_type_id: one.appointment_type_id,
    };
    let onchange = on_action.reform(move |event: Event| {
        WaitAction::Other(choice, event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let rest = [
        one.role.organization_name.clone(),
        Some(elsewhere.map_or_else(|| one.role.address.clone(), str::to_owned)),
        one.distance.filter(|_| elsewhere.is_none()).map(distance_words),
        Some(price_words(one.price_cents, one.bulk_billed)),
    ];
    let rest = rest.into_iter().flatten().collect::<Vec<_>>().join(", ");
    html! {
        <label class="check" key={choice.practitioner_role_id.to_string()}>
            <input type="checkbox" checked={form.others.contains(&choice)} {onchange} />
            <span>{ &one.role.name }<span class="small muted">{ format!(" {rest}") }</span></span>
        </label>
    }
}

/// How far it is. What is at the same spot is no distance away.
fn distance_words(distance: Metres) -> String {
    if distance.0 < 1.0 { "same address".to_owned() } else { distance.to_string() }
}

/// Sends the form when it is in order, and goes on to the waitlist.
#[hook]
fn use_on_submit(types: Rc<AppointmentTypes>, form: UseReducerHandle<WaitForm>, act: Act) -> Callback<()> {
    let client = use_api_client();
    let attempt = use_mut_ref(Attempt::default);
    Callback::from(move |()| {
        let today = types.role.time_zone.date(browser::now());
        let wanted = match form.read(types.role.practitioner_role_id, today) {
            Ok(wanted) => wanted,
            Err(errors) => return form.dispatch(WaitAction::Judge(errors)),
        };
        form.dispatch(WaitAction::Judge(Vec::new()));
        let key = attempt.borrow_mut().key_for(&format!("{wanted:?}"), browser::random_uuid);
        let (client, attempt) = (client.clone(), attempt.clone());
        act.run(
            move || {
                let (client, wanted, key, attempt) =
                    (client.clone(), wanted.clone(), key.clone(), attempt.clone());
                async move {
                    let joined = waitlist::join_waitlist(&client, &wanted, key).await;
                    attempt.borrow_mut().settle(joined.as_ref().err());
                    joined
                }
            },
            |_| browser::navigate("/account/waitlist"),
        );
    })
}

#[cfg(test)]
mod tests {
    use shared_types::Metres;

    use super::distance_words;

    #[test]
    fn who_works_at_the_same_address_is_not_any_metres_away() {
        assert_eq!(distance_words(Metres(0.0)), "same address");
        assert_eq!(distance_words(Metres(350.0)), "350 m");
    }
}
