//! Table `payments.role_setup`, and the location id of `payments.practice_account`: by which numbers a practice claims.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, OrganizationId, PractitionerRoleId, payments::claim::RoleSetup};
use sqlx::PgConnection;

/// A role's numbers at a practice; version zero where it has none.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    role: PractitionerRoleId,
) -> sqlx::Result<RoleSetup> {
    let row = sqlx::query!(
        "select provider_number, modified_monash, version from payments.role_setup \
         where organization_id = $1 and practitioner_role_id = $2",
        organization_id.0,
        role.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some(row) => RoleSetup {
            practitioner_role_id: role,
            provider_number: Some(row.provider_number),
            modified_monash: Some(row.modified_monash),
            version: row.version,
        },
        None => {
            RoleSetup { practitioner_role_id: role, provider_number: None, modified_monash: None, version: 0 }
        }
    })
}

/// Writes a role's numbers, if the version there is the one before. False when somebody else was quicker. Under another provider number its
/// visits to come are gone through from the first.
///
/// # Errors
/// When the database fails, or refuses a number.
pub async fn put(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    setup: &RoleSetup,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.role_setup as old (organization_id, practitioner_role_id, provider_number, modified_monash, \
         version, updated_at) values ($1, $2, $3, $4, $5, $6) on conflict on constraint role_setup_pkey do update set \
         provider_number = excluded.provider_number, modified_monash = excluded.modified_monash, \
         version = excluded.version, updated_at = excluded.updated_at, \
         ask_anew_after = case when old.provider_number = excluded.provider_number then old.ask_anew_after \
             else '00000000-0000-0000-0000-000000000000'::uuid end \
         where old.version = excluded.version - 1",
        organization_id.0,
        setup.practitioner_role_id.0,
        setup.provider_number,
        setup.modified_monash,
        setup.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// A role whose visits to come are gone through, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskingAnew {
    /// Where.
    pub organization_id: OrganizationId,
    /// Whose visits.
    pub practitioner_role_id: PractitionerRoleId,
    /// Under which number they are claimed.
    pub provider_number: String,
    /// The booking behind which the next one is.
    pub after: BookingId,
    /// The version of the numbers.
    pub version: i32,
}

/// The next of these, locked until the transaction ends; those that somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn asking_anew(conn: &mut PgConnection) -> sqlx::Result<Option<AskingAnew>> {
    let row = sqlx::query!(
        r#"select organization_id, practitioner_role_id, provider_number, ask_anew_after as "after!", version
           from payments.role_setup where ask_anew_after is not null order by updated_at limit 1 for update skip locked"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| AskingAnew {
        organization_id: row.organization_id.into(),
        practitioner_role_id: row.practitioner_role_id.into(),
        provider_number: row.provider_number,
        after: row.after.into(),
        version: row.version,
    }))
}

/// Goes on behind a booking, or ends where there is none. Does nothing where somebody else has gone on, or the numbers have changed.
///
/// # Errors
/// When the database fails.
pub async fn go_on_asking(
    conn: &mut PgConnection,
    of: &AskingAnew,
    after: Option<BookingId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.role_setup set ask_anew_after = $5 \
         where organization_id = $1 and practitioner_role_id = $2 and version = $3 and ask_anew_after = $4",
        of.organization_id.0,
        of.practitioner_role_id.0,
        of.version,
        of.after.0,
        after.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A practice's location id, and the version of what is known of it.
///
/// # Errors
/// When the database fails.
pub async fn location(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<(Option<String>, i32)> {
    let row = sqlx::query!(
        "select location_id, version from payments.practice_account where organization_id = $1",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or((None, 0), |row| (row.location_id, row.version)))
}

/// Writes a practice's location id, if the version there is the one before. False when somebody else was quicker.
///
/// # Errors
/// When the database fails, or refuses it.
pub async fn put_location(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    location_id: &str,
    version: i32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.practice_account as old (organization_id, location_id, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $4) on conflict on constraint practice_account_pkey do update set \
         location_id = excluded.location_id, version = excluded.version, updated_at = excluded.updated_at \
         where old.version = excluded.version - 1",
        organization_id.0,
        location_id,
        version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}
