//! `GET /api/v1/payments/practices/{organization_id}/statement?month=`: a month of what a practice is owed, from the ledger alone.

use std::ops::Range;

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AudCents, OrganizationId, Problem, Zone, payments::practice::Statement, problem::FieldError,
};

use crate::{domain::ledger::Account, state::State, store::ledger};

/// Years that the database can reckon with and somebody may mean.
const YEARS: Range<i16> = 2000..2200;

/// A month in Sydney, where the platform keeps its books: `2026-11`. The one that is now, unless told.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    month: Option<String>,
}

impl Wanted {
    /// Its first day, and the first of the next one.
    ///
    /// # Errors
    /// When it is no month, or of another age.
    pub fn days(&self, now: Timestamp) -> Result<(Date, Date), Problem> {
        let first = match &self.month {
            Some(month) => read(month).ok_or_else(|| {
                Problem::invalid(vec![FieldError::new("month", "give a month such as 2026-11")])
            })?,
            None => Zone::SYDNEY.date(now).first_of_month(),
        };
        Ok((first, first.saturating_add(1.month())))
    }
}

fn read(month: &str) -> Option<Date> {
    let first: Date = (month.len() == 7).then(|| format!("{month}-01"))?.parse().ok()?;
    YEARS.contains(&first.year()).then_some(first)
}

/// What the practice was owed before and after, and why it changed.
pub async fn find_statement(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<Statement>, Reject> {
    let (from, until) = wanted.days(state.core.now())?;
    let mut conn = state.core.pool.acquire().await?;
    let (begin, end) = (Zone::SYDNEY.start_of_day(from), Zone::SYDNEY.start_of_day(until));
    let account = Account::practice_balance(organization_id);
    let movement = ledger::statement(&mut conn, account, begin, end).await?;
    Ok(Plain(Statement {
        from,
        until,
        opening_cents: owed(movement.opening_cents),
        sums: movement.sums.into_iter().map(|(cause, cents)| (cause, owed(cents))).collect(),
        closing_cents: owed(movement.closing_cents),
    }))
}

/// The ledger has what is owed as a credit, below zero; the practice reads it above.
fn owed(cents: AudCents) -> AudCents {
    AudCents(-cents.0)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    fn check(month: Option<&str>, expected: Option<(&str, &str)>) {
        let wanted = Wanted { month: month.map(str::to_owned) };
        // Already December in Sydney.
        let days = wanted.days("2026-11-30T14:00:00Z".parse().unwrap()).ok();
        let expected = expected.map(|(from, until)| (from.parse().unwrap(), until.parse().unwrap()));
        assert_eq!(days, expected, "{month:?}");
    }

    #[test]
    fn a_month_is_read_and_the_present_one_is_sydneys() {
        check(Some("2026-11"), Some(("2026-11-01", "2026-12-01")));
        check(Some("2026-12"), Some(("2026-12-01", "2027-01-01")));
        check(None, Some(("2026-12-01", "2027-01-01")));
        for wrong in ["2026-13", "2026-1", "1999-12", "November", "2026-11-01", ""] {
            check(Some(wrong), None);
        }
    }
}
