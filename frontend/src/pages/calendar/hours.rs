//! `/calendar/{organization_id}/hours`: when somebody can be booked, edited as a whole, with what patients would see of it.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    OrganizationId, PractitionerRoleId, Zone,
    bookings::{
        practice::{CALENDAR_STAFF, PracticeRole, PracticeRoles},
        schedule::{OutsideAppointment, RoleSchedule, RoleTypes, SchedulePut},
    },
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::{hours_form::HoursFields, hours_preview::Preview, role_choice::RoleChoice};
use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    calendar::{
        view::{CalendarView, Layout},
        words::status_words,
    },
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
        times_rest::long_when,
    },
    forms::hours::{HoursAction, HoursForm},
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Hours";
/// Who reads them.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HoursPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn HoursPage(props: &HoursPageProps) -> Html {
    use_head(private_head(TITLE));
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let render = Callback::from(|desk: Desk| {
        let render = Callback::from(|(desk, role): (Desk, PracticeRole)| html! { <Hours {desk} {role} /> });
        html! { <ForRole {desk} rest="/hours" {render} /> }
    });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR}
            rest={format!("/hours{query}")} needs={STAFF} {render} />
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ForRoleProps {
    pub desk: Desk,
    /// The page's address after the practice.
    pub rest: &'static str,
    pub render: Callback<(Desk, PracticeRole), Html>,
}

