//! One practitioner of the practice, chosen from all.

use std::rc::Rc;

use shared_types::{PractitionerRoleId, bookings::practice::PracticeRoles};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{browser, components::icon::Icon};

#[derive(Clone, PartialEq, Properties)]
pub struct RoleChoiceProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub roles: Rc<PracticeRoles>,
    pub chosen: PractitionerRoleId,
    pub on_role: Callback<PractitionerRoleId>,
}

/// Label and select. Somebody at two places is there twice, with the place.
#[component]
pub fn RoleChoice(props: &RoleChoiceProps) -> Html {
    let RoleChoiceProps { id, label, roles, chosen, on_role } = props;
    let select = use_node_ref();
    // `selected` marks only the first state of a select: once somebody has chosen, the property decides.
    use_effect_with((*chosen, select.clone()), |(chosen, select)| {
        browser::select(select, &chosen.to_string())
    });
    let onchange = {
        let on_role = on_role.clone();
        move |event: Event| {
            if let Ok(role_id) = event.target_unchecked_into::<HtmlSelectElement>().value().parse() {
                on_role.emit(role_id);
            }
        }
    };
    let options = roles.items.iter().map(|role| {
        let value = role.practitioner_role_id.to_string();
        html! {
            <option key={value.clone()} {value} selected={role.practitioner_role_id == *chosen}>
                { format!("{}, {}", role.name, role.address) }
            </option>
        }
    });
    html! {
        <div class="field">
            <label class="field__label" for={id.clone()}>{ label }</label>
            <div class="select-wrap">
                <select class="select" id={id.clone()} ref={select} {onchange}>{ for options }</select>
                <Icon name="chevron-down" />
            </div>
        </div>
    }
}
