//! `/calendar/{organization_id}/pools`: what several people of the practice offer as one.

use std::rc::Rc;

use shared_types::{
    AppointmentTypeId, OrganizationId,
    bookings::{
        pools::{PoolDraft, PracticePool, PracticePools, PutPool, Rotation},
        practice::{CALENDAR_STAFF, PracticeRole, PracticeRoles},
    },
    users::StaffRole,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    components::{
        booking_words::{minutes_words, price_words},
        failed::Failed,
        field::{Field, FieldError},
        select_field::SelectField,
    },
    forms::attempt::Attempt,
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Booked as one";
/// Who reads them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PoolsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn PoolsPage(props: &PoolsPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <PoolList {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/pools" needs={STAFF}
            {render} />
    }
}

/// The list; for those who run the practice each opens to be edited, and there is a form for another one.
#[component]
fn PoolList(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let organization_id = desk.organization_id;
    let (version, on_again) = use_version();
    let pools = use_private_api::<PracticePools>(calendar_api::list_practice_pools(organization_id), version);
    let roles = use_private_api::<PracticeRoles>(calendar_api::list_practice_roles(organization_id), version);
    let (pools, roles) = match (pools, roles) {
        (Some(Err(problem)), _) | (_, Some(Err(problem))) => {
            let here = calendar_path(organization_id, "/pools");
            return html! { <Failed {problem} {here} {on_again} /> };
        }
        (Some(Ok(pools)), Some(Ok(roles))) => (pools, roles),
        (None, _) | (_, None) => return loading(),
    };
    let runs = desk.invites();
    let card = |pool: &PracticePool| {
        html! {
            <li class="card stack" key={format!("{} {}", pool.pool_id, pool.version)}>
                <p>
                    <strong>{ &pool.draft.name }</strong>
                    if !pool.active {
                        { " " }<span class="badge">{ "No longer offered" }</span>
                    }
                </p>
                <p class="small muted">{ summary(pool, &roles) }</p>
                if runs {
                    <PoolEditor {organization_id} roles={Rc::clone(&roles)} of={Rc::new(pool.clone())}
                        on_saved={on_again.clone()} />
                }
            </li>
        }
    };
    html! {
        <div class="stack">
            <p>
                { "Patients can book the same kind of visit with whoever is free. Only types of the same length, price and " }
                { "place are booked as one; others are left out until they are alike again." }
            </p>
            if pools.items.is_empty() {
                <p>{ "Nothing is booked as one yet." }</p>
            }
            <ul class="stack" role="list">{ for pools.items.iter().map(card) }</ul>
            if runs {
                <section class="card stack" aria-labelledby="new-pool">
                    <h2 id="new-pool">{ "Another one" }</h2>
                    <PoolEditor key={format!("new {version}")} {organization_id} roles={Rc::clone(&roles)}
                        on_saved={on_again.clone()} />
                </section>
            } else {
                <p class="small muted">{ "A manager can change them." }</p>
            }
        </div>
    }
}

/// `Ada Nguyen, Cy Colleague, in turn; 1 left out since it is not alike`.
fn summary(pool: &PracticePool, roles: &PracticeRoles) -> String {
    let whose = |of: &AppointmentTypeId| {
        let offers = |role: &&PracticeRole| {
            role.appointment_types.iter().any(|known| known.appointment_type_id == *of)
        };
        roles.items.iter().find(offers).map(|role| role.name.clone())
    };
    let names: Vec<_> = pool.draft.members.iter().filter_map(whose).collect();
    let rotation = rotation_words(pool.draft.rotation).to_lowercase();
    let left_out = match pool.left_out.len() {
        0 => String::new(),
        count => format!("; {count} left out, not offered or not alike"),
    };
    format!("{}, {rotation}{left_out}", names.join(", "))
}

