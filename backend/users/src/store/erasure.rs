//! Tables `users.erasure` and `users.erasure_answer`, and taking somebody out of all the others.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, ErasureId, OrganizationId, PatientId,
    users::{Erased, ErasureAnswer, Kept, LeftDependant, LeftPractice, StaffRole},
};
use sqlx::{PgConnection, types::Json};

use crate::erasure_register::Line;

/// Practices that nobody but this account owns. Their staff is locked until the transaction ends, so that no other owner
/// goes at the same time.
///
/// # Errors
/// When a table cannot be read.
pub async fn owned_alone(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<LeftPractice>> {
    sqlx::query!(
        "select from users.membership where organization_id in ( \
         select organization_id from users.membership where account_id = $1) \
         order by organization_id, account_id for update",
        account_id.0,
    )
    .execute(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        r#"select mine.organization_id as "organization_id: OrganizationId", practice.name as "name?"
           from users.membership mine left join users.organization practice using (organization_id)
           where mine.account_id = $1 and 'owner' = any(mine.roles) and not exists (
               select from users.membership other where other.organization_id = mine.organization_id
                   and other.account_id <> mine.account_id and 'owner' = any(other.roles))
           order by mine.created_at, mine.organization_id"#,
        account_id.0,
    )
    .fetch_all(conn)
    .await?;
    let owned =
        rows.into_iter().map(|row| LeftPractice { organization_id: row.organization_id, name: row.name });
    Ok(owned.collect())
}

/// Practices with a mailbox that this account reads. Whoever has held its keys keeps them.
///
/// # Errors
/// When a table cannot be read.
pub async fn mailboxes(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<LeftPractice>> {
    let readers: Vec<_> = StaffRole::READERS.iter().map(|role| role.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select mine.organization_id as "organization_id: OrganizationId", practice.name as "name?"
           from users.membership mine left join users.organization practice using (organization_id)
           where mine.account_id = $1 and mine.roles && $2 and exists (
               select from users.mailbox_epoch epoch where epoch.organization_id = mine.organization_id)
           order by mine.created_at, mine.organization_id"#,
        account_id.0,
        &readers,
    )
    .fetch_all(conn)
    .await?;
    let read =
        rows.into_iter().map(|row| LeftPractice { organization_id: row.organization_id, name: row.name });
    Ok(read.collect())
}

/// Whom an account acts for, and whether anybody else could reach their record.
///
/// # Errors
/// When a table cannot be read.
pub async fn dependants(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Vec<LeftDependant>> {
    let rows = sqlx::query!(
        r#"select patient.patient_id as "patient_id: PatientId", coalesce(patient.preferred_name, patient.name) as "name!",
               patient.account_id is null and not exists (
                   select from users.delegation other where other.patient_id = patient.patient_id
                       and other.account_id <> $1 and other.ended_at is null and other.expires_at > $2
               ) as "erased_too!"
           from users.delegation given join users.patient using (patient_id)
           where given.account_id = $1 and given.ended_at is null and given.expires_at > $2
           order by given.created_at, given.delegation_id"#,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let dependants = rows.into_iter().map(|row| LeftDependant {
        patient_id: row.patient_id,
        name: row.name.into(),
        erased_too: row.erased_too,
    });
    Ok(dependants.collect())
}

/// Accounts that may act for some patients now: their tokens say so.
///
/// # Errors
/// When the table cannot be read.
pub async fn carers(
    conn: &mut PgConnection,
    patients: &[PatientId],
    but: AccountId,
) -> sqlx::Result<Vec<AccountId>> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId" from users.delegation
           where patient_id = any($1) and account_id <> $2 and ended_at is null"#,
        &patients,
        but.0,
    )
    .fetch_all(conn)
    .await
}

