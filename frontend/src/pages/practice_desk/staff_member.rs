//! One person who works at a practice: what they do, changing it, and letting them go.

use shared_types::{
    AccountId, OrganizationId, Problem,
    users::{ChangeRoles, StaffMember, StaffRole},
};
use yew::prelude::*;

use super::keys::removal_path;
use crate::{
    api::{practice, use_api_client},
    components::{
        checks::{Check, Checks},
        notice::{Notice, NoticeKind},
    },
    forms::desk::{role_hint, roles_words, with_role},
    hooks::use_act,
};

/// The boxes for roles; only an owner makes another one.
pub fn role_checks(roles: &[StaffRole], by_owner: bool) -> Vec<Check> {
    let offered = StaffRole::ALL.into_iter().filter(|role| by_owner || *role != StaffRole::Owner);
    let check =
        |role: StaffRole| Check { code: role.code(), words: role_hint(role), ticked: roles.contains(&role) };
    offered.map(check).collect()
}

#[derive(Clone, PartialEq, Properties)]
pub struct StaffCardProps {
    pub member: StaffMember,
    pub organization_id: OrganizationId,
    pub is_me: bool,
    /// Whether the one who looks may change it.
    pub by_owner: bool,
    /// Told whose roles have changed, or who has left.
    pub on_changed: Callback<AccountId>,
}

/// What is open below a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panel {
    Closed,
    Roles,
    Leaving,
}

/// The card.
#[component]
pub fn StaffCard(props: &StaffCardProps) -> Html {
    let StaffCardProps { member, organization_id, is_me, by_owner, on_changed } = props;
    let panel = use_state_eq(|| Panel::Closed);
    let show = |to: Panel| {
        let panel = panel.setter();
        Callback::from(move |_: MouseEvent| panel.set(to))
    };
    let on_close = show(Panel::Closed);
    let open = match *panel {
        Panel::Closed if *by_owner => html! {
            <div class="button-row">
                <button class="button button--plain" type="button" onclick={show(Panel::Roles)}>
                    { "Change roles" }{ of(member) }
                </button>
                <button class="button button--plain" type="button" onclick={show(Panel::Leaving)}>
                    { "Remove" }{ of(member) }
                </button>
            </div>
        },
        Panel::Closed => Html::default(),
        Panel::Roles => html! {
            <Roles member={member.clone()} organization_id={*organization_id} on_changed={on_changed.clone()}
                {on_close} />
        },
        Panel::Leaving => html! {
            <Leaving member={member.clone()} organization_id={*organization_id} on_changed={on_changed.clone()}
                {on_close} />
        },
    };
    html! {
        <li class="card stack">
            <div>
                <p>
                    <strong>{ member.email.expose() }</strong>
                    if *is_me {
                        { " (you)" }
                    }
                </p>
                <p class="small muted">{ roles_words(&member.roles) }</p>
            </div>
            <div class="optional">{ open }</div>
        </li>
    }
}

/// Whom a button concerns, for a screen reader.
fn of(member: &StaffMember) -> Html {
    html! { <span class="visually-hidden">{ format!(" of {}", member.email.expose()) }</span> }
}

#[derive(Clone, PartialEq, Properties)]
struct PanelProps {
    member: StaffMember,
    organization_id: OrganizationId,
    on_changed: Callback<AccountId>,
    on_close: Callback<MouseEvent>,
}

/// All of somebody's roles.
#[component]
fn Roles(props: &PanelProps) -> Html {
    let PanelProps { member, organization_id, on_changed, on_close } = props;
    let client = use_api_client();
    let act = use_act();
    let roles = use_state_eq(|| member.roles.clone());
    let on_tick = {
        let roles = roles.clone();
        Callback::from(move |(code, ticked): (&'static str, bool)| {
            if let Some(role) = StaffRole::from_code(code) {
                roles.set(with_role(&roles, role, ticked));
            }
        })
    };
    let onsubmit = {
        let (act, roles, on_changed) = (act.clone(), roles.clone(), on_changed.clone());
        let (organization_id, account_id, version) = (*organization_id, member.account_id, member.version);
        move |event: SubmitEvent| {
            event.prevent_default();
            let change = ChangeRoles { roles: (*roles).clone(), version };
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move || {
                let (client, change) = (client.clone(), change.clone());
                async move { practice::change_staff_roles(&client, organization_id, account_id, &change).await }
            };
            act.run(send, move |()| on_changed.emit(account_id));
        }
    };
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <Checks id={format!("roles-{}", member.account_id)} legend="What they do"
                checks={role_checks(&roles, true)} error={act.error("/roles")} {on_tick} />
            { epoch_needed(act.problem.as_ref(), *organization_id, member) }
            <div class="button-row">
                <button class="button" type="submit" aria-busy={act.busy.to_string()}>
                    { if act.busy { "Saving…" } else { "Save" } }
                </button>
                <button class="button button--plain" type="button" onclick={on_close}>{ "Leave it" }</button>
            </div>
        </form>
    }
}

/// Letting somebody go. Whoever reads goes by way of the keys.
#[component]
fn Leaving(props: &PanelProps) -> Html {
    let PanelProps { member, organization_id, on_changed, on_close } = props;
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, on_changed) = (act.clone(), on_changed.clone());
        let (organization_id, account_id) = (*organization_id, member.account_id);
        move |_: MouseEvent| {
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move || {
                let client = client.clone();
                async move { practice::remove_staff(&client, organization_id, account_id).await }
            };
            act.run(send, move |()| on_changed.emit(account_id));
        }
    };
    html! {
        <div class="stack">
            <p>{ format!("Remove {} from the practice? Their pages here close at once.", member.email.expose()) }</p>
            { epoch_needed(act.problem.as_ref(), *organization_id, member) }
            <div class="button-row">
                <button class="button button--danger" type="button" {onclick} aria-busy={act.busy.to_string()}>
                    { if act.busy { "Removing…" } else { "Remove them" } }
                </button>
                <button class="button button--quiet" type="button" onclick={on_close}>{ "Keep them" }</button>
            </div>
        </div>
    }
}

/// Why it did not work. Where the practice's key has to change with it, the way to the page that does both.
fn epoch_needed(problem: Option<&Problem>, organization_id: OrganizationId, member: &StaffMember) -> Html {
    let content = match problem {
        None => Html::default(),
        Some(problem) if problem.is("epoch-needed") => html! {
            <Notice kind={NoticeKind::Soon} title="They hold the practice’s key" alert=true>
                <p>
                    { "Nothing was changed. Whoever must not read any more has to leave together with a new key. You can " }
                    { "invite them again afterwards, with other roles." }
                </p>
                <div class="button-row">
                    <a class="button" href={removal_path(organization_id, member.account_id)}>
                        { "Remove them and change the key" }
                    </a>
                </div>
            </Notice>
        },
        Some(problem) => html! {
            <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                <p>{ problem.detail.clone().unwrap_or_default() }</p>
            </Notice>
        },
    };
    html! { <div class="optional">{ content }</div> }
}
