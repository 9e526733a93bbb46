//! `/practice/{organization_id}/money/medicare`: by which numbers a practice and its practitioners claim.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::practice::PracticeRole,
    payments::claim::{CLAIM_STAFF, MedicareSetup, PutMedicareSetup, PutRoleSetup, RoleSetup},
};
use yew::prelude::*;

use super::{MoneyPageProps, money_pages, of_role::OfRole};
use crate::{
    api::{funding as funding_api, use_api_client},
    components::{
        failed::Failed,
        field::Field,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    hooks::{Act, use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{Desk, DeskProps, ForStaff, desk_path},
    },
};

const TITLE: &str = "Medicare numbers";
const REST: &str = "/money/medicare";
/// The Modified Monash areas with their names, as the Department of Health calls them.
const AREAS: [(&str, &str); 7] = [
    ("1", "1: metropolitan"),
    ("2", "2: regional centre"),
    ("3", "3: large rural town"),
    ("4", "4: medium rural town"),
    ("5", "5: small rural town"),
    ("6", "6: remote"),
    ("7", "7: very remote"),
];
/// The fields that say themselves what is wrong.
const BESIDE: &[&str] = &["/location_id", "/provider_number", "/modified_monash"];

/// The page.
#[component]
pub fn MedicarePage(props: &MoneyPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Numbers {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest={REST} needs={CLAIM_STAFF} {render} />
    }
}

#[component]
fn Numbers(props: &DeskProps) -> Html {
    let organization_id = props.desk.organization_id;
    let (version, on_again) = use_version();
    let setup = use_private_api::<MedicareSetup>(funding_api::find_medicare_setup(organization_id), version);
    let practice = match setup {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(organization_id, REST);
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(setup)) => html! { <OfPractice {organization_id} {setup} on_kept={on_again} /> },
    };
    let render = Callback::from(move |role: PracticeRole| {
        html! { <OfRoleSetup {organization_id} role_id={role.practitioner_role_id} /> }
    });
    html! {
        <div class="stack">
            { money_pages(organization_id, REST) }
            <section class="card stack" aria-labelledby="practice-title">
                <h2 id="practice-title">{ "The practice" }</h2>
                { practice }
            </section>
            <section class="card stack" aria-labelledby="practitioner-title">
                <h2 id="practitioner-title">{ "Each practitioner" }</h2>
                <p>
                    { "Bulk-billed visits can be assigned and claimed once the practitioner’s number for this place is here. \
                       Somebody who works at two places has two numbers." }
                </p>
                <OfRole {organization_id} rest={REST} {render} />
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct OfPracticeProps {
    pub organization_id: OrganizationId,
    pub setup: Rc<MedicareSetup>,
    pub on_kept: Callback<()>,
}

/// The location id, and how far the claiming has been tested.
#[component]
pub fn OfPractice(props: &OfPracticeProps) -> Html {
    let OfPracticeProps { organization_id, setup, on_kept } = props;
    let (client, act) = (use_api_client(), use_act());
    let location_id = use_state_eq(|| setup.location_id.clone().unwrap_or_default());
    let kept = use_state_eq(|| false);
    {
        let (location_id, act) = (location_id.setter(), act.clone());
        // What was loaded again is what somebody else has kept.
        use_effect_with(Rc::clone(setup), move |setup| {
            location_id.set(setup.location_id.clone().unwrap_or_default());
            act.forget();
        });
    }
    let onsubmit = {
        let (act, location_id, kept, on_kept) =
            (act.clone(), location_id.clone(), kept.setter(), on_kept.clone());
        let (organization_id, version) = (*organization_id, setup.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            kept.set(false);
            let wanted = PutMedicareSetup { location_id: (*location_id).clone(), version };
            let (client, kept, on_kept) = (client.clone(), kept.clone(), on_kept.clone());
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { funding_api::put_medicare_setup(&client, organization_id, &wanted).await }
            };
            act.run(send, move |_: MedicareSetup| {
                kept.set(true);
                on_kept.emit(());
            });
        }
    };
    let set = location_id.setter();
    html! {
        <>
            <p class="small muted">{ &setup.standing }</p>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="location-id" label="Location id" width="input--m" maxlength="8" autocomplete="off"
                    hint="Eight letters and digits that Services Australia gives to a practice for its software. Claims wait until it is here."
                    value={(*location_id).clone()} error={act.error("/location_id")} oninput={move |text| set.set(text)} />
                { keep(act.busy) }
            </form>
            { outcome(*kept) }
            { refused(&act, on_kept) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfRoleSetupProps {
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
}

/// Fetches a practitioner's numbers, then shows them.
#[component]
fn OfRoleSetup(props: &OfRoleSetupProps) -> Html {
    let OfRoleSetupProps { organization_id, role_id } = props;
    let (version, on_again) = use_version();
    let path = funding_api::find_role_setup(*organization_id, *role_id);
    match use_private_api::<RoleSetup>(path, version) {
        None => loading(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={desk_path(*organization_id, REST)} {on_again} /> }
        }
        Some(Ok(setup)) => html! {
            <RoleForm organization_id={*organization_id} {setup} on_kept={on_again} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RoleFormProps {
    pub organization_id: OrganizationId,
    pub setup: Rc<RoleSetup>,
    pub on_kept: Callback<()>,
}

/// The provider number and the place's area.
#[component]
pub fn RoleForm(props: &RoleFormProps) -> Html {
    let RoleFormProps { organization_id, setup, on_kept } = props;
    let (client, act) = (use_api_client(), use_act());
    let number = use_state_eq(|| setup.provider_number.clone().unwrap_or_default());
    let area = use_state_eq(|| setup.modified_monash.map(|area| area.to_string()).unwrap_or_default());
    let kept = use_state_eq(|| false);
    {
        let (number, area, act) = (number.setter(), area.setter(), act.clone());
        use_effect_with(Rc::clone(setup), move |setup| {
            number.set(setup.provider_number.clone().unwrap_or_default());
            area.set(setup.modified_monash.map(|area| area.to_string()).unwrap_or_default());
            act.forget();
        });
    }
    let onsubmit = {
        let (act, number, area, kept, on_kept) =
            (act.clone(), number.clone(), area.clone(), kept.setter(), on_kept.clone());
        let (organization_id, role_id, version) =
            (*organization_id, setup.practitioner_role_id, setup.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            kept.set(false);
            let wanted = PutRoleSetup {
                provider_number: (*number).clone(),
                // What was not chosen is no area, and the service says so.
                modified_monash: area.parse().unwrap_or(0),
                version,
            };
            let (client, kept, on_kept) = (client.clone(), kept.clone(), on_kept.clone());
            let send = move || {
                let (client, wanted) = (client.clone(), wanted.clone());
                async move { funding_api::put_role_setup(&client, organization_id, role_id, &wanted).await }
            };
            act.run(send, move |_: RoleSetup| {
                kept.set(true);
                on_kept.emit(());
            });
        }
    };
    let none = area.is_empty().then_some((AttrValue::from(""), AttrValue::from("Choose the area")));
    let areas = AREAS.map(|(code, words)| (AttrValue::from(code), AttrValue::from(words)));
    let options: Vec<_> = none.into_iter().chain(areas).collect();
    let (set_number, set_area) = (number.setter(), area.setter());
    html! {
        <>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <Field id="provider-number" label="Medicare provider number" width="input--m" maxlength="10"
                    autocomplete="off" hint="For this place, such as 2447781L." value={(*number).clone()}
                    error={act.error("/provider_number")} oninput={move |text| set_number.set(text)} />
                <SelectField id="area" label="Modified Monash area of the place" {options} value={(*area).clone()}
                    hint="It decides what Medicare pays for bulk billing there. The Health Workforce Locator on health.gov.au has it."
                    error={act.error("/modified_monash")} onchange={move |code| set_area.set(code)} />
                { keep(act.busy) }
            </form>
            { outcome(*kept) }
            { refused(&act, on_kept) }
        </>
    }
}

fn keep(busy: bool) -> Html {
    html! {
        <div class="button-row">
            <button type="submit" class="button" aria-busy={busy.to_string()}>
                { if busy { "Keeping…" } else { "Keep" } }
            </button>
        </div>
    }
}

/// Why nothing was kept; where somebody was quicker, the way to what they kept.
fn refused(act: &Act, on_again: &Callback<()>) -> Html {
    if !act.problem.as_ref().is_some_and(|problem| problem.is("stale-version")) {
        return html! { <Refused act={act.clone()} beside={BESIDE} /> };
    }
    html! {
        <Notice kind={NoticeKind::Soon} title="Somebody else has changed it" alert=true>
            <p>{ "Yours was not kept. Load it again to see theirs." }</p>
            <div class="button-row">
                <button type="button" class="button" onclick={on_again.reform(|_: MouseEvent| ())}>
                    { "Load again" }
                </button>
            </div>
        </Notice>
    }
}

fn outcome(kept: bool) -> Html {
    html! {
        <div class="optional">
            if kept {
                <Notice kind={NoticeKind::Success} title="Kept" />
            }
        </div>
    }
}