/// Deletes what proves who somebody is, and where they were signed in.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_proofs(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<Erased>> {
    let id = account_id.0;
    let password = sqlx::query!("delete from users.password_credential where account_id = $1", id)
        .execute(&mut *conn)
        .await?;
    let wrapped =
        sqlx::query!("delete from users.wrapped_key where account_id = $1", id).execute(&mut *conn).await?;
    let passkeys =
        sqlx::query!("delete from users.passkey where account_id = $1", id).execute(&mut *conn).await?;
    let apps = sqlx::query!("delete from users.totp_credential where account_id = $1", id)
        .execute(&mut *conn)
        .await?;
    let codes =
        sqlx::query!("delete from users.recovery_code where account_id = $1", id).execute(&mut *conn).await?;
    let identities =
        sqlx::query!("delete from users.identity where account_id = $1", id).execute(&mut *conn).await?;
    let grants =
        sqlx::query!("delete from users.mailbox_grant where account_id = $1", id).execute(&mut *conn).await?;
    let ceremonies = sqlx::query!("delete from users.webauthn_ceremony where account_id = $1", id)
        .execute(&mut *conn)
        .await?;
    let links =
        sqlx::query!("delete from users.email_token where account_id = $1", id).execute(&mut *conn).await?;
    let steps =
        sqlx::query!("delete from users.sign_in_step where account_id = $1", id).execute(&mut *conn).await?;
    // Their refresh tokens go with them.
    let sessions = sqlx::query!("delete from users.session where account_id = $1", id).execute(conn).await?;
    Ok(vec![
        Erased::new("password_credential", password.rows_affected()),
        Erased::new("wrapped_key", wrapped.rows_affected()),
        Erased::new("passkey", passkeys.rows_affected()),
        Erased::new("totp_credential", apps.rows_affected()),
        Erased::new("recovery_code", codes.rows_affected()),
        Erased::new("identity", identities.rows_affected()),
        Erased::new("mailbox_grant", grants.rows_affected()),
        Erased::new("webauthn_ceremony", ceremonies.rows_affected()),
        Erased::new("email_token", links.rows_affected()),
        Erased::new("sign_in_step", steps.rows_affected()),
        Erased::new("session", sessions.rows_affected()),
    ])
}

/// Deletes patients with all that was ever said of them, who might act for them, and the letters about it; and where the
/// account works and what it was asked. What it did for others stays those others' and ends.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_people(
    conn: &mut PgConnection,
    account_id: AccountId,
    email_lower: &str,
    patients: &[PatientId],
    now: Timestamp,
) -> sqlx::Result<Vec<Erased>> {
    let (id, patients): (_, Vec<_>) = (account_id.0, patients.iter().map(|id| id.0).collect());
    let invitations = sqlx::query!(
        "delete from users.invitation where invited_by = $1 or accepted_by = $1 or email = $2 or patient_id = any($3)",
        id,
        email_lower,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    let sign_ups = sqlx::query!("delete from users.sign_up where lower(email) = $1", email_lower)
        .execute(&mut *conn)
        .await?;
    let delegations = sqlx::query!("delete from users.delegation where patient_id = any($1)", &patients)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "update users.delegation set ended_at = $2, ended_why = 'by_carer' \
         where account_id = $1 and ended_at is null",
        id,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    let history = sqlx::query!("delete from users.patient_history where patient_id = any($1)", &patients)
        .execute(&mut *conn)
        .await?;
    let gone = sqlx::query!("delete from users.patient where patient_id = any($1)", &patients)
        .execute(&mut *conn)
        .await?;
    let memberships =
        sqlx::query!("delete from users.membership where account_id = $1", id).execute(&mut *conn).await?;
    let bookings = sqlx::query!(
        "update users.booking set account_id = null, patient_id = null \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        id,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    // What they booked for others stays those others'.
    sqlx::query!("update users.booking set account_id = null where account_id = $1", id)
        .execute(conn)
        .await?;
    Ok(vec![
        Erased::new("invitation", invitations.rows_affected()),
        Erased::new("sign_up", sign_ups.rows_affected()),
        Erased::new("delegation", delegations.rows_affected()),
        Erased::new("patient_history", history.rows_affected()),
        Erased::new("patient", gone.rows_affected()),
        Erased::new("membership", memberships.rows_affected()),
        Erased::new("booking (the tie to the account)", bookings.rows_affected()),
    ])
}

/// Closes the account: its address is free for anybody, and the row says nothing but that there was one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn close_account(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.account set email = '', email_lower = 'closed ' || account_id, email_verified_at = $2, \
         updated_at = $2, closed_at = $2, version = version + 1 where account_id = $1",
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What stays here of somebody who is erased: how much, and since when.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Leave to act for others that the account had; it ends now.
    pub delegations: i64,
    /// When the last reason ends by which our staff might see the record.
    pub last_grant: Option<Timestamp>,
    /// When something was last agreed to.
    pub last_receipt: Option<Timestamp>,
    /// Sealed notes of bookings of theirs.
    pub notes: i64,
    /// Leaves in the key directory.
    pub leaves: i64,
}

/// Looks what will stay.
///
/// # Errors
/// When a table cannot be read.
pub async fn left(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<Left> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let row = sqlx::query!(
        r#"select
               (select count(*) from users.delegation where account_id = $1 and patient_id <> all($2)) as "delegations!",
               (select max(expires_at) from users.access_grant where patient_id = any($2)) as "last_grant?",
               (select max(agreed_at) from users.consent_receipt
                   where (subject_kind = 'account' and subject_id = $1::uuid::text)
                       or (subject_kind = 'patient' and subject_id = any($2::uuid[]::text[]))) as "last_receipt?",
               (select count(*) from users.sealed_note join users.booking using (booking_id)
                   where booking.patient_id = any($2)
                       or (booking.patient_id is null and booking.account_id = $1)) as "notes!",
               (select count(*) from users.key_leaf where subject_kind = 'account' and subject_id = $1) as "leaves!""#,
        account_id.0,
        &patients,
    )
    .fetch_one(conn)
    .await?;
    Ok(Left {
        delegations: row.delegations,
        last_grant: row.last_grant.map(jiff_sqlx::Timestamp::to_jiff),
        last_receipt: row.last_receipt.map(jiff_sqlx::Timestamp::to_jiff),
        notes: row.notes,
        leaves: row.leaves,
    })
}

/// Writes an erasure into the register.
///
/// # Errors
/// When the row cannot be written.
pub async fn insert(
    conn: &mut PgConnection,
    erasure_id: ErasureId,
    account_id: AccountId,
    patients: &[PatientId],
    now: Timestamp,
) -> sqlx::Result<()> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into users.erasure (erasure_id, account_id, patients, asked_at) values ($1, $2, $3, $4)",
        erasure_id.0,
        account_id.0,
        &patients,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what a service answered. It answers once.
///
/// # Errors
/// When the row cannot be written.
pub async fn insert_answer(conn: &mut PgConnection, answer: &ErasureAnswer) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.erasure_answer (erasure_id, service, answered_at, erased, kept) values ($1, $2, $3, $4, $5) \
         on conflict on constraint erasure_answer_pkey do nothing",
        answer.erasure_id.0,
        answer.service,
        answer.answered_at.to_sqlx() as jiff_sqlx::Timestamp,
        Json(&answer.erased) as _,
        Json(&answer.kept) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When an erasure was asked for, and whose record it was first.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(
    conn: &mut PgConnection,
    erasure_id: ErasureId,
) -> sqlx::Result<Option<(Timestamp, Option<PatientId>)>> {
    let row =
        sqlx::query!("select asked_at, patients from users.erasure where erasure_id = $1", erasure_id.0)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|row| (row.asked_at.to_jiff(), row.patients.first().copied().map(PatientId::from))))
}

