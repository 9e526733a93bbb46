//! The part of three pages (profile, booking, moving) that fetches when somebody can be booked, and remembers what
//! the reader wants to see of it. The free times themselves are worked out where they are shown.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{AppointmentTypeId, PractitionerRoleId, bookings::RoleAvailability};
use yew::prelude::*;

use crate::{
    browser,
    components::{skeleton::Skeleton, time_button::Chosen, times_panel::TimesPanel, type_select::TypeChoice},
    forms::{
        book_query::BookQuery,
        times_view::{TimesAction, TimesView},
    },
    hooks::use_live_api,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FreeTimesOfProps {
    pub title: AttrValue,
    /// Whether the title is only for those who hear it.
    #[prop_or_default]
    pub quiet_title: bool,
    pub role_id: PractitionerRoleId,
    /// What picking a time does, for those who hear it.
    pub act: AttrValue,
    pub types: Rc<[TypeChoice]>,
    /// Which type to begin with.
    pub first: AppointmentTypeId,
    /// From which day on; today at the place unless told.
    #[prop_or_default]
    pub from: Option<Date>,
    #[prop_or_default]
    pub chosen: Option<Timestamp>,
    #[prop_or_default]
    pub phone: Option<AttrValue>,
    /// Without it the times are links to the booking page.
    #[prop_or_default]
    pub on_choose: Option<Callback<Chosen>>,
}

/// The panel with its times. The first weeks are there on the server, and moving about in them asks for nothing;
/// later ones replace them in place, so that the focus stays where it is.
#[component]
pub fn FreeTimesOf(props: &FreeTimesOfProps) -> HtmlResult {
    let view = use_reducer(|| TimesView::new(props.first, props.from));
    let wants_first = use_mut_ref(|| false);
    let loaded = use_live_api::<RoleAvailability>(view.path(props.role_id))?;

    let on_view = {
        let (dispatcher, wants_first) = (view.dispatcher(), Rc::clone(&wants_first));
        let there = loaded.latest.as_ref().and_then(|latest| latest.as_ref().ok());
        let today = there.map(|there| there.availability.zone.date(there.as_of));
        Callback::from(move |action: TimesAction| {
            *wants_first.borrow_mut() = matches!(action, TimesAction::FirstFree | TimesAction::GoTo(_));
            dispatcher.dispatch((action, today));
        })
    };
    // "First free" and "Go to that week" end on a time, wherever it is.
    let loading = loaded.loading;
    use_effect(move || {
        if !loading && std::mem::take(&mut *wants_first.borrow_mut()) {
            browser::focus_first(".times .time");
        }
    });
    let here = BookQuery { type_id: Some(view.type_id), start: None, from: view.first_day() };
    Ok(html! {
        <TimesPanel title={props.title.clone()} quiet_title={props.quiet_title}
            types={Rc::clone(&props.types)} view={*view} loaded={loaded.latest}
            busy={loading} role_id={props.role_id} act={props.act.clone()} chosen={props.chosen}
            on_choose={props.on_choose.clone()} phone={props.phone.clone()} here={here.path(props.role_id)} {on_view} />
    })
}

/// The panel's shape while its times are on their way.
#[component]
pub fn TimesSkeleton() -> Html {
    html! {
        <section class="times" aria-busy="true" aria-label="Free times">
            <p class="visually-hidden" role="status">{ "Looking for free times" }</p>
            <div class="stack" aria-hidden="true">
                <Skeleton kind="title" />
                <Skeleton kind="line" />
                { for (0..6).map(|row| html! { <Skeleton key={row} kind="time" /> }) }
            </div>
        </section>
    }
}
