//! For which visit money was, and the way to it: who came is said by the calendar, and not by what keeps the money.

use shared_types::{BookingId, OrganizationId, payments::practice::VisitTime, time};
use yew::prelude::*;

use crate::{calendar::view::query_of_booking, pages::practice_desk::calendar_path};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct VisitLinkProps {
    pub organization_id: OrganizationId,
    pub booking_id: BookingId,
    pub visit: VisitTime,
    /// Whether the calendar is for whoever reads this.
    pub leads: bool,
}

/// `Visit on Tuesday 24 November 2026, 9:15 am`, on the clock of the place.
#[component]
pub fn VisitLink(props: &VisitLinkProps) -> Html {
    let VisitLinkProps { organization_id, booking_id, visit, leads } = props;
    let (date, clock) = (visit.time_zone.date(visit.starts_at), visit.time_zone.time(visit.starts_at));
    let words = format!("Visit on {}, {}", time::long_date(date), time::clock_words(clock));
    html! {
        <p>
            if *leads {
                <a href={calendar_path(*organization_id, &query_of_booking(date, *booking_id))}>{ words }</a>
            } else {
                { words }
            }
        </p>
    }
}
