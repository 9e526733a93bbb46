//! Who keeps a practitioner's hours besides the practice's managers: one of its practitioners, or nobody. For managers and owners.

use std::rc::Rc;

use shared_types::{
    AccountId, OrganizationId, PractitionerRoleId,
    bookings::schedule::PutKeeper,
    page::Page,
    users::{StaffMember, StaffRole},
};
use yew::prelude::*;

use crate::{
    api::{calendar as calendar_api, practice, use_api_client},
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    hooks::{use_act, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        practice_desk::{calendar_path, desk_path},
    },
};

#[derive(Clone, PartialEq, Properties)]
pub struct KeeperProps {
    pub organization_id: OrganizationId,
    pub role_id: PractitionerRoleId,
    /// Whose account keeps them now.
    pub keeper: Option<AccountId>,
}

/// Fetches who works there.
#[component]
pub fn Keeper(props: &KeeperProps) -> Html {
    let KeeperProps { organization_id, role_id, keeper } = props;
    let (version, on_again) = use_version();
    let staff = use_private_api::<Page<StaffMember>>(practice::list_staff(*organization_id), version);
    let content = match staff {
        None => loading(),
        Some(Err(problem)) => {
            let here = calendar_path(*organization_id, "/hours");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(staff)) => html! {
            <KeeperForm organization_id={*organization_id} role_id={*role_id} keeper={*keeper} {staff} />
        },
    };
    html! {
        <section class="stack" aria-labelledby="keeper-title">
            <h2 id="keeper-title">{ "Who keeps these hours" }</h2>
            { content }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct KeeperFormProps {
    pub organization_id: OrganizationId,
    pub role_id: PractitionerRoleId,
    pub keeper: Option<AccountId>,
    /// Everybody who works there.
    pub staff: Rc<Page<StaffMember>>,
}

/// The choice.
#[component]
pub fn KeeperForm(props: &KeeperFormProps) -> Html {
    let KeeperFormProps { organization_id, role_id, keeper, staff } = props;
    let (client, act) = (use_api_client(), use_act());
    let chosen = use_state_eq(|| *keeper);
    let saved = use_state_eq(|| false);
    let options = options(&staff.items, *keeper);
    let onchange = {
        let (chosen, saved) = (chosen.setter(), saved.setter());
        Callback::from(move |id: String| {
            chosen.set(id.parse().ok());
            saved.set(false);
        })
    };
    let onsubmit = {
        let (act, saved) = (act.clone(), saved.setter());
        let (organization_id, role_id, account_id) = (*organization_id, *role_id, *chosen);
        move |event: SubmitEvent| {
            event.prevent_default();
            saved.set(false);
            let client = client.clone();
            let send = move || {
                let client = client.clone();
                async move {
                    calendar_api::put_keeper(&client, organization_id, role_id, PutKeeper { account_id })
                        .await
                }
            };
            let saved = saved.clone();
            act.run(send, move |()| saved.set(true));
        }
    };
    // Whoever kept them before may have ceased to be a practitioner.
    if options.len() == 1 {
        return html! {
            <p>
                { "Managers and owners do. Once a practitioner has an account with your practice, they can keep their own: " }
                <a href={desk_path(*organization_id, "/staff")}>{ "invite them" }</a>{ "." }
            </p>
        };
    }
    html! {
        <form class="stack" novalidate=true method="post" {onsubmit}>
            <SelectField id="hours-keeper" label="Besides managers and owners"
                hint="They change these hours, the appointment types, and the other calendar. Everybody else here can read them."
                {options} value={(*chosen).map(|id| id.to_string()).unwrap_or_default()} {onchange} />
            <div class="button-row">
                <button type="submit" class="button button--quiet" aria-busy={act.busy.to_string()}>
                    { if act.busy { "Saving…" } else { "Save who keeps them" } }
                </button>
            </div>
            <Refused {act} />
            <div class="optional">
                if *saved {
                    <Notice kind={NoticeKind::Success} title="Saved">
                        <p>{ kept(*chosen) }</p>
                    </Notice>
                }
            </div>
        </form>
    }
}

/// Nobody, each practitioner by the address that colleagues know them by, and whoever keeps them and is none of these.
fn options(staff: &[StaffMember], keeper: Option<AccountId>) -> Vec<(AttrValue, AttrValue)> {
    let practitioners = staff.iter().filter(|member| member.roles.contains(&StaffRole::Practitioner));
    let mut options = vec![(AttrValue::from(""), AttrValue::from("Nobody"))];
    options.extend(practitioners.map(|member| {
        (AttrValue::from(member.account_id.to_string()), AttrValue::from(member.email.expose().clone()))
    }));
    if let Some(keeper) = keeper.map(|id| AttrValue::from(id.to_string()))
        && !options.iter().any(|(id, _)| *id == keeper)
    {
        options.push((keeper, AttrValue::from("Somebody who is no practitioner here any more")));
    }
    options
}

fn kept(chosen: Option<AccountId>) -> &'static str {
    match chosen {
        Some(_) => "They can change these hours from now on.",
        None => "Only managers and owners change these hours from now on.",
    }
}
