//! Which rooms and devices a kind of visit needs, out of those that the practice has in use.

use shared_types::{
    OrganizationId, ResourceId,
    bookings::resources::{PracticeResource, PracticeResources},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    api::calendar as calendar_api, components::field::FieldError, hooks::use_private_api,
    pages::practice_desk::calendar_path,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ResourceChoiceProps {
    /// Of the group.
    pub id: AttrValue,
    pub organization_id: OrganizationId,
    pub chosen: Vec<ResourceId>,
    pub error: Option<AttrValue>,
    pub on_change: Callback<Vec<ResourceId>>,
}

/// The boxes to tick. What is chosen and retired since is shown, too, so that it can be taken away.
#[component]
pub fn ResourceChoice(props: &ResourceChoiceProps) -> Html {
    let ResourceChoiceProps { id, organization_id, chosen, error, on_change } = props;
    let resources = use_private_api::<PracticeResources>(calendar_api::list_resources(*organization_id), 0);
    let check = |resource: &PracticeResource| {
        let (resource_id, before) = (resource.resource_id, chosen.clone());
        let onchange = on_change.reform(move |event: Event| {
            with_resource(&before, resource_id, event.target_unchecked_into::<HtmlInputElement>().checked())
        });
        html! {
            <label class="check" key={resource_id.to_string()}>
                <input type="checkbox" name={id.clone()} checked={chosen.contains(&resource_id)} {onchange} />
                <span>{ &resource.name }{ if resource.retired { " (retired)" } else { "" } }</span>
            </label>
        }
    };
    let content = match resources {
        None => html! { <p class="muted">{ "Looking up what the practice has…" }</p> },
        Some(Err(_)) => {
            html! { <p>{ "We could not read what the practice has. What it needs stays as it is." }</p> }
        }
        Some(Ok(resources)) => {
            let shown = resources.items.iter().filter(|of| !of.retired || chosen.contains(&of.resource_id));
            let checks: Vec<Html> = shown.map(check).collect();
            if checks.is_empty() {
                html! {
                    <p>
                        { "The practice has none yet. " }
                        <a href={calendar_path(*organization_id, "/resources")}>{ "Add a room or a device" }</a>
                    </p>
                }
            } else {
                html! { <div>{ for checks }</div> }
            }
        }
    };
    html! {
        <fieldset class="fieldset" aria-describedby={format!("{id}-hint {id}-error")}>
            <legend>{ "Rooms and devices that it needs" }</legend>
            <p class="field__hint" id={format!("{id}-hint")}>
                { "A time can be booked when all of them are free." }
            </p>
            <FieldError id={format!("{id}-error")} error={error.clone()} />
            { content }
        </fieldset>
    }
}

/// With one more, or without one.
fn with_resource(chosen: &[ResourceId], id: ResourceId, ticked: bool) -> Vec<ResourceId> {
    let others = chosen.iter().copied().filter(|one| *one != id);
    others.chain(ticked.then_some(id)).collect()
}

#[cfg(test)]
mod tests {
    use shared_types::ResourceId;
    use uuid::Uuid;

    use super::with_resource;

    #[test]
    fn a_room_is_needed_once_or_not_at_all() {
        let id = |nth| ResourceId(Uuid::from_u128(nth));
        let two = with_resource(&[id(1)], id(2), true);
        assert_eq!(two, [id(1), id(2)]);
        assert_eq!(with_resource(&two, id(1), true), [id(2), id(1)]);
        assert_eq!(with_resource(&two, id(1), false), [id(2)]);
    }
}