fn rotation_words(rotation: Rotation) -> &'static str {
    match rotation {
        Rotation::Fair => "Whoever is next",
        Rotation::Choose => "Patients choose with whom",
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PoolEditorProps {
    organization_id: OrganizationId,
    roles: Rc<PracticeRoles>,
    /// The one that is edited; without it, a new one.
    #[prop_or_default]
    of: Option<Rc<PracticePool>>,
    on_saved: Callback<()>,
}

#[component]
fn PoolEditor(props: &PoolEditorProps) -> Html {
    let PoolEditorProps { organization_id, roles, of, on_saved } = props;
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let draft = use_state_eq(|| match of {
        Some(of) => of.draft.clone(),
        None => PoolDraft { name: String::new(), rotation: Rotation::Fair, members: Vec::new() },
    });
    let active = use_state_eq(|| of.as_ref().is_none_or(|of| of.active));
    let onsubmit = {
        let (act, draft, active, of) = (act.clone(), draft.clone(), active.clone(), of.clone());
        let (organization_id, on_saved) = (*organization_id, on_saved.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, attempt, draft) = (client.clone(), Rc::clone(&attempt), (*draft).clone());
            let (of, active) = (of.clone(), *active);
            let send = move || {
                let (client, attempt, draft, of) =
                    (client.clone(), Rc::clone(&attempt), draft.clone(), of.clone());
                async move {
                    let Some(of) = of else {
                        let sent = serde_json::to_string(&draft).unwrap_or_default();
                        let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                        let made = calendar_api::create_pool(&client, organization_id, &draft, key).await;
                        attempt.borrow_mut().settle(made.as_ref().err());
                        return made;
                    };
                    let change = PutPool { version: of.version, active, draft };
                    calendar_api::put_pool(&client, organization_id, of.pool_id, &change).await
                }
            };
            let on_saved = on_saved.clone();
            act.run(send, move |_: PracticePool| on_saved.emit(()));
        }
    };
    let id = |field: &str| match of {
        Some(of) => format!("pool-{}-{field}", of.pool_id),
        None => format!("pool-new-{field}"),
    };
    let set = {
        let draft = draft.clone();
        Rc::new(move |change: &dyn Fn(&mut PoolDraft)| {
            let mut changed = (*draft).clone();
            change(&mut changed);
            draft.set(changed);
        })
    };
    let on_name = {
        let set = Rc::clone(&set);
        move |name: String| set(&|draft| draft.name.clone_from(&name))
    };
    let on_rotation = {
        let set = Rc::clone(&set);
        move |code: String| set(&|draft| draft.rotation = Rotation::from_code(&code).unwrap_or_default())
    };
    let member = |type_id: AppointmentTypeId, words: String| {
        let set = Rc::clone(&set);
        let onchange = move |event: Event| {
            let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
            set(&|draft| {
                draft.members.retain(|one| *one != type_id);
                draft.members.extend(ticked.then_some(type_id));
            });
        };
        html! {
            <label class="check" key={type_id.to_string()}>
                <input type="checkbox" checked={draft.members.contains(&type_id)} {onchange} /><span>{ words }</span>
            </label>
        }
    };
    let members = roles.items.iter().flat_map(|role| {
        role.appointment_types.iter().map(|of| {
            let price = price_words(of.price_cents, of.bulk_billed);
            (of.appointment_type_id, format!("{}: {}, {}, {price}", role.name, of.name, minutes_words(of)))
        })
    });
    let options: Vec<_> = Rotation::ALL
        .map(|rotation| (AttrValue::from(rotation.code()), AttrValue::from(rotation_words(rotation))))
        .to_vec();
    let on_active = {
        let active = active.setter();
        move |event: Event| active.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    let describes = id("members-error");
    html! {
        <>
            <form key="form" class="stack" novalidate=true method="post" {onsubmit}>
                <Field id={id("name")} label="Name" hint="What patients read, such as “Any physiotherapist”." maxlength="80"
                    autocomplete="off" value={draft.name.clone()} error={act.error("/name")} oninput={on_name} />
                <SelectField id={id("rotation")} label="With whom" {options} value={draft.rotation.code()}
                    onchange={on_rotation} />
                <fieldset class="fieldset" aria-describedby={describes.clone()}>
                    <legend>{ "Who, and for what: one type of each person" }</legend>
                    <FieldError id={describes} error={act.error("/members")} />
                    <div>{ for members.map(|(type_id, words)| member(type_id, words)) }</div>
                </fieldset>
                <div class="optional">
                    if of.is_some() {
                        <label class="check">
                            <input type="checkbox" checked={*active} onchange={on_active} /><span>{ "Offered to patients." }</span>
                        </label>
                    }
                </div>
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Saving…" } else { "Save" } }
                    </button>
                </div>
            </form>
            <Refused key="refused" act={act.clone()} beside={BESIDE} />
        </>
    }
}

/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/name", "/members"];
