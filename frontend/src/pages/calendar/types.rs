//! `/calendar/{organization_id}/types`: what somebody can be booked for.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::{
        home_visit::{HomeVisit, VisitArea},
        practice::{CALENDAR_STAFF, PracticeRole},
        schedule::{RoleType, RoleTypes},
    },
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::{hours::ForRole, type_form::TypeEditor};
use crate::{
    api::calendar as calendar_api,
    components::{booking_words::price_words, failed::Failed, notice::Notice},
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading,
        hold::private_head,
        practice_desk::{CALENDAR, Desk, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Appointment types";
/// Who reads them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TypesPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn TypesPage(props: &TypesPageProps) -> Html {
    use_head(private_head(TITLE));
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let render = Callback::from(|desk: Desk| {
        let render = Callback::from(|(desk, role): (Desk, PracticeRole)| html! { <Types {desk} {role} /> });
        html! { <ForRole {desk} rest="/types" {render} /> }
    });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR}
            rest={format!("/types{query}")} needs={STAFF} {render} />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TypesProps {
    desk: Desk,
    role: PracticeRole,
}

/// The list; each type opens to be edited.
#[component]
fn Types(props: &TypesProps) -> Html {
    let TypesProps { desk, role } = props;
    let (organization_id, role_id) = (desk.organization_id, role.practitioner_role_id);
    let (version, on_again) = use_version();
    let types =
        use_private_api::<RoleTypes>(calendar_api::list_role_types(organization_id, role_id), version);
    let adding = use_state_eq(|| false);
    let types = match types {
        None => return loading(),
        Some(Err(problem)) => {
            let here = calendar_path(organization_id, "/types");
            return html! { <Failed {problem} {here} {on_again} /> };
        }
        Some(Ok(types)) => types,
    };
    let on_saved = {
        let (on_again, adding) = (on_again.clone(), adding.setter());
        Callback::from(move |()| {
            adding.set(false);
            on_again.emit(());
        })
    };
    let add = {
        let adding = adding.setter();
        move |_: MouseEvent| adding.set(true)
    };
    let on_leave = {
        let adding = adding.setter();
        Callback::from(move |()| adding.set(false))
    };
    let next = types.items.iter().map(|of| of.draft.position).max().unwrap_or(0).saturating_add(1).min(1_000);
    html! {
        <div class="stack">
            if !role.may_edit {
                <Notice title="You can read these types">
                    <p>{ "A manager can change them, or give them to you to keep." }</p>
                </Notice>
            }
            if types.items.is_empty() {
                <p>{ "Nothing is offered yet. Patients can book once there is a type and there are hours for it." }</p>
            }
            <ul class="stack" role="list">
                { for types.items.iter().map(|of| html! {
                    <TypeCard key={format!("{} {}", of.appointment_type_id, of.version)} of={Rc::new(of.clone())}
                        {organization_id} {role_id} may_edit={role.may_edit} on_saved={on_saved.clone()} />
                }) }
            </ul>
            if role.may_edit {
                if *adding {
                    <section class="card stack" aria-labelledby="new-type">
                        <h2 id="new-type">{ "A new appointment type" }</h2>
                        <TypeEditor {organization_id} {role_id} next_position={next} {on_saved} {on_leave} />
                    </section>
                } else {
                    <div class="button-row">
                        <button type="button" class="button" onclick={add}>{ "Add an appointment type" }</button>
                    </div>
                }
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TypeCardProps {
    of: Rc<RoleType>,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    may_edit: bool,
    on_saved: Callback<()>,
}

#[component]
fn TypeCard(props: &TypeCardProps) -> Html {
    let TypeCardProps { of, organization_id, role_id, may_edit, on_saved } = props;
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let on_leave = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let draft = &of.draft;
    html! {
        <li class="card stack">
            <div>
                <p>
                    <strong>{ &draft.name }</strong>
                    if !of.active {
                        { " " }<span class="badge">{ "No longer offered" }</span>
                    }
                </p>
                <p class="small muted">{ summary(of) }</p>
            </div>
            if *may_edit {
                if *open {
                    <TypeEditor organization_id={*organization_id} role_id={*role_id} of={Rc::clone(of)}
                        next_position={draft.position} on_saved={on_saved.clone()} {on_leave} />
                } else {
                    <div class="button-row">
                        <button type="button" class="button button--plain" onclick={toggle}>
                            { "Change" }<span class="visually-hidden">{ format!(" {}", draft.name) }</span>
                        </button>
                    </div>
                }
            }
        </li>
    }
}

/// `45 minutes, $120, new patients, after your answer`.
fn summary(of: &RoleType) -> String {
    let draft = &of.draft;
    let buffers = draft.buffer_before_minutes + draft.buffer_after_minutes;
    let parts = [
        Some(format!("{} minutes", draft.duration_minutes)),
        (buffers > 0).then(|| format!("{buffers} minutes kept free around it")),
        Some(price_words(draft.price_cents, draft.bulk_billed)),
        Some(super::hours_form::audience_words(draft.audience).to_lowercase()),
        draft.telehealth.then(|| "by video or phone".to_owned()),
        draft.home_visit.as_ref().map(visit_words),
        draft.needs_acceptance.then(|| "after your answer".to_owned()),
        draft.daily_cap.map(|cap| format!("at most {cap} a day")),
        questions_words(draft.questions.len()),
        draft.seats.map(|seats| format!("in a group of up to {seats}")),
        match draft.resources.len() {
            0 => None,
            1 => Some("with a room or device".to_owned()),
            count => Some(format!("with {count} rooms and devices")),
        },
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `at the patient's home in 3 postcodes, with 20 minutes on the way`.
fn visit_words(visit: &HomeVisit) -> String {
    let place = match &visit.area {
        VisitArea::Postcodes { postcodes } => match postcodes.len() {
            1 => "in 1 postcode".to_owned(),
            count => format!("in {count} postcodes"),
        },
        VisitArea::Circle { around, kilometres, .. } => format!("within {kilometres} km of {around}"),
        VisitArea::Polygon { .. } => "in an area of yours".to_owned(),
    };
    format!("at the patient’s home {place}, with {} minutes on the way", visit.travel_minutes)
}

fn questions_words(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 question".to_owned()),
        count => Some(format!("{count} questions")),
    }
}
