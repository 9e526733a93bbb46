//! Table `payments.processor_call`: what the processor is asked to do, written down before it is asked, under a key that is the
//! same every time.

mod new_call;
mod operation;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{AudCents, IntentId, OrganizationId, PaymentId, RefundId};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::{
    new_call::{NewCall, times_refused},
    operation::Operation,
};

/// A call that is to be made.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which.
    pub processor_call_id: Uuid,
    /// What to do, for whom and how much.
    pub call: NewCall,
    /// How often it was tried, this time included.
    pub attempts: i16,
}

/// Writes down that the processor is to be asked. False when that was written down before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn enqueue(conn: &mut PgConnection, core: &Core, call: NewCall) -> sqlx::Result<bool> {
    enqueue_at(conn, core, call, core.now()).await
}

/// The same, to be asked then.
///
/// # Errors
/// When the table cannot be changed.
pub async fn enqueue_at(
    conn: &mut PgConnection,
    core: &Core,
    call: NewCall,
    due_at: Timestamp,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.processor_call (processor_call_id, idempotency_key, operation, payment_id, intent_id, \
         refund_id, organization_id, amount_cents, due_at, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) \
         on conflict on constraint processor_call_key do nothing",
        core.id::<Uuid>(),
        call.idempotency_key,
        call.operation.code(),
        call.payment_id.map(|id| id.0),
        call.intent_id.map(|id| id.0),
        call.refund_id.map(|id| id.0),
        call.organization_id.map(|id| id.0),
        call.amount_cents.map(|cents| cents.0),
        due_at.to_sqlx(),
        core.now().to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Takes the calls that are due, and makes each due again at `again_at`: whoever takes them and dies has only delayed them. What asks
/// a card for money for a practice that the processor lets collect nothing waits until it does. What is held already is taken: it would be
/// let go meanwhile. What this build does not know is left to one that does.
///
/// # Errors
/// When the table cannot be changed, or holds an unknown name.
pub async fn claim_due(
    conn: &mut PgConnection,
    now: Timestamp,
    again_at: Timestamp,
    at_most: i64,
) -> anyhow::Result<Vec<Call>> {
    let known: Vec<String> = Operation::ALL.map(|operation| operation.code().to_owned()).to_vec();
    let rows = sqlx::query!(
        "update payments.processor_call it set due_at = $2, attempts = it.attempts + 1, updated_at = $1 \
         from (select processor_call_id from payments.processor_call asked where status = 'due' and due_at <= $1 \
             and operation = any($4) and (operation not in ('authorise', 'charge') or exists ( \
                 select from payments.payment \
                     join payments.practice_account practice on practice.organization_id = payment.organization_id \
                 where payment.payment_id = asked.payment_id and practice.status in ('charges_only', 'ready'))) \
         order by due_at limit $3 for update skip locked) due \
         where it.processor_call_id = due.processor_call_id \
         returning it.processor_call_id, it.idempotency_key, it.operation, it.payment_id, it.intent_id, \
         it.refund_id, it.organization_id, it.amount_cents, it.attempts",
        now.to_sqlx(),
        again_at.to_sqlx(),
        at_most,
        &known,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let call = NewCall {
                idempotency_key: row.idempotency_key,
                operation: Operation::from_code(&row.operation).context("a known operation")?,
                payment_id: row.payment_id.map(PaymentId),
                intent_id: row.intent_id.map(IntentId),
                refund_id: row.refund_id.map(RefundId),
                organization_id: row.organization_id.map(OrganizationId),
                amount_cents: row.amount_cents.map(AudCents),
            };
            Ok(Call { processor_call_id: row.processor_call_id, call, attempts: row.attempts })
        })
        .collect()
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It is done; the processor's object.
    Done(Option<String>),
    /// The processor or the bank does not do it; its code.
    Refused(String),
    /// The same, and it is asked for once more then, under a key of its own.
    PutOff(String, Timestamp),
    /// It was tried too often without an answer.
    GivenUp(String),
}

/// Ends a call. False when it had ended before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    processor_call_id: Uuid,
    end: &End,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let (status, answer) = match end {
        End::Done(object) => ("done", object.as_deref()),
        End::Refused(code) | End::PutOff(code, _) => ("refused", Some(code.as_str())),
        End::GivenUp(why) => ("given_up", Some(why.as_str())),
    };
    let done = sqlx::query!(
        "update payments.processor_call set status = $2, answer = $3, due_at = null, updated_at = $4 \
         where processor_call_id = $1 and status = 'due'",
        processor_call_id,
        status,
        answer,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a try waits to be asked for.
///
/// # Errors
/// When the table cannot be read.
pub async fn waits(conn: &mut PgConnection, intent_id: IntentId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.processor_call
           where intent_id = $1 and status = 'due' and operation in ('authorise', 'charge')) as "waits!""#,
        intent_id.0,
    )
    .fetch_one(conn)
    .await
}

