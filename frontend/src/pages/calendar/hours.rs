//! `/calendar/{organization_id}/hours`: when somebody can be booked, edited as a whole, with what patients would see of it.

use std::rc::Rc;

use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::{
        practice::{CALENDAR_STAFF, PracticeRole, PracticeRoles},
        schedule::{OutsideHours, PutSchedule, RoleSchedule, RoleTypes, SchedulePut},
    },
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::{
    hours_form::HoursFields,
    hours_keeper::Keeper,
    hours_preview::Preview,
    not_bookable::NotBookable,
    outside_hours::{OutsideNow, WouldLie},
    role_choice::RoleChoice,
};
use crate::{
    api::{ApiClient, calendar as calendar_api, use_api_client},
    browser,
    calendar::view::CalendarView,
    components::{
        failed::Failed,
        notice::{Notice, NoticeKind},
        party_form::ErrorSummary,
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
/// The button that saves them.
const SAVE_ID: &str = "save-hours";
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

/// The form, what patients would see, and what lies outside of the hours, before they are saved and for as long as it does.
#[component]
fn Editor(props: &EditorProps) -> Html {
    let EditorProps { desk, role, schedule, types, on_again } = props;
    let (organization_id, role_id) = (desk.organization_id, role.practitioner_role_id);
    let client = use_api_client();
    let act = use_act();
    let form = use_reducer_eq(|| HoursForm::of(&schedule.schedule));
    // What would lie outside of which hours.
    let would = use_state_eq(|| None::<(PutSchedule, Rc<OutsideHours>)>);
    let saved = use_state_eq(|| false);
    let (looked, on_look) = use_version();
    let outside =
        use_private_api::<OutsideHours>(calendar_api::list_outside(organization_id, role_id), looked);
    let zone = schedule.time_zone;
    let today = zone.date(schedule.as_of);
    let read = form.read(today);
    {
        // Read anew, it is begun anew.
        let dispatcher = form.dispatcher();
        use_effect_with(Rc::clone(schedule), move |schedule| {
            dispatcher.dispatch(HoursAction::Saved(schedule.schedule.clone()));
        });
    }
    let on_send = {
        let (act, dispatcher) = (act.clone(), form.dispatcher());
        let (would, saved, on_look) = (would.setter(), saved.setter(), on_look.clone());
        Callback::from(move |(put, told): (PutSchedule, bool)| {
            saved.set(false);
            let (client, wanted) = (client.clone(), put.clone());
            let send = move || {
                let (client, put) = (client.clone(), wanted.clone());
                async move { save(&client, (organization_id, role_id), &put, told).await }
            };
            let (dispatcher, on_look) = (dispatcher.clone(), on_look.clone());
            let (would, saved) = (would.clone(), saved.clone());
            act.run(send, move |outcome: Outcome| match outcome {
                Outcome::Asks(outside) => would.set(Some((put.clone(), Rc::new(outside)))),
                Outcome::Saved(set) => {
                    dispatcher.dispatch(HoursAction::Saved(set.schedule.schedule));
                    would.set(None);
                    saved.set(true);
                    on_look.emit(());
                    if told {
                        // The button that was pressed is gone.
                        browser::focus(SAVE_ID);
                    }
                }
            });
        })
    };
    let onsubmit = {
        let (form, on_send) = (form.clone(), on_send.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            match form.read(today) {
                Ok(put) => {
                    form.dispatch(HoursAction::Judge(Vec::new()));
                    on_send.emit((put, false));
                }
                Err(wrong) => form.dispatch(HoursAction::Judge(wrong)),
            }
        }
    };
    let on_action = {
        let (dispatcher, saved) = (form.dispatcher(), saved.setter());
        Callback::from(move |action: HoursAction| {
            saved.set(false);
            dispatcher.dispatch(action);
        })
    };
    let on_theirs = {
        let (act, on_again) = (act.clone(), on_again.clone());
        move |_: MouseEvent| {
            act.forget();
            on_again.emit(());
        }
    };
    // It was said of what stood in the form then.
    let asked = (*would).clone().filter(|(put, _)| read.as_ref().ok() == Some(put));
    let asked = asked.map(|(put, outside)| {
        let on_save = on_send.reform(move |()| (put.clone(), true));
        let on_leave = {
            let would = would.setter();
            Callback::from(move |()| {
                would.set(None);
                browser::focus(SAVE_ID);
            })
        };
        html! { <WouldLie {outside} {organization_id} {zone} busy={act.busy} {on_save} {on_leave} /> }
    });
    let names = if role.bookable { Vec::new() } else { vec![role.name.clone()] };
    let stale = act.problem.as_ref().is_some_and(|problem| problem.is("stale-version"));
    html! {
        <div class="hours-split">
            <div class="stack">
                <div class="optional"><NotBookable {names} /></div>
                if !role.may_edit {
                    <Notice title="You can read these hours">
                        <p>{ "A manager can change them, or give them to you to keep." }</p>
                    </Notice>
                }
                <div class="optional">
                    <OutsideNow {outside} {organization_id} {zone} here={calendar_path(organization_id, "/hours")}
                        on_again={on_look} />
                </div>
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <ErrorSummary judged={form.judged} errors={form.linked_errors()} />
                    <HoursFields form={(*form).clone()} types={Rc::clone(types)} {today} may_edit={role.may_edit}
                        {on_action} />
                    if role.may_edit {
                        <div class="button-row">
                            <button type="submit" id={SAVE_ID} class="button" aria-busy={act.busy.to_string()}>
                                { if act.busy { "Saving…" } else { "Save these hours" } }
                            </button>
                        </div>
                    }
                </form>
                <div class="optional">{ asked.unwrap_or_default() }</div>
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
                    if *saved {
                        <Notice kind={NoticeKind::Success} title="Saved">
                            <p>{ "Nothing that is booked was moved. What lies outside of these hours is listed above them." }</p>
                        </Notice>
                    }
                </div>
                if desk.invites() {
                    <Keeper {organization_id} {role_id} keeper={schedule.keeper} />
                }
            </div>
            <Preview {organization_id} {role_id} bookable={role.bookable} schedule={Rc::clone(schedule)}
                types={Rc::clone(types)} edited={read.ok().map(Rc::new)} />
        </div>
    }
}

/// What came of sending hours.
enum Outcome {
    /// They were not saved: this would lie outside of them.
    Asks(OutsideHours),
    /// They were saved.
    Saved(Box<SchedulePut>),
}

/// Saves hours, unless something that is booked would lie outside of them and nobody was told so yet.
async fn save(
    client: &ApiClient,
    (organization_id, role_id): (OrganizationId, PractitionerRoleId),
    put: &PutSchedule,
    told: bool,
) -> Result<Outcome, Problem> {
    if !told {
        let outside = calendar_api::check_outside(client, organization_id, role_id, put).await?;
        if outside.count > 0 {
            return Ok(Outcome::Asks(outside));
        }
    }
    let set = calendar_api::put_schedule(client, organization_id, role_id, put).await?;
    Ok(Outcome::Saved(Box::new(set)))
}