/// A page about one practitioner of the practice: which one, the address says.
#[component]
pub fn ForRole(props: &ForRoleProps) -> Html {
    let ForRoleProps { desk, rest, render } = props;
    let organization_id = desk.organization_id;
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let (version, on_again) = use_version();
    let roles = use_private_api::<PracticeRoles>(calendar_api::list_practice_roles(organization_id), version);
    let on_role = {
        let rest = *rest;
        move |role_id: PractitionerRoleId| {
            let view = CalendarView::default().of(vec![role_id]);
            browser::navigate(&calendar_path(organization_id, &format!("{rest}{}", view.query())));
        }
    };
    let roles = match roles {
        None => return loading(),
        Some(Err(problem)) => {
            return html! { <Failed {problem} here={calendar_path(organization_id, rest)} {on_again} /> };
        }
        Some(Ok(roles)) => roles,
    };
    let wanted = CalendarView::read(&query).who.first().copied();
    let found = roles.items.iter().find(|role| Some(role.practitioner_role_id) == wanted);
    let Some(role) = found.or(roles.items.first()) else {
        return html! {
            <div class="state">
                <h2>{ "Nobody here can be booked yet" }</h2>
                <p>{ "Once your practice lists a practitioner, their hours are set here." }</p>
            </div>
        };
    };
    html! {
        <div class="stack" key={role.practitioner_role_id.to_string()}>
            if roles.items.len() > 1 {
                <RoleChoice id="for-role" label="Practitioner" roles={Rc::clone(&roles)}
                    chosen={role.practitioner_role_id} {on_role} />
            } else {
                <p>{ format!("{}, {}", role.name, role.address) }</p>
            }
            { render.emit((desk.clone(), role.clone())) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HoursProps {
    desk: Desk,
    role: PracticeRole,
}

/// Fetches the schedule and the types that its rules may name.
#[component]
fn Hours(props: &HoursProps) -> Html {
    let HoursProps { desk, role } = props;
    let (organization_id, role_id) = (desk.organization_id, role.practitioner_role_id);
    let (version, on_again) = use_version();
    let schedule =
        use_private_api::<RoleSchedule>(calendar_api::find_schedule(organization_id, role_id), version);
    let types =
        use_private_api::<RoleTypes>(calendar_api::list_role_types(organization_id, role_id), version);
    let here = calendar_path(organization_id, "/hours");
    match (schedule, types) {
        (Some(Err(problem)), _) | (_, Some(Err(problem))) => html! { <Failed {problem} {here} {on_again} /> },
        (Some(Ok(schedule)), Some(Ok(types))) => html! {
            <Editor desk={desk.clone()} role={role.clone()} {schedule} {types} {on_again} />
        },
        (None, _) | (_, None) => loading(),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct EditorProps {
    desk: Desk,
    role: PracticeRole,
    schedule: Rc<RoleSchedule>,
    types: Rc<RoleTypes>,
    on_again: Callback<()>,
}

/// The form, what patients would see, and what lies outside of the hours once they are saved.
#[component]
fn Editor(props: &EditorProps) -> Html {
    let EditorProps { desk, role, schedule, types, on_again } = props;
    let (organization_id, role_id) = (desk.organization_id, role.practitioner_role_id);
    let client = use_api_client();
    let act = use_act();
    let form = use_reducer_eq(|| HoursForm::of(&schedule.schedule));
    let outside = use_state(|| None::<Rc<Vec<OutsideAppointment>>>);
    let zone = schedule.time_zone;
    let today = zone.date(schedule.as_of);
    {
        // Read anew, it is begun anew.
        let dispatcher = form.dispatcher();
        use_effect_with(Rc::clone(schedule), move |schedule| {
            dispatcher.dispatch(HoursAction::Saved(schedule.schedule.clone()));
        });
    }
    let onsubmit = {
        let (act, form, outside) = (act.clone(), form.clone(), outside.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            outside.set(None);
            let put = match form.read(today) {
                Ok(put) => put,
                Err(wrong) => return form.dispatch(HoursAction::Judge(wrong)),
            };
            form.dispatch(HoursAction::Judge(Vec::new()));
            let client = client.clone();
            let send = move || {
                let (client, put) = (client.clone(), put.clone());
                async move { calendar_api::put_schedule(&client, organization_id, role_id, &put).await }
            };
            let (dispatcher, outside) = (form.dispatcher(), outside.clone());
            act.run(send, move |saved: SchedulePut| {
                dispatcher.dispatch(HoursAction::Saved(saved.schedule.schedule));
                outside.set(Some(Rc::new(saved.outside)));
            });
        }
    };
    let on_action = {
        let dispatcher = form.dispatcher();
        Callback::from(move |action: HoursAction| dispatcher.dispatch(action))
    };
    let on_theirs = {
        let (act, on_again) = (act.clone(), on_again.clone());
        move |_: MouseEvent| {
            act.forget();
            on_again.emit(());
        }
    };
    let stale = act.problem.as_ref().is_some_and(|problem| problem.is("stale-version"));
    html! {
        <div class="hours-split">
            <div class="stack">
                if !role.may_edit {
                    <Notice title="You can read these hours">
                        <p>{ "A manager can change them, or give them to you to keep." }</p>
                    </Notice>
                }
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <ErrorSummary judged={form.judged} errors={form.linked_errors()} />
                    <HoursFields form={(*form).clone()} types={Rc::clone(types)} {today} may_edit={role.may_edit}
                        {on_action} />
                    if role.may_edit {
                        <div class="button-row">
                            <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                                { if act.busy { "Saving…" } else { "Save these hours" } }
                            </button>
                        </div>
                    }
                </form>
                if stale {
                    <Notice kind={NoticeKind::Soon} title="Somebody else has changed these hours" alert=true>
                        <p>{ "Yours were not saved. Load theirs, and change what is still to be changed." }</p>
                        <div class="button-row">
                            <button type="button" class="button" onclick={on_theirs}>
                                { "Load theirs" }
                            </button>
                        </div>
                    </Notice>
                } else {
                    <Refused act={act.clone()} />
                }
                <div class="optional">
                    { (*outside).as_deref().map(|outside| saved(organization_id, role_id, zone, outside)).unwrap_or_default() }
                </div>
            </div>
            <Preview {organization_id} {role_id} schedule={Rc::clone(schedule)} types={Rc::clone(types)}
                edited={form.read(today).ok().map(Rc::new)} />
        </div>
    }
}

/// It is saved; and what is booked outside of the new hours, which nobody has touched.
fn saved(
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    zone: Zone,
    outside: &[OutsideAppointment],
) -> Html {
    if outside.is_empty() {
        return html! { <Notice kind={NoticeKind::Success} title="Saved">
            <p>{ "Everything that is booked lies within these hours." }</p>
        </Notice> };
    }
    let title = match outside.len() {
        1 => "Saved. 1 appointment lies outside of these hours".to_owned(),
        count => format!("Saved. {count} appointments lie outside of these hours"),
    };
    let item = |one: &OutsideAppointment| {
        let href = calendar_path(organization_id, &day_of(zone.date(one.start), role_id).query());
        let (state, ..) = status_words(one.status);
        html! {
            <li key={one.appointment_id.to_string()}>
                <a {href}>{ long_when(one.start, zone) }</a>{ format!(", {}, {state}", one.appointment_type_name) }
            </li>
        }
    };
    html! {
        <Notice kind={NoticeKind::Soon} {title}>
            <p>{ "Nothing was moved or cancelled. Each stands as it is until somebody moves or cancels it:" }</p>
            <ul>{ for outside.iter().map(item) }</ul>
        </Notice>
    }
}

fn day_of(date: Date, role_id: PractitionerRoleId) -> CalendarView {
    CalendarView::default().laid_out(Layout::Day).on(Some(date)).of(vec![role_id])
}
