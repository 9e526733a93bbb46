//! The app role adds entries; the audit role gives them places; nobody alters.

use sqlx::AssertSqlSafe;

use super::kept::Kept;

/// PostgreSQL's code for "insufficient privilege".
const REFUSED: &str = "42501";

async fn is_refused(kept: &Kept, role: &str, statement: String) {
    let mut conn = kept.database.connect(role).await;
    let error = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut conn).await;
    let code = error.as_ref().err().and_then(|error| Some(error.as_database_error()?.code()?.into_owned()));
    assert_eq!(code.as_deref(), Some(REFUSED), "{role}: {statement}: {error:?}");
}

#[tokio::test]
async fn nobody_alters_the_log() {
    let (kept, _) = Kept::signed(2).await;
    let columns = [
        ("audit_entry", "action = 'x'"),
        ("audit_leaf", "data = 'x'"),
        ("audit_node", "hash = hash"),
        ("audit_checkpoint", "note = 'x'"),
    ];
    for role in ["bookings_app", "bookings_audit", "bookings_migrate"] {
        for (table, change) in columns {
            is_refused(&kept, role, format!("update bookings.{table} set {change}")).await;
            is_refused(&kept, role, format!("delete from bookings.{table}")).await;
            is_refused(&kept, role, format!("truncate bookings.{table}")).await;
        }
    }
}

#[tokio::test]
async fn the_app_role_gives_no_places_and_reads_nothing_but_trails() {
    let kept = Kept::new().await;
    for table in
        ["audit_entry", "audit_pending", "audit_leaf", "audit_node", "audit_checkpoint", "audit_suspect"]
    {
        is_refused(&kept, "bookings_app", format!("select from bookings.{table}")).await;
    }
    for statement in [
        "insert into bookings.audit_pending values (gen_random_uuid())",
        "insert into bookings.audit_leaf values (0, gen_random_uuid(), '', sha256(''), 0)",
        "insert into bookings.audit_node values (1, 0, sha256(''))",
        "insert into bookings.audit_checkpoint values (1, '', '', now())",
        "delete from bookings.audit_pending",
    ] {
        is_refused(&kept, "bookings_app", statement.to_owned()).await;
    }
    is_refused(&kept, "bookings_audit", "insert into bookings.audit_entry default values".to_owned()).await;
    is_refused(&kept, "bookings_audit", "select from bookings.appointment_party".to_owned()).await;
}
