//! A part about one practitioner of the practice, chosen from all on the page itself.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::practice::{PracticeRole, PracticeRoles},
};
use yew::prelude::*;

use crate::{
    api::calendar,
    components::failed::Failed,
    hooks::{use_private_api, use_version},
    pages::{account::loading, calendar::role_choice::RoleChoice, practice_desk::desk_path},
};

#[derive(Clone, PartialEq, Properties)]
pub struct OfRoleProps {
    pub organization_id: OrganizationId,
    /// The page's address after the practice.
    pub rest: &'static str,
    pub render: Callback<PracticeRole, Html>,
}

/// Who it is about, then the part.
#[component]
pub fn OfRole(props: &OfRoleProps) -> Html {
    let OfRoleProps { organization_id, rest, render } = props;
    let (version, on_again) = use_version();
    let wanted = use_state_eq(|| None::<PractitionerRoleId>);
    let roles = use_private_api::<PracticeRoles>(calendar::list_practice_roles(*organization_id), version);
    let roles = match roles {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={desk_path(*organization_id, rest)} {on_again} /> };
        }
        Some(Ok(roles)) => roles,
    };
    let found = roles.items.iter().find(|role| Some(role.practitioner_role_id) == *wanted);
    let Some(role) = found.or(roles.items.first()) else {
        return html! { <p>{ "Once your practice lists a practitioner, this is set here." }</p> };
    };
    let on_role = {
        let wanted = wanted.setter();
        move |role_id: PractitionerRoleId| wanted.set(Some(role_id))
    };
    html! {
        <div class="stack">
            if roles.items.len() > 1 {
                <RoleChoice id="of-role" label="Practitioner" roles={Rc::clone(&roles)}
                    chosen={role.practitioner_role_id} {on_role} />
            } else {
                <p>{ format!("{}, {}", role.name, role.address) }</p>
            }
            <div key={role.practitioner_role_id.to_string()} class="stack">{ render.emit(role.clone()) }</div>
        </div>
    }
}
