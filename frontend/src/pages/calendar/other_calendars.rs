//! `/calendar/{organization_id}/calendars`: a practitioner's bookings in their own calendar, and their own calendar's busy times
//! here.

use std::rc::Rc;

use shared_types::{
    OrganizationId,
    bookings::{
        calendar_feed::FeedState,
        external_calendar::{ExternalCalendar, ExternalCalendarState, PutExternalCalendar, ReadFailure},
        practice::{CALENDAR_STAFF, PracticeRole},
        schedule::OutsideAppointment,
    },
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use super::hours::ForRole;
use crate::{
    api::{feeds, use_api_client},
    calendar::view::{CalendarView, Layout},
    components::{
        failed::Failed,
        field::Field,
        moment::Moment,
        notice::{Notice, NoticeKind},
        times_rest::long_when,
    },
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        feed_section::{FeedKind, FeedSection},
        hold::private_head,
        practice_desk::{CALENDAR, Desk, ForStaff, calendar_path},
    },
};

const TITLE: &str = "Other calendars";
/// The page's address after the practice.
const REST: &str = "/calendars";
/// Where the address is found.
const HINT: &str = "It begins with https:// or webcal://. In Google it is the secret address in iCal format, in Outlook the ICS \
    link of a published calendar.";
/// Who reads it.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OtherCalendarsPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn OtherCalendarsPage(props: &OtherCalendarsPageProps) -> Html {
    use_head(private_head(TITLE));
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let render = Callback::from(|desk: Desk| {
        let render = Callback::from(|(desk, role): (Desk, PracticeRole)| html! { <OfRole {desk} {role} /> });
        html! { <ForRole {desk} rest={REST} {render} /> }
    });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR}
            rest={format!("{REST}{query}")} needs={STAFF} {render} />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OfRoleProps {
    desk: Desk,
    role: PracticeRole,
}