/// Makes a call due later.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put_off(
    conn: &mut PgConnection,
    processor_call_id: Uuid,
    due_at: Timestamp,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.processor_call set due_at = $2, updated_at = $3 \
         where processor_call_id = $1 and status = 'due'",
        processor_call_id,
        due_at.to_sqlx(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a call due again that had ended without being done. False when it is done or still due.
///
/// # Errors
/// When the table cannot be changed.
pub async fn ask_again(conn: &mut PgConnection, idempotency_key: &str, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.processor_call set status = 'due', attempts = 0, due_at = $2, answer = null, updated_at = $2 \
         where idempotency_key = $1 and status in ('refused', 'given_up')",
        idempotency_key,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use kernel::testing::Database;
    use uuid::Uuid;

    use super::{NewCall, Operation, claim_due, enqueue};
    use crate::store::refund::RequestedAs;

    async fn listed(database: &Database, table: &str, constraint: &str) -> Vec<String> {
        let definition: String = sqlx::query_scalar(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 and conrelid = $2::text::regclass",
        )
        .bind(constraint)
        .bind(format!("payments.{table}"))
        .fetch_one(&mut database.administrator().await)
        .await
        .unwrap();
        definition.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn the_database_knows_the_same_names() {
        let database = Database::new().await;
        let operations = listed(&database, "processor_call", "processor_call_operation").await;
        assert_eq!(operations, Operation::ALL.map(Operation::code));
        let capacities = listed(&database, "refund", "refund_requested_as").await;
        assert_eq!(capacities, RequestedAs::ALL.map(RequestedAs::code));
    }

    #[tokio::test]
    async fn what_is_asked_twice_is_asked_once_and_is_delayed_by_who_takes_it() {
        let database = Database::new().await;
        let core = database.core("payments", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let mut conn = core.pool.acquire().await.unwrap();
        let call = NewCall::about(Operation::DetachCard, Uuid::from_u128(1));
        assert!(enqueue(&mut conn, &core, call.clone()).await.unwrap());
        assert!(!enqueue(&mut conn, &core, call).await.unwrap());
        let again_at = core.now() + jiff::SignedDuration::from_mins(2);
        let due = claim_due(&mut conn, core.now(), again_at, 10).await.unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].attempts, due[0].call.subject()), (1, Some(Uuid::from_u128(1))));
        assert!(claim_due(&mut conn, core.now(), again_at, 10).await.unwrap().is_empty());
        assert_eq!(claim_due(&mut conn, again_at, again_at, 10).await.unwrap().len(), 1);
    }

    /// Another build runs beside this one while it is being replaced.
    #[tokio::test]
    async fn what_only_a_later_build_knows_is_left_to_it_and_holds_nothing_up() {
        let database = Database::new().await;
        let core = database.core("payments", "2026-11-22T00:00:00Z".parse().unwrap()).await;
        let mut conn = core.pool.acquire().await.unwrap();
        for number in 1..=2 {
            let call = NewCall::about(Operation::DetachCard, Uuid::from_u128(number));
            assert!(enqueue(&mut conn, &core, call).await.unwrap());
        }
        let mut administrator = database.administrator().await;
        for statement in [
            "alter table payments.processor_call drop constraint processor_call_operation",
            "update payments.processor_call set operation = 'ask_the_moon' \
             where idempotency_key like '00000000-0000-0000-0000-000000000001:%'",
        ] {
            sqlx::query(statement).execute(&mut administrator).await.unwrap();
        }
        let again_at = core.now() + jiff::SignedDuration::from_mins(2);
        let due = claim_due(&mut conn, core.now(), again_at, 10).await.unwrap();
        assert_eq!(
            due.iter().map(|call| call.call.subject()).collect::<Vec<_>>(),
            [Some(Uuid::from_u128(2))]
        );
        let left =
            "select attempts from payments.processor_call where operation = 'ask_the_moon' and due_at <= $1";
        let left = sqlx::query_scalar::<_, i16>(left).bind(jiff_sqlx::ToSqlx::to_sqlx(core.now()));
        assert_eq!(left.fetch_one(&mut *conn).await.unwrap(), 0);
    }
}
