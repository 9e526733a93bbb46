//! A read of somebody's record as pgbench runs it, with its audit entry and without: the statements of payments' store and
//! of the kernel, word for word (a test compares them).

use super::booking_sql::{AUDIT, Statement, one};

/// Rows to read, so that no two clients wait for the same one.
pub const PREPARE: &str = "insert into payments.coverage (patient_id, key_id, medicare, created_at, updated_at) \
    select lpad(to_hex(n), 32, '0')::uuid, 'bench', decode(repeat('00', 60), 'hex'), now(), now() \
    from generate_series(1, 10000) as n; \
    analyze payments.coverage";

/// Somebody of those.
const CHOOSE: &str = "\\set n random(1, 10000)\n";
const PATIENT: &str = "lpad(to_hex(:n::int), 32, '0')::uuid";

const FIND: Statement = Statement {
    source: "payments/src/store/coverage.rs",
    text: "select key_id, medicare, dva_file_number, concession, version, updated_at from payments.coverage \
        where patient_id = $1 for update",
    values: &[PATIENT],
};

const RECORD: Statement = Statement {
    source: "kernel/src/audit/list.rs",
    text: AUDIT,
    values: &[
        "now()",
        "gen_random_uuid()::text",
        "'127.0.0.0/24'",
        "array[gen_random_uuid()]",
        "array['account']",
        "array[gen_random_uuid()::text]",
        "array['find_coverage']",
        "array['patient']",
        "array[lpad(to_hex(:n::int), 32, '0')]",
        "array['payment']",
        "array['allowed']",
        "array[gen_random_uuid()]",
        "array['password']",
        "array[null]",
        "array[null]",
        "array[null]",
        "array[lpad(to_hex(:n::int), 32, '0')::uuid]",
        "array[uuid_send(gen_random_uuid())]",
    ],
};

/// The read and nothing else.
pub fn alone() -> String {
    format!("{CHOOSE}begin;\n{}commit;\n", one(&FIND))
}

/// The read, and who read it.
pub fn written_down() -> String {
    format!("{CHOOSE}begin;\n{}{}commit;\n", one(&FIND), one(&RECORD))
}

#[cfg(test)]
mod tests {
    use super::{FIND, RECORD, alone, written_down};
    use crate::bench::booking_sql::tests::is_the_stores_own;

    #[test]
    fn every_statement_is_the_stores_own() {
        [FIND, RECORD].iter().for_each(is_the_stores_own);
    }

    #[test]
    fn every_value_is_given_and_one_script_is_the_other_with_the_entry() {
        let (alone, written_down) = (alone(), written_down());
        assert!(!written_down.contains('$'), "{written_down}");
        let read = alone.trim_end_matches("commit;\n");
        assert!(written_down.starts_with(read) && written_down.contains("insert into audit_entry"));
        assert!(!alone.contains("audit_entry"), "{alone}");
    }
}
