//! Who pays for somebody's care: card numbers, which go straight to the service that claims, and come back as their last
//! digits only. They stand in bodies of requests and nowhere else.

use std::rc::Rc;

use shared_types::{
    PatientId,
    bookings::ConsentGiven,
    page::Page,
    payments::coverage::{ConcessionKind, Coverage},
    users::{ConsentText, DelegationScope, Dependant, Me},
};
use yew::prelude::*;

use super::{OnlySignedIn, Own, OwnProps, Refused, back_to_account, fetched, profile::newer};
use crate::{
    api::{payments, use_api_client, users},
    components::{
        booking_summary::pair,
        consent_box::ConsentBox,
        field::Field,
        moment::Moment,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        select_field::SelectField,
    },
    forms::coverage::{CONCESSIONS, CoverageAction, CoverageForm, concession_name},
    hooks::{Act, use_act, use_head, use_private_api, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/coverage";

/// The page.
#[component]
pub fn CoveragePage() -> Html {
    use_head(private_head("Medicare and other cards"));
    let render = Callback::from(|me: Rc<Me>| html! { <Cards me={Own(me)} /> });
    html! { <OnlySignedIn title="Medicare and other cards" path={PATH} {render} /> }
}

/// Somebody whose cards one may keep.
type Person = (PatientId, AttrValue);

#[component]
fn Cards(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    let dependants = use_private_api::<Page<Dependant>>(users::list_dependants(), version);
    let chosen = use_state_eq(|| None::<PatientId>);
    let own = props.me.patient_id;
    let content = fetched(dependants, PATH, &again, |page| {
        let people = people(own, &page);
        let Some(first) = people.first().map(|(id, _)| *id) else { return details_first() };
        let whose = chosen.filter(|chosen| people.iter().any(|(id, _)| id == chosen)).unwrap_or(first);
        let set = chosen.setter();
        html! {
            <>
                <Whose {people} {whose} on_choose={move |id| set.set(Some(id))} />
                <CardsOf key={whose.to_string()} patient_id={whose} />
            </>
        }
    });
    html! {
        <>
            <p>{ "With these a practice can claim for you. You can leave them out and show the card at the desk." }</p>
            { content }
            { back_to_account() }
        </>
    }
}

/// Oneself first, then those whose payments one may see to.
fn people(own: Option<PatientId>, page: &Page<Dependant>) -> Vec<Person> {
    let own = own.map(|id| (id, AttrValue::Static("Yours")));
    let others = page.items.iter().filter(|one| one.scopes.contains(&DelegationScope::Payments));
    let others = others
        .map(|one| (one.patient.patient_id, AttrValue::from(one.patient.details.name.expose().clone())));
    own.into_iter().chain(others).collect()
}

fn details_first() -> Html {
    html! {
        <p>{ "Give " }<a href="/account/profile">{ "your own details" }</a>{ " first: cards are kept with them." }</p>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WhoseProps {
    people: Vec<Person>,
    whose: PatientId,
    on_choose: Callback<PatientId>,
}

/// The choice, where there is one.
#[component]
fn Whose(props: &WhoseProps) -> Html {
    let options: Vec<_> =
        props.people.iter().map(|(id, name)| (AttrValue::from(id.to_string()), name.clone())).collect();
    let (people, on_choose) = (props.people.clone(), props.on_choose.clone());
    let onchange = Callback::from(move |chosen: String| {
        if let Some((id, _)) = people.iter().find(|(id, _)| id.to_string() == chosen) {
            on_choose.emit(*id);
        }
    });
    html! {
        <div class="optional">
            if props.people.len() > 1 {
                <SelectField id="whose" label="Whose cards" {options} value={props.whose.to_string()} {onchange} />
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CardsOfProps {
    patient_id: PatientId,
}

#[component]
fn CardsOf(props: &CardsOfProps) -> Html {
    let (version, again) = use_version();
    let coverage = use_private_api::<Coverage>(payments::get_coverage(props.patient_id), version);
    let notice = use_private_api::<ConsentText>(payments::get_coverage_consent(), version);
    html! {
        <>
            { fetched(coverage.clone(), PATH, &again, |coverage| html! {
                <Kept coverage={(*coverage).clone()} on_change={again.clone()} />
            }) }
            { match (coverage, notice) {
                (Some(Ok(coverage)), Some(Ok(text))) => html! {
                    <Give patient_id={props.patient_id} version={coverage.version} {text} on_change={again.clone()} />
                },
                (Some(Ok(_)), Some(Err(problem))) => super::refusal(Some(&problem)),
                (None | Some(_), None | Some(_)) => Html::default(),
            } }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct KeptProps {
    coverage: Coverage,
    on_change: Callback<()>,
}

/// What is kept, by its last digits, and its removal.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let client = use_api_client();
    let act = use_act();
    let sure = use_state_eq(|| false);
    let coverage = &props.coverage;
    let rows = kept_words(coverage);
    if rows.is_empty() {
        return html! { <p>{ "No card is kept." }</p> };
    }
    let remove = {
        let (act, patient_id, on_change) = (act.clone(), coverage.patient_id, props.on_change.clone());
        move |_: MouseEvent| {
            let (client, on_change) = (client.clone(), on_change.clone());
            act.run(
                move || {
                    let client = client.clone();
                    async move { payments::delete_coverage(&client, patient_id).await }
                },
                move |()| on_change.emit(()),
            );
        }
    };
    let ask = {
        let sure = sure.setter();
        move |_: MouseEvent| sure.set(true)
    };
    html! {
        <section class="card stack" aria-labelledby="kept-title">
            <h2 id="kept-title">{ "What is kept" }</h2>
            <dl class="pairs">
                { for rows.into_iter().map(|(term, words)| pair((term, words, None))) }
            </dl>
            if let Some(at) = coverage.updated_at {
                <p class="small muted">{ "Changed on " }<Moment {at} /></p>
            }
            <Refused act={act.clone()} />
            <div class="button-row">
                if *sure {
                    <button class="button button--danger" type="button" onclick={remove}
                        aria-busy={act.busy.to_string()}>{ "Remove all of them" }</button>
                } else {
                    <button class="button button--quiet" type="button" onclick={ask}>{ "Remove the cards" }</button>
                }
            </div>
            <p role="status" class="small">
                if *sure {
                    { "They are deleted at once. Bookings stay; practices ask for the card at the desk." }
                }
            </p>
        </section>
    }
}

/// A term and the last digits, for each card there is.
fn kept_words(coverage: &Coverage) -> Vec<(&'static str, String)> {
    let ends = |with: &String| format!("Number ends with {with}");
    let medicare = coverage.medicare_ends_with.as_ref().map(|with| ("Medicare card", ends(with)));
    let dva = coverage.dva_ends_with.as_ref().map(|with| ("Veteran’s card", ends(with)));
    let concession =
        coverage.concession_ends_with.as_ref().map(|(kind, with)| (concession_name(*kind), ends(with)));
    [medicare, dva, concession].into_iter().flatten().collect()
}

#[derive(Clone, PartialEq, Properties)]
struct GiveProps {
    patient_id: PatientId,
    version: i32,
    text: Rc<ConsentText>,
    on_change: Callback<()>,
}

/// The form for cards to be kept.
#[component]
fn Give(props: &GiveProps) -> Html {
    let act = use_act();
    let form = use_reducer(CoverageForm::default);
    let saved = use_state_eq(|| false);
    let on_submit = use_on_submit(props, form.clone(), act.clone(), saved.setter());
    let onsubmit = on_submit.reform(|event: SubmitEvent| event.prevent_default());
    let error = |pointer: &str| form.error(pointer).map(AttrValue::from).or_else(|| act.error(pointer));
    let to = |make: fn(String) -> CoverageAction| {
        let form = form.dispatcher();
        Callback::from(move |text| form.dispatch(make(text)))
    };
    let on_kind = {
        let form = form.dispatcher();
        Callback::from(move |code: String| {
            if let Some(kind) = ConcessionKind::ALL.into_iter().find(|kind| kind.code() == code) {
                form.dispatch(CoverageAction::ConcessionKind(kind));
            }
        })
    };
    let on_agree = {
        let form = form.dispatcher();
        Callback::from(move |ticked| form.dispatch(CoverageAction::Agreed(ticked)))
    };
    let kinds: Vec<_> = CONCESSIONS
        .iter()
        .map(|(kind, name)| (AttrValue::from(kind.code()), AttrValue::from(*name)))
        .collect();
    html! {
        <section class="stack account__part" aria-labelledby="give-title">
            <h2 id="give-title">{ "Keep a card" }</h2>
            <p>{ "What you leave empty stays as it is." }</p>
            <form class="booking__form" novalidate=true method="post" autocomplete="off" {onsubmit}>
                <ErrorSummary judged={form.judged} errors={form.errors.clone()} />
                <fieldset class="fieldset"><legend>{ "Medicare card" }</legend><div class="field-group">
                    <Field id="medicare/number" label="Number" optional=true width="input--m" inputmode="numeric"
                        maxlength="14" autocomplete="off" value={form.medicare.clone()}
                        error={error("/medicare/number")} oninput={to(CoverageAction::Medicare)} />
                    <Field id="medicare/irn" label="Your number on the card" optional=true width="input--xs"
                        inputmode="numeric" maxlength="1" autocomplete="off" value={form.irn.clone()}
                        hint="The digit left of the name" error={error("/medicare/irn")}
                        oninput={to(CoverageAction::Irn)} />
                </div></fieldset>
                <Field id="dva_file_number" label="Veteran’s card (DVA file number)" optional=true width="input--m"
                    maxlength="12" autocomplete="off" value={form.dva.clone()} error={error("/dva_file_number")}
                    oninput={to(CoverageAction::Dva)} />
                <fieldset class="fieldset"><legend>{ "Concession card" }</legend>
                    <SelectField id="concession/kind" label="Which card" options={kinds}
                        value={form.concession_kind.code()} onchange={on_kind} />
                    <Field id="concession/number" label="Number" optional=true width="input--m" maxlength="14"
                        autocomplete="off" hint="Nine digits and a letter" value={form.concession.clone()}
                        error={error("/concession/number")} oninput={to(CoverageAction::Concession)} />
                </fieldset>
                <ConsentBox text={Rc::clone(&props.text)} agreed={form.agreed} {on_agree} error={error("/consent")} />
                <div class="button-row booking__next">
                    <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Saving…" } else { "Keep these cards" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
            { newer(&act, &props.on_change) }
            <div role="status">
                if *saved {
                    <Notice kind={NoticeKind::Success} title="Your cards are kept" announced=true>
                        <p>{ "From now on we show their last digits only." }</p>
                    </Notice>
                }
            </div>
        </section>
    }
}

/// The pointers of fields that show their own errors.
const BESIDE: &[&str] =
    &["/medicare/number", "/medicare/irn", "/dva_file_number", "/concession/number", "/consent"];

#[hook]
fn use_on_submit(
    props: &GiveProps,
    form: UseReducerHandle<CoverageForm>,
    act: Act,
    saved: UseStateSetter<bool>,
) -> Callback<()> {
    let client = use_api_client();
    let GiveProps { patient_id, version, text, on_change } = props.clone();
    Callback::from(move |()| {
        saved.set(false);
        let consent = ConsentGiven { text: text.text.clone(), version: text.version };
        let body = match form.check(version, consent) {
            Ok(body) => body,
            Err(errors) => return form.dispatch(CoverageAction::Judge(errors)),
        };
        form.dispatch(CoverageAction::Judge(Vec::new()));
        let (client, saved, on_change, form) =
            (client.clone(), saved.clone(), on_change.clone(), form.dispatcher());
        act.run(
            move || {
                let (client, body) = (client.clone(), body.clone());
                async move { payments::put_coverage(&client, patient_id, &body).await }
            },
            move |_| {
                form.dispatch(CoverageAction::Kept);
                saved.set(true);
                on_change.emit(());
            },
        );
    })
}
