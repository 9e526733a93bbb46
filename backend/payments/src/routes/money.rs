//! What the endpoints about a practice's and the platform's money have in common: what is written down, files, whose a payment is.

use axum::http::{HeaderName, HeaderValue, header};
use kernel::{
    Core, MediaType, Reject, Written,
    audit::{self, Actor, Outcome, Purpose, Recorded},
};
use shared_types::{AudCents, OrganizationId, PaymentId, Problem};
use sqlx::PgConnection;

use crate::{
    domain::payment::{Payment, TransitionError},
    refunding::RefundRefused,
    store::{owner, payment},
};

/// A table for a spreadsheet.
pub struct Csv;

impl MediaType for Csv {
    const NAME: &'static str = "text/csv; charset=utf-8";
}

/// A page to print.
pub struct Pdf;

impl MediaType for Pdf {
    const NAME: &'static str = "application/pdf";
}

/// A file to keep.
pub type Download<M> = ([(HeaderName, HeaderValue); 1], Written<M>);

/// Has the browser keep a file under a name.
pub fn download<M>(disposition: &'static str, file: Written<M>) -> Download<M> {
    ([(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition))], file)
}

/// Writes that a practice's staff read or changed something of its own.
pub async fn note_practice(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    action: &'static str,
    organization_id: OrganizationId,
) -> sqlx::Result<Recorded> {
    let entry = audit::Entry {
        actor,
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}

/// Writes that somebody read or changed a payment.
pub async fn note_payment(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    action: &'static str,
    payment: &Payment,
    purpose: Purpose,
) -> sqlx::Result<Recorded> {
    let entry = payment_entry(conn, actor, action, payment, purpose).await?;
    audit::record(conn, core, entry).await
}

/// The same, to be written with others.
pub async fn payment_entry(
    conn: &mut PgConnection,
    actor: Actor,
    action: &'static str,
    payment: &Payment,
    purpose: Purpose,
) -> sqlx::Result<audit::Entry> {
    let whose = owner::find(conn, payment.booking_id).await?.and_then(|(_, patient)| patient);
    Ok(audit::Entry {
        actor,
        action,
        resource: payment.booking_id.into(),
        whose,
        purpose,
        outcome: Outcome::Allowed,
    })
}

/// A payment of the practice, locked. 404 for another's.
pub async fn payment_of_practice(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    payment_id: PaymentId,
) -> Result<Payment, Reject> {
    let found = payment::lock_by_id(conn, payment_id).await?;
    let ours = found.filter(|payment| payment.organization_id == Some(organization_id));
    ours.ok_or_else(|| Problem::not_found("This payment").into())
}

/// Why money does not go back, as a problem.
pub fn refused(error: RefundRefused) -> Reject {
    match error {
        RefundRefused::TooMuch => Problem::new("too-much", 409, "That is more than is left to refund")
            .detail(
                "Nothing was refunded. Look at what was paid and what has gone back, then choose an amount.",
            )
            .into(),
        RefundRefused::WrongState => wrong_state().into(),
        RefundRefused::KeyUsed => {
            Problem::new("idempotency-key-reused", 422, "This key was used for another request")
                .detail("Nothing was refunded. Make a new Idempotency-Key for a new request.")
                .into()
        }
        RefundRefused::SamePerson => Problem::new("same-person", 409, "Somebody else has to agree")
            .detail("Nothing was refunded. Who asks for a refund cannot agree to it.")
            .into(),
        RefundRefused::Other(error) => unsettled(error),
    }
}

/// A change that has no place where the payment stands is the caller's; anything else is ours.
pub fn unsettled(error: anyhow::Error) -> Reject {
    match error.downcast_ref::<TransitionError>() {
        Some(_) => wrong_state().into(),
        None => error.into(),
    }
}

/// What was asked does not lead on from where it stands.
pub fn wrong_state() -> Problem {
    Problem::new("wrong-state", 409, "This cannot be done any more")
        .detail("Nothing was changed. It stands elsewhere by now: look at it again.")
}

/// The version on the screen is no longer the one that is there.
pub fn stale() -> Problem {
    Problem::new("stale-version", 412, "This has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// What the card processor did not do, or did not answer.
pub fn unavailable() -> Problem {
    Problem::new("processor-unavailable", 503, "The card processor does not answer")
        .detail("Nothing was charged, and what was entered is kept. Try again in a minute.")
}

/// `1234.50`: for a spreadsheet.
pub fn plain_amount(cents: AudCents) -> String {
    let sign = if cents.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.0.unsigned_abs() / 100, cents.0.unsigned_abs() % 100)
}

/// A table with a heading. No cell is written by a person, so none can begin a formula.
///
/// # Errors
/// When a row has another length than the heading.
pub fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heading)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    let bytes =
        writer.into_inner().map_err(|error| anyhow::anyhow!("a table could not be finished: {error}"))?;
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use shared_types::AudCents;

    use super::{plain_amount, table};

    #[test]
    fn amounts_are_plain_numbers() {
        for (cents, text) in [(0, "0.00"), (123_456, "1234.56"), (-5, "-0.05")] {
            assert_eq!(plain_amount(AudCents(cents)), text);
        }
    }

    #[test]
    fn a_table_has_a_heading() {
        let rows = vec![vec!["capture".to_owned(), "1.00".to_owned()]];
        assert_eq!(table(&["cause", "amount"], rows).unwrap(), "cause,amount\ncapture,1.00\n");
    }
}
