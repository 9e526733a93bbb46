//! `/calendar/{organization_id}/resources`: the practice's rooms and devices, which kinds of visits can need.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        practice::CALENDAR_STAFF,
        resources::{CreateResource, PracticeResource, PracticeResources, ResourceKind},
    },
    users::StaffRole,
};
use yew::prelude::*;

use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    components::{failed::Failed, field::Field, select_field::SelectField},
    forms::attempt::Attempt,
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Rooms and devices";
/// Who reads them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ResourcesPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn ResourcesPage(props: &ResourcesPageProps) -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|desk: Desk| html! { <Resources {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} rest="/resources" needs={STAFF}
            {render} />
    }
}

/// The list, and for those who run the practice the form for another one.
#[component]
fn Resources(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let organization_id = desk.organization_id;
    let (version, on_again) = use_version();
    let resources =
        use_private_api::<PracticeResources>(calendar_api::list_resources(organization_id), version);
    let resources = match resources {
        None => return loading(),
        Some(Err(problem)) => {
            let here = calendar_path(organization_id, "/resources");
            return html! { <Failed {problem} {here} {on_again} /> };
        }
        Some(Ok(resources)) => resources,
    };
    let runs = desk.invites();
    let row = |resource: &PracticeResource| {
        html! {
            <ResourceRow key={resource.resource_id.to_string()} {organization_id} resource={resource.clone()}
                may_retire={runs && !resource.retired} on_retired={on_again.clone()} />
        }
    };
    html! {
        <div class="stack">
            <p>
                { "An appointment type can need rooms and devices. Patients then see only times at which all of them are " }
                { "free, and booking one takes them together." }
            </p>
            if resources.items.is_empty() {
                <p>{ "There are none yet." }</p>
            }
            <ul class="stack" role="list">{ for resources.items.iter().map(row) }</ul>
            if runs {
                <AddResource {organization_id} on_added={on_again.clone()} />
            } else {
                <p class="small muted">{ "A manager can add and retire them." }</p>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ResourceRowProps {
    organization_id: OrganizationId,
    resource: PracticeResource,
    may_retire: bool,
    on_retired: Callback<()>,
}

#[component]
fn ResourceRow(props: &ResourceRowProps) -> Html {
    let ResourceRowProps { organization_id, resource, may_retire, on_retired } = props;
    let client = use_api_client();
    let act = use_act();
    let onclick = {
        let (act, on_retired) = (act.clone(), on_retired.clone());
        let (organization_id, resource_id) = (*organization_id, resource.resource_id);
        move |_: MouseEvent| {
            let (client, on_retired) = (client.clone(), on_retired.clone());
            let send = move || {
                let client = client.clone();
                async move { calendar_api::retire_resource(&client, organization_id, resource_id).await }
            };
            act.run(send, move |()| on_retired.emit(()));
        }
    };
    html! {
        <li class="card stack">
            <p>
                <strong>{ &resource.name }</strong>{ " " }<span class="badge">{ kind_words(resource.kind) }</span>
                if resource.retired {
                    { " " }<span class="badge">{ "Retired" }</span>
                }
            </p>
            if *may_retire {
                <div class="button-row">
                    <button type="button" class="button button--plain" {onclick} aria-busy={act.busy.to_string()}>
                        { "Retire" }<span class="visually-hidden">{ format!(" {}", resource.name) }</span>
                    </button>
                </div>
            }
            <Refused act={act.clone()} />
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AddResourceProps {
    organization_id: OrganizationId,
    on_added: Callback<()>,
}

#[component]
fn AddResource(props: &AddResourceProps) -> Html {
    let AddResourceProps { organization_id, on_added } = props;
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let (name, kind) = (use_state_eq(String::new), use_state_eq(|| ResourceKind::Room));
    let onsubmit = {
        let (act, name, kind, on_added) = (act.clone(), name.clone(), kind.clone(), on_added.clone());
        let organization_id = *organization_id;
        move |event: SubmitEvent| {
            event.prevent_default();
            let wanted = CreateResource { kind: *kind, name: (*name).clone() };
            let (client, attempt) = (client.clone(), Rc::clone(&attempt));
            let send = move || {
                let (client, wanted, attempt) = (client.clone(), wanted.clone(), Rc::clone(&attempt));
                let sent = serde_json::to_string(&wanted).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                async move {
                    let made = calendar_api::create_resource(&client, organization_id, &wanted, key).await;
                    attempt.borrow_mut().settle(made.as_ref().err());
                    made
                }
            };
            let (name, on_added) = (name.setter(), on_added.clone());
            act.run(send, move |_: PracticeResource| {
                name.set(String::new());
                on_added.emit(());
            });
        }
    };
    let options: Vec<_> = ResourceKind::ALL
        .map(|kind| (AttrValue::from(kind.code()), AttrValue::from(kind_words(kind))))
        .to_vec();
    let set_name = name.setter();
    let set_kind = kind.setter();
    let onchange =
        move |code: String| set_kind.set(ResourceKind::from_code(&code).unwrap_or(ResourceKind::Room));
    html! {
        <section class="card stack" aria-labelledby="add-resource">
            <h2 id="add-resource">{ "Add one" }</h2>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <SelectField id="resource-kind" label="What it is" {options} value={kind.code()} {onchange} />
                <Field id="resource-name" label="Name" hint="What the desk reads, such as “Treatment room 2”."
                    maxlength="80" autocomplete="off" value={(*name).clone()} error={act.error("/name")}
                    oninput={move |text| set_name.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                        { if act.busy { "Adding…" } else { "Add" } }
                    </button>
                </div>
            </form>
            <Refused act={act.clone()} beside={BESIDE} />
        </section>
    }
}

fn kind_words(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Room => "Room",
        ResourceKind::Device => "Device",
    }
}

/// The field that says itself what is wrong.
const BESIDE: &[&str] = &["/name"];