/// Erasures that were asked for since a moment, the earliest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn asked_since(conn: &mut PgConnection, from: Timestamp) -> sqlx::Result<Vec<Line>> {
    let rows = sqlx::query!(
        r#"select erasure_id as "erasure_id: ErasureId", account_id as "account_id: AccountId", patients, asked_at
           from users.erasure where asked_at >= $1 order by asked_at, erasure_id"#,
        from.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let lines = rows.into_iter().map(|row| Line {
        erasure_id: row.erasure_id,
        account_id: row.account_id,
        patients: row.patients.into_iter().map(PatientId::from).collect(),
        asked_at: row.asked_at.to_jiff(),
    });
    Ok(lines.collect())
}

/// How many of these erasures the database knows nothing of.
///
/// # Errors
/// When the table cannot be read.
pub async fn count_unknown(conn: &mut PgConnection, erasures: &[ErasureId]) -> sqlx::Result<i64> {
    let erasures: Vec<_> = erasures.iter().map(|erasure| erasure.0).collect();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from unnest($1::uuid[]) as written (erasure_id)
           where not exists (select from users.erasure known where known.erasure_id = written.erasure_id)"#,
        &erasures,
    )
    .fetch_one(conn)
    .await
}

/// What the services answered so far, by name.
///
/// # Errors
/// When the table cannot be read.
pub async fn answers(conn: &mut PgConnection, erasure_id: ErasureId) -> sqlx::Result<Vec<ErasureAnswer>> {
    let rows = sqlx::query!(
        r#"select service, answered_at, erased as "erased: Json<Vec<Erased>>", kept as "kept: Json<Vec<Kept>>"
           from users.erasure_answer where erasure_id = $1 order by service"#,
        erasure_id.0,
    )
    .fetch_all(conn)
    .await?;
    let answers = rows.into_iter().map(|row| ErasureAnswer {
        erasure_id,
        service: row.service,
        answered_at: row.answered_at.to_jiff(),
        erased: row.erased.0,
        kept: row.kept.0,
    });
    Ok(answers.collect())
}
