//! Pages rendered on the server, and four weeks of free times for one role, at one size.

use anyhow::Result;
use serde::Serialize;
use shared_types::{bookings::AppointmentTypes, providers::Order};
use uuid::Uuid;

use super::{
    http::Client,
    load::{Measured, Target},
    questions::Understood,
    search::{gets, paths},
};

/// Different roles whose free times are asked for, and different profiles.
pub const ROLES: usize = 300;
/// Four weeks, the first and the last day included.
const DAYS: i64 = 28;

/// Pages and free times at one size.
#[derive(Debug, Serialize)]
pub struct Pages {
    pub search_pages: Measured,
    pub profile_pages: Measured,
    pub free_times: Measured,
}

/// Measures.
///
/// # Errors
/// When the server does not answer, or nobody was found.
pub fn measure(
    target: Target,
    questions: &[Understood],
    roles: &[Uuid],
    today: jiff::civil::Date,
) -> Result<Pages> {
    let mut slugs: Vec<_> = questions.iter().flat_map(Understood::slugs).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let step = (slugs.len() / ROLES).max(1);
    let profiles: Vec<_> = slugs.into_iter().step_by(step).map(|slug| format!("/providers/{slug}")).collect();
    anyhow::ensure!(!profiles.is_empty() && !roles.is_empty(), "nobody was found to ask about");
    let last = today.saturating_add(jiff::Span::new().days(DAYS - 1));
    let mut client = Client::new(target.addr);
    let free_times: Result<Vec<_>> = roles
        .iter()
        .take(ROLES)
        .map(|role| {
            let role_path = format!("/api/v1/bookings/roles/{role}");
            let types: AppointmentTypes = client.get(&format!("{role_path}/appointment-types"))?.json()?;
            let kind = types.items.first().map(|kind| kind.appointment_type_id);
            Ok(kind
                .map(|kind| format!("{role_path}/free-times?appointment_type={kind}&from={today}&to={last}")))
        })
        .filter_map(Result::transpose)
        .collect();
    Ok(Pages {
        search_pages: gets(target, &paths(questions, "/search", Order::Distance))?,
        profile_pages: gets(target, &profiles)?,
        free_times: gets(target, &free_times?)?,
    })
}
