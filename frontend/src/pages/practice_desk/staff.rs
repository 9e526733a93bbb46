//! `/practice/{organization_id}/staff`: who works at a practice and as what.

use std::rc::Rc;

use shared_types::{
    AccountId, OrganizationId,
    page::Page,
    users::{StaffMember, StaffRole},
};
use yew::prelude::*;

use super::{Desk, DeskProps, ForStaff, desk_path, staff_invite::Invite, staff_member::StaffCard};
use crate::{
    api::practice,
    components::failed::Failed,
    hooks::{use_head, use_private_api, use_standing::use_standing, use_version},
    pages::{account::loading, hold::private_head},
};

const TITLE: &str = "Staff";
/// Everybody who works there sees who does.
const ALL: &[StaffRole] = &StaffRole::ALL;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StaffPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn StaffPage(props: &StaffPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Staff {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} rest="/staff" needs={ALL} {render} />
    }
}

#[component]
fn Staff(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let organization_id = desk.organization_id;
    let (version, on_again) = use_version();
    let staff = use_private_api::<Page<StaffMember>>(practice::list_staff(organization_id), version);
    let ask = use_standing().ask;
    let on_changed = {
        let (on_again, me) = (on_again.clone(), desk.me.account_id);
        Callback::from(move |account_id: AccountId| {
            on_again.emit(());
            if account_id == me {
                // One's own roles are part of who one is.
                ask.emit(());
            }
        })
    };
    let list = match staff {
        None => loading(),
        Some(Err(problem)) => {
            let here = desk_path(organization_id, "/staff");
            html! { <Failed {problem} {here} {on_again} /> }
        }
        Some(Ok(page)) => shown(desk, &page, &on_changed),
    };
    html! {
        <div class="stack">
            { list }
            if desk.invites() {
                <Invite {organization_id} by_owner={desk.is_owner()} />
            }
        </div>
    }
}

fn shown(desk: &Desk, page: &Rc<Page<StaffMember>>, on_changed: &Callback<AccountId>) -> Html {
    html! {
        <ul class="stack" role="list">
            { for page.items.iter().map(|member| html! {
                <StaffCard key={format!("{} {}", member.account_id, member.version)} member={member.clone()}
                    organization_id={desk.organization_id} is_me={member.account_id == desk.me.account_id}
                    by_owner={desk.is_owner()} on_changed={on_changed.clone()} />
            }) }
        </ul>
    }
}
