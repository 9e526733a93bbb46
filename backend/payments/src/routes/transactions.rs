//! `/api/v1/payments/practices/{organization_id}/transactions`: what changed a practice's balance, on a screen and for a spreadsheet.

use std::ops::Range;

use axum::extract::{Path, Query, State as Extract};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AudCents, OrganizationId, PaymentId, Problem, Zone,
    page::Page,
    payments::practice::{PostingCause, Transaction},
    problem::FieldError,
};

use super::money::{Csv, Download, download, note_practice, plain_amount, table};
use crate::{
    domain::to_bulk_billing::Facts,
    state::State,
    store::{
        asked, bulk_bill, payment, refund,
        transactions::{self, Before},
    },
};

/// How many one page has.
const PAGE: usize = 50;
/// How many one file has at most.
const ROWS: usize = 20_000;
/// The most days of one file.
const MOST_DAYS: i32 = 366;
/// How many days are meant where none are named.
const USUAL_DAYS: i64 = 90;
/// Years that the database can reckon with and somebody may mean.
const YEARS: Range<i16> = 2000..2200;

/// From which day on, and before which; the last ninety days unless told. Days are Sydney's, where the platform keeps its books.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The first day.
    from: Option<Date>,
    /// The day after the last.
    until: Option<Date>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl Wanted {
    fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let wrong = |detail: &str| Err(Problem::invalid(vec![FieldError::new("until", detail)]));
        let until = self.until.unwrap_or_else(|| Zone::SYDNEY.date(now).saturating_add(1.day()));
        let from = self.from.unwrap_or_else(|| until.saturating_sub(USUAL_DAYS.days()));
        if !YEARS.contains(&from.year()) || !YEARS.contains(&until.year()) {
            return wrong("give days between 2000 and 2199");
        }
        if until <= from {
            return wrong("give a day after `from`");
        }
        if (until - from).get_days() > MOST_DAYS {
            return wrong("ask about at most 366 days at once");
        }
        Ok((Zone::SYDNEY.start_of_day(from), Zone::SYDNEY.start_of_day(until)))
    }

    fn before(&self) -> Result<Option<Before>, Problem> {
        let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
        self.cursor.as_deref().map(|text| Before::decode(text).ok_or_else(wrong)).transpose()
    }
}

/// One page, the latest first. Each booking that is read is written down.
pub async fn list_transactions(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Transaction>>, Reject> {
    let core = &state.core;
    let (span, before) = (wanted.span(core.now())?, wanted.before()?);
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut rows = transactions::list(&mut tx, organization_id, span, before, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|(row, _)| Before::of(row));
    let taken: Vec<_> = rows.iter().filter_map(|(row, _)| taken_for(row)).collect();
    let asked = asked::of_payments(&mut tx, &taken).await?;
    let payments = payment::find_all(&mut tx, &taken).await?;
    let bulk_billing = bulk_bill::facts(&mut tx, &payments).await?;
    let not_returned = refund::not_returned(&mut tx, &taken).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (mut row, whose) in rows {
        if let Some(payment_id) = taken_for(&row) {
            row.higher = asked.get(&payment_id).cloned();
            row.bulk_billing = bulk_billing.get(&payment_id).and_then(Facts::standing);
            let payment = payments.iter().find(|payment| payment.payment_id == payment_id);
            row.fee_owed_cents = payment.map_or(AudCents::ZERO, |payment| payment.fee_owed_cents);
            row.not_returned_cents = not_returned.get(&payment_id).copied().unwrap_or_default();
        }
        let entry = audit::Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_transactions",
            resource: row.booking_id.map_or_else(|| Resource::from(organization_id), Resource::from),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((row, entry));
    }
    let next = last.filter(|_| more).map(Before::encode);
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// The payment for which it took money: that is where a practice asks for more or bulk bills instead, and reads what came of it.
fn taken_for(row: &Transaction) -> Option<PaymentId> {
    row.payment_id.filter(|_| row.cause == PostingCause::Capture)
}

/// The same as a file, whole. It names bookings and nobody.
pub async fn export_transactions(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Download<Csv>, Reject> {
    let core = &state.core;
    let span = wanted.span(core.now())?;
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let rows = transactions::list(&mut tx, organization_id, span, None, limit).await?;
    if rows.len() > ROWS {
        let detail = "that is more than 20,000 rows: ask about fewer days";
        return Err(Problem::invalid(vec![FieldError::new("until", detail)]).into());
    }
    let page = Page { items: rows.into_iter().map(|(row, _)| row).collect::<Vec<_>>(), next: None };
    let file = written(&page.items)?;
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_practice(&mut tx, core, actor, "export_transactions", organization_id).await?;
    let disclosed = Disclosed::commit(core, tx, recorded, page).await?;
    Ok(download("attachment; filename=\"transactions.csv\"", disclosed.written_as::<Csv>(|_| file)))
}

fn written(rows: &[Transaction]) -> anyhow::Result<String> {
    let heading = ["when", "cause", "booking", "payment", "gross", "fee", "net", "balance", "id"];
    let shown = |id: Option<String>| id.unwrap_or_default();
    let rows = rows.iter().map(|row| {
        vec![
            row.occurred_at.to_string(),
            row.cause.code().to_owned(),
            shown(row.booking_id.map(|id| id.to_string())),
            shown(row.payment_id.map(|id| id.to_string())),
            plain_amount(row.gross_cents),
            plain_amount(row.fee_cents),
            plain_amount(row.net_cents),
            plain_amount(row.balance_cents),
            row.posting_id.to_string(),
        ]
    });
    table(&heading, rows)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::Wanted;

    fn check(from: Option<Date>, until: Option<Date>, expected: Option<(&str, &str)>) {
        let wanted = Wanted { from, until, cursor: None };
        let span = wanted.span("2026-11-26T00:00:00Z".parse().unwrap()).ok();
        let span = span.map(|(from, until)| (from.to_string(), until.to_string()));
        assert_eq!(span, expected.map(|(from, until)| (from.to_owned(), until.to_owned())));
    }

    #[test]
    fn days_are_sydneys_and_at_most_a_year() {
        let november = (Some(date(2026, 11, 1)), Some(date(2026, 12, 1)));
        check(november.0, november.1, Some(("2026-10-31T13:00:00Z", "2026-11-30T13:00:00Z")));
        check(None, None, Some(("2026-08-28T14:00:00Z", "2026-11-26T13:00:00Z")));
        check(november.1, november.0, None);
        check(Some(date(2025, 1, 1)), november.1, None);
        check(Some(date(1, 1, 1)), None, None);
    }
}
