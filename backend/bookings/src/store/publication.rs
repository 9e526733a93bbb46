//! Which roles are in which file of the bulk feed.

use shared_types::PractitionerRoleId;
use sqlx::PgConnection;

/// The first role of each file, when the bookable roles of each state are dealt out in order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn first_roles(
    conn: &mut PgConnection,
    states: &[String],
    roles_per_file: i64,
) -> sqlx::Result<Vec<(String, PractitionerRoleId)>> {
    let rows = sqlx::query!(
        r#"select state as "state!", practitioner_role_id as "practitioner_role_id!: PractitionerRoleId"
           from (
               select given.state, role.practitioner_role_id,
                   row_number() over (partition by given.state order by role.practitioner_role_id) as place
               from bookings.role
                   join bookings.schedule using (practitioner_role_id)
                   join unnest($1::text[]) as given (state) on given.state = any(role.holiday_scopes)
               where role.bookable
           ) dealt
           where (place - 1) % $2 = 0
           order by state, practitioner_role_id"#,
        states,
        roles_per_file,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.practitioner_role_id)).collect())
}

/// The bookable roles of a state from one of them on, in order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn roles_from(
    conn: &mut PgConnection,
    state: &str,
    first: PractitionerRoleId,
    count: i64,
) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"select role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId"
           from bookings.role join bookings.schedule using (practitioner_role_id)
           where role.bookable and role.practitioner_role_id >= $2 and $1 = any(role.holiday_scopes)
           order by role.practitioner_role_id limit $3"#,
        state,
        first as PractitionerRoleId,
        count,
    )
    .fetch_all(conn)
    .await
}

/// The bookable roles after one of them, everywhere, in order of their ids; from the first when there is none.
///
/// # Errors
/// When the database fails.
pub async fn roles_after(
    conn: &mut PgConnection,
    after: Option<PractitionerRoleId>,
    count: i64,
) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"select role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId"
           from bookings.role join bookings.schedule using (practitioner_role_id)
           where role.bookable and ($1::uuid is null or role.practitioner_role_id > $1)
           order by role.practitioner_role_id limit $2"#,
        after as Option<PractitionerRoleId>,
        count,
    )
    .fetch_all(conn)
    .await
}