#[component]
fn OfRole(props: &OfRoleProps) -> Html {
    let OfRoleProps { desk, role } = props;
    let (organization_id, role_id) = (desk.organization_id, role.practitioner_role_id);
    let (version, again) = use_version();
    let feed_path = feeds::role_feed(organization_id, role_id);
    let external_path = feeds::external_calendar(organization_id, role_id);
    let feed = use_private_api::<FeedState>(feed_path.clone(), version);
    let external = use_private_api::<ExternalCalendarState>(external_path.clone(), version);
    let here = calendar_path(organization_id, REST);
    let (feed, external) = match (feed, external) {
        (Some(Err(problem)), _) | (_, Some(Err(problem))) => {
            return html! { <Failed {problem} {here} on_again={again} /> };
        }
        (Some(Ok(feed)), Some(Ok(external))) => (feed, external),
        (None, _) | (_, None) => return loading(),
    };
    html! {
        <div class="stack">
            if !role.may_edit {
                <Notice title="You can read this">
                    <p>{ "A manager can change it, or give the schedule to you to keep." }</p>
                </Notice>
            }
            <section class="stack" aria-labelledby="read-title">
                <h2 id="read-title">{ "Busy times from another calendar" }</h2>
                <p>
                    { "We read the calendar at its secret address every quarter of an hour and offer no times in which it is " }
                    { "busy. Only from when to when is kept: no titles, no places, no names. It moves and cancels nothing " }
                    { "that is booked here. It counts for this place only: add it at each place where the practitioner works." }
                </p>
                <External path={external_path} state={external} role={role.clone()} {organization_id}
                    on_change={again.clone()} />
            </section>
            <section class="stack" aria-labelledby="feed-title">
                <h2 id="feed-title">{ "What is booked here, in another calendar" }</h2>
                <p>
                    { "Calendar programs can subscribe to what is booked with this practitioner at a secret address. It never " }
                    { "says what a visit is for. Managers, owners and whoever keeps the schedule can replace it or switch it off." }
                </p>
                <FeedSection kind={FeedKind::Practitioner} path={feed_path} state={feed} may_edit={role.may_edit}
                    on_change={again} />
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ExternalProps {
    path: AttrValue,
    state: Rc<ExternalCalendarState>,
    role: PracticeRole,
    organization_id: OrganizationId,
    on_change: Callback<()>,
}

/// The calendar that is read, what it overlaps, and the way to give another one or none.
#[component]
fn External(props: &ExternalProps) -> Html {
    let ExternalProps { path, state, role, organization_id, on_change } = props;
    let (client, act) = (use_api_client(), use_act());
    let address = use_state_eq(String::new);
    let onsubmit = {
        let (client, act, path, on_change) = (client.clone(), act.clone(), path.clone(), on_change.clone());
        let (put, empty) = ((*address).clone(), address.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let put = PutExternalCalendar { address: put.clone().into() };
            let (client, path) = (client.clone(), path.clone());
            let send = move || {
                let (client, path, put) = (client.clone(), path.clone(), put.clone());
                async move { feeds::put_external_calendar(&client, &path, &put).await }
            };
            let (empty, on_change) = (empty.clone(), on_change.clone());
            act.run(send, move |_: ExternalCalendarState| {
                empty.set(String::new());
                on_change.emit(());
            });
        }
    };
    let stop = {
        let (act, path, on_change) = (act.clone(), path.clone(), on_change.clone());
        move |_: MouseEvent| {
            let (client, path) = (client.clone(), path.clone());
            let send = move || {
                let (client, path) = (client.clone(), path.clone());
                async move { feeds::remove(&client, &path).await }
            };
            let on_change = on_change.clone();
            act.run(send, move |()| on_change.emit(()));
        }
    };
    let oninput = {
        let address = address.setter();
        Callback::from(move |text: String| address.set(text))
    };
    let given = state.calendar.is_some();
    html! {
        <>
            <div class="optional">
                if let Some(calendar) = &state.calendar {
                    { standing(calendar, state) }
                    <div class="button-row">
                        <button type="button" class="button button--quiet" onclick={on_change.reform(|_: MouseEvent| ())}>
                            { "Load again" }
                        </button>
                        if role.may_edit {
                            <button type="button" class="button button--quiet" onclick={stop}>
                                { "Stop reading it" }
                            </button>
                        }
                    </div>
                } else {
                    <p>{ "No other calendar is read." }</p>
                }
            </div>
            { overlaps(*organization_id, role, &state.overlaps) }
            if role.may_edit {
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <Field id="external-address" kind="url" autocomplete="off"
                        label={if given { "Read another one instead" } else { "The calendar’s secret address" }}
                        hint={HINT}
                        value={(*address).clone()} error={act.error("/address")} {oninput} />
                    <div class="button-row">
                        <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                            { "Read this calendar" }
                        </button>
                    </div>
                </form>
            }
            <Refused {act} beside={&["/address"][..]} />
        </>
    }
}

/// What is read, how it went, and whether anything is offered.
fn standing(calendar: &ExternalCalendar, state: &ExternalCalendarState) -> Html {
    let good = calendar.fresh_until.is_some_and(|until| until > state.as_of);
    let title = match calendar.read_at {
        _ if good => "This calendar is read",
        None => "This calendar was not read yet",
        Some(_) => "This calendar could not be read for too long",
    };
    let spans = match calendar.busy_spans {
        1 => "It takes 1 span of time from now on.".to_owned(),
        count => format!("It takes {count} spans of time from now on."),
    };
    html! {
        <Notice kind={if good { NoticeKind::Success } else { NoticeKind::Soon }} {title}>
            <p>
                { format!("From {}. ", calendar.host) }
                if let Some(at) = calendar.read_at {
                    { "Last read on " }<Moment {at} />{ ". " }{ spans }
                }
            </p>
            if !good {
                <p>
                    { "Until it is read, none of this practitioner’s times are offered to patients: we do not sell times that " }
                    { "may be taken. What is booked stands." }
                </p>
            }
            if let Some(failure) = calendar.failure {
                <p>{ format!("The last try failed: {}. We try again by ourselves.", failure_words(failure)) }</p>
            }
        </Notice>
    }
}

fn failure_words(failure: ReadFailure) -> &'static str {
    match failure {
        ReadFailure::Unreachable => "its server did not answer",
        ReadFailure::NotAllowed => "the address leads to where we do not go",
        ReadFailure::Refused => "its server refused; the address may have been replaced",
        ReadFailure::TooLarge => "it is larger than we read",
        ReadFailure::NotACalendar => "what is there is no calendar",
        ReadFailure::NotUnderstood => "an event in it repeats or is timed in a way that we cannot read",
    }
}

/// What is booked and overlaps the other calendar.
fn overlaps(organization_id: OrganizationId, role: &PracticeRole, overlaps: &[OutsideAppointment]) -> Html {
    let title = match overlaps.len() {
        0 => return Html::default(),
        1 => "1 appointment overlaps the other calendar".to_owned(),
        count => format!("{count} appointments overlap the other calendar"),
    };
    let zone = role.time_zone;
    let item = |one: &OutsideAppointment| {
        let view = CalendarView::default().laid_out(Layout::Day).on(Some(zone.date(one.start)));
        let href = calendar_path(organization_id, &view.of(vec![role.practitioner_role_id]).query());
        html! {
            <li key={one.appointment_id.to_string()}>
                <a {href}>{ long_when(one.start, zone) }</a>{ format!(", {}", one.appointment_type_name) }
            </li>
        }
    };
    html! {
        <Notice kind={NoticeKind::Soon} {title}>
            <p>{ "Nothing was moved or cancelled. Each stands until somebody moves or cancels it:" }</p>
            <ul>{ for overlaps.iter().map(item) }</ul>
        </Notice>
    }
}
