//! Steps 1 and 2 of a booking: what and when. The address is the whole state, so both read and work without
//! JavaScript; only keeping a time needs it.

use std::rc::Rc;

use shared_types::{
    PractitionerRoleId,
    bookings::{AppointmentTypes, RoleAvailability},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{choose_time::ChooseTime, choose_type::ChooseType};
use crate::{
    api::bookings,
    components::{problem_view::ProblemPageView, times_rest::dialled},
    forms::book_query::{self, BookQuery},
    head::Head,
    hooks::{use_api, use_focus_on_change, use_head},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BookPageProps {
    pub role_id: PractitionerRoleId,
}

/// The step that the address asks for.
#[component]
pub fn BookPage(props: &BookPageProps) -> HtmlResult {
    let query = use_location().map(|location| BookQuery::read(location.query_str())).unwrap_or_default();
    let types = use_api::<AppointmentTypes>(bookings::list_appointment_types(props.role_id))?;
    Ok(match types {
        Ok(types) => html! { <Booking {types} {query} /> },
        Err(problem) => html! { <ProblemPageView {problem} retry={query.path(props.role_id)} /> },
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct BookingProps {
    types: Rc<AppointmentTypes>,
    query: BookQuery,
}

#[component]
fn Booking(props: &BookingProps) -> Html {
    let BookingProps { types, query } = props;
    use_head(Head {
        title: format!("Book {}", types.role.name),
        description: format!("Choose a kind of visit and a free time with {}.", types.role.name),
        robots_noindex: true,
        ..Head::default()
    });
    use_focus_on_change((query.type_id, query.from), "main", false);
    let near = use_location().and_then(|location| book_query::near(location.query_str()));
    // Whoever is looked for to come home is booked for that, where the time is free for it.
    let types = &if near.is_some() { visits_first(types) } else { Rc::clone(types) };
    let known = query.type_id.filter(|id| types.items.iter().any(|of| of.appointment_type_id == *id));
    match (known, query.start, types.items.as_slice()) {
        (_, _, []) => html! { <NotBookable types={Rc::clone(types)} /> },
        _ if !types.role.bookable => html! { <NotBookable types={Rc::clone(types)} /> },
        (Some(type_id), ..) => html! { <ChooseTime types={Rc::clone(types)} {type_id} query={*query} /> },
        (None, Some(_), _) => html! { <FindType types={Rc::clone(types)} query={*query} index={0} /> },
        (None, None, [only]) => {
            html! { <ChooseTime types={Rc::clone(types)} type_id={only.appointment_type_id} query={*query} /> }
        }
        (None, None, _) => html! { <ChooseType types={Rc::clone(types)} /> },
    }
}

/// The types in their order, those of home visits before the others.
fn visits_first(types: &AppointmentTypes) -> Rc<AppointmentTypes> {
    let mut types = types.clone();
    types.items.sort_by_key(|of| !of.home_visit);
    Rc::new(types)
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct FindTypeProps {
    types: Rc<AppointmentTypes>,
    query: BookQuery,
    /// Which type to look at; those before do not offer the time.
    index: usize,
}

/// A time from a search's list names no type: takes the first that offers it. When none does any more, the
/// attempt to take it says so and names the nearest others.
#[component]
fn FindType(props: &FindTypeProps) -> HtmlResult {
    let FindTypeProps { types, query, index } = props;
    let (role, of) = (&types.role, &types.items[*index]);
    let start = query.start.unwrap_or_default();
    let day = role.time_zone.date(start);
    let path = bookings::find_availability(role.practitioner_role_id, of.appointment_type_id, day, day);
    let availability = use_api::<RoleAvailability>(path)?;
    let offered = availability.is_ok_and(|there| there.free_times(day, day).contains(&start));
    let next = index + 1;
    Ok(if offered || next == types.items.len() {
        let type_id = if offered { of.appointment_type_id } else { types.items[0].appointment_type_id };
        html! { <ChooseTime key="time" types={Rc::clone(types)} {type_id} query={*query} /> }
    } else {
        html! { <FindType key={next} types={Rc::clone(types)} query={*query} index={next} /> }
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct NotBookableProps {
    types: Rc<AppointmentTypes>,
}

/// Listed, but not to be booked here: whom to call instead.
#[component]
fn NotBookable(props: &NotBookableProps) -> Html {
    let role = &props.types.role;
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow fault">
            <h1>{ format!("{} does not take bookings here yet", role.name) }</h1>
            <p>{ "The practice can tell you when there is a time for you." }</p>
            <div class="button-row">
                if let Some(phone) = &role.phone {
                    <a class="button" href={format!("tel:{}", dialled(phone))}>{ format!("Call {}", shared_types::providers::phone_words(phone)) }</a>
                }
                <a class="button button--quiet" href={format!("/providers/{}", role.slug)}>
                    { "Back to the profile" }
                </a>
            </div>
        </div></main>
    }
}
