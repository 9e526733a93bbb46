//! The two transactions of a booking as pgbench runs them: the statements of bookings' store and of the kernel, word
//! for word (a test compares them), with pgbench's variables for their values.

use super::pgbench::statement;

/// Times to book, made ready by `booking.rs`; a sequence hands them out. Not part of the transactions.
const CLAIM: &str = "select *, now() as now, now() + interval '10 minutes' as expires_at from bench.slot \
    where n = (select nextval('bench.next_slot')) \\gset\n";

/// A statement, the source it stands in, and the values of `$1`, `$2`, ….
pub struct Statement {
    pub source: &'static str,
    pub text: &'static str,
    pub values: &'static [&'static str],
}

/// Hold, then confirm, each in its own transaction.
pub fn script() -> String {
    let hold: String = HOLD.iter().map(one).collect();
    let confirm: String = CONFIRM.iter().map(one).collect();
    format!("{CLAIM}begin;\n{hold}commit;\nbegin;\n{confirm}commit;\n")
}

/// The constraint and nothing else: what the database could do if a booking were only a range.
pub fn bare_script() -> String {
    "insert into bench.reservation (resource_id, during) select resource_id, tstzrange(taken_from, taken_until) \
     from bench.slot where n = (select nextval('bench.next_slot'));\n"
        .to_owned()
}

/// With where it comes from, for readers; pgbench sends no comment that stands before a statement.
pub fn one(of: &Statement) -> String {
    format!("-- {}\n{}", of.source, statement(of.text, of.values))
}

const IDEMPOTENCY: &str = "kernel/src/idempotency.rs";
const HOLDS: &str = "bookings/src/store/hold.rs";
const RESERVATIONS: &str = "bookings/src/store/reservation.rs";
const APPOINTMENT_TYPES: &str = "bookings/src/store/schedule/appointment_types.rs";

const TAKE_KEY: &str = "insert into idempotency (route, caller, key, fingerprint, created_at) values ($1, $2, $3, $4, $5) \
    on conflict do nothing";
const FINISH_KEY: &str =
    "update idempotency set reply_status = $4, reply_body = $5 where route = $1 and caller = $2 and key = $3";
pub const AUDIT: &str = "insert into audit_entry (audit_entry_id, occurred_at, actor_kind, actor, action, resource_kind, resource_id, \
    purpose, outcome, request_id, session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, \
    network, salt) \
    select audit_entry_id, $1::timestamptz, actor_kind, actor, action, resource_kind, resource_id, \
    purpose, outcome, $2::text, session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, \
    $3::text, salt \
    from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], \
    $12::uuid[], $13::text[], $14::uuid[], $15::uuid[], $16::uuid[], $17::uuid[], $18::bytea[]) \
    as act (audit_entry_id, actor_kind, actor, action, resource_kind, resource_id, purpose, outcome, \
    session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, salt)";
const CURRENT_TEXT: &str = "select text, version, title, paragraphs, statement, effective_on from consent_text \
    where text = $1 and effective_on <= $2 order by version desc limit 1";

const LOCK: Statement = Statement {
    source: RESERVATIONS,
    text: "select resource_id from bookings.resource where resource_id = $1 for update",
    values: &[":resource_id"],
};
const LOCK_ALL: Statement = Statement {
    source: RESERVATIONS,
    text: "select resource_id from bookings.resource where resource_id = any($1) order by resource_id for update",
    values: &["array[:resource_id]::uuid[]"],
};
const LOAD_CALENDAR: Statement = Statement {
    source: "bookings/src/store/calendar/load.sql",
    text: bookings::store::calendar::LOAD,
    values: &[":role_id", ":first_day", ":last_day"],
};
/// What the practice charges for the type. None of these has set anything, so nobody asks whether it collects.
const FUNDING: Statement = Statement {
    source: "bookings/src/store/funding.rs",
    text: r#"select rules as "rules: Json<Vec<FundedRule>>" from bookings.funding
           where appointment_type_id = $1 and organization_id = $2"#,
    values: &[":type_id", ":organization_id"],
};
const CONSENT: Statement = Statement {
    source: "kernel/src/consent.rs",
    text: CURRENT_TEXT,
    values: &["'booking-collection'", "current_date"],
};

/// `create_hold`.
const HOLD: &[Statement] = &[
    Statement {
        source: IDEMPOTENCY,
        text: TAKE_KEY,
        values: &["'create_hold'", "'guest'", ":hold_key", ":fingerprint", ":now"],
    },
    Statement {
        source: HOLDS,
        text: "select pg_advisory_xact_lock(keeper.key) from (
             select distinct hashtextextended('hold of ' || text, 0) as key
             from unnest(array['guest ' || encode($1::bytea, 'hex'), 'account ' || $2::uuid::text]) text
             where text is not null order by key
         ) keeper",
        values: &[":guest_hash", "null"],
    },
    Statement {
        source: HOLDS,
        text: r#"select hold_id as "hold_id: HoldId", booking_id as "booking_id: BookingId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId", starts_at, ends_at, status, expires_at,
               appointment_type as "appointment_type: Json<AppointmentType>", policy as "policy: Json<CancellationPolicy>",
               quote as "quote: Json<Quote>", cohort, time_zone, rule_version, type_version
           from bookings.hold
           where (guest_hash = $1 or account_id = $3) and status = 'active' and expires_at > $2 order by hold_id"#,
        values: &[":guest_hash", ":now", "null"],
    },
    LOAD_CALENDAR,
    FUNDING,
    LOCK_ALL,
    Statement {
        source: RESERVATIONS,
        text: "with due as materialized (
             select hold_id from bookings.hold
             where status = 'active' and expires_at <= $4 and hold_id in (
                 select coalesce(reservation.hold_id, seat.hold_id)
                 from bookings.reservation left join bookings.group_seat seat using (group_session_id)
                 where resource_id = any($1) and during && tstzrange($2, $3)
             )
             order by hold_id for update
         ), lapsed as (
             update bookings.hold set status = 'expired' where hold_id in (select hold_id from due) returning hold_id
         ), left_behind as (
             delete from bookings.group_seat where hold_id in (select hold_id from lapsed)
         )
         delete from bookings.reservation where hold_id in (select hold_id from lapsed)",
        values: &["array[:resource_id]::uuid[]", ":taken_from", ":taken_until", ":now"],
    },
    Statement {
        source: HOLDS,
        text: "insert into bookings.hold (hold_id, booking_id, practitioner_role_id, appointment_type_id, guest_hash, \
            starts_at, ends_at, status, expires_at, appointment_type, policy, quote, created_at, account_id, cohort, \
            time_zone, rule_version, type_version) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        values: &[
            ":hold_id",
            ":booking_id",
            ":role_id",
            ":type_id",
            ":guest_hash",
            ":starts_at",
            ":ends_at",
            "'active'",
            ":expires_at",
            ":appointment_type",
            ":policy",
            ":quote",
            ":now",
            "null",
            "null",
            "'Australia/Sydney'",
            "1",
            "1",
        ],
    },
    Statement {
        source: RESERVATIONS,
        text: r#"select exists (
               select from bookings.reservation
               where resource_id = any($1) and lane > 0 and during && tstzrange($2, $3)
                   and appointment_id is distinct from $4
           ) and not exists (
               select from bookings.group_session
               where practitioner_role_id = $5 and appointment_type_id = $6 and starts_at = $7
           ) as "beside!""#,
        values: &["array[:resource_id]::uuid[]", ":taken_from", ":taken_until", "null", "null", "null", "null"],
    },
    Statement {
        source: RESERVATIONS,
        text: "insert into bookings.reservation (reservation_id, resource_id, during, hold_id) \
            select reservation_id, resource_id, tstzrange($3, $4), $5::uuid \
            from unnest($1::uuid[], $2::uuid[]) as wanted (reservation_id, resource_id)",
        values: &["array[:reservation_id]", "array[:resource_id]", ":taken_from", ":taken_until", ":hold_id"],
    },
    Statement {
        source: RESERVATIONS,
        text: "with shared as materialized (
             select practitioner_role_id from bookings.schedule where practitioner_role_id in (
                 select other.practitioner_role_id from bookings.role own join bookings.role other using (resource_id)
                 where own.practitioner_role_id = any($1)
                 union all
                 select other.practitioner_role_id
                 from bookings.appointment_type own
                     join bookings.appointment_type_resource using (appointment_type_id)
                     join bookings.appointment_type_resource shared using (resource_id)
                     join bookings.appointment_type other on other.appointment_type_id = shared.appointment_type_id
                 where own.practitioner_role_id = any($1)
             )
             order by practitioner_role_id for no key update
         )
         update bookings.schedule set next_free_due_at = least(next_free_due_at, $2),
             -- Null while nobody waits, and so it stays.
             waitlist_due_at = case when waitlist_due_at > $2 then $2 else waitlist_due_at end
         where practitioner_role_id in (select practitioner_role_id from shared)",
        values: &["array[:role_id]::uuid[]", ":now"],
    },
    Statement {
        source: "kernel/src/audit/list.rs",
        text: AUDIT,
        values: &[
            ":now",
            ":hold_key",
            "'127.0.0.0/24'",
            "array[:hold_audit_id]",
            "array['guest']",
            "array['0123456789abcdef']",
            "array['create_hold']",
            "array['booking']",
            "array[:booking_id]",
            "array['booking']",
            "array['allowed']",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[uuid_send(gen_random_uuid())]",
        ],
    },
    Statement {
        source: APPOINTMENT_TYPES,
        text: r#"select questions as "questions: Json<Vec<Question>>" from bookings.appointment_type where appointment_type_id = $1"#,
        values: &[":type_id"],
    },
    // The reply names the sorts of patients with a price of their own.
    FUNDING,
    Statement {
        source: IDEMPOTENCY,
        text: FINISH_KEY,
        values: &["'create_hold'", "'guest'", ":hold_key", "201", ":hold_reply"],
    },
];

/// `confirm_hold`.
const CONFIRM: &[Statement] = &[
    Statement {
        source: HOLDS,
        text: r#"select role.resource_id as "resource_id: ResourceId" from bookings.hold join bookings.role using (practitioner_role_id)
           where hold.hold_id = $1 and (hold.guest_hash = $2 or hold.account_id = $3)"#,
        values: &[":hold_id", ":guest_hash", "null"],
    },
    Statement {
        source: IDEMPOTENCY,
        text: TAKE_KEY,
        values: &["'confirm_hold'", ":hold_id", ":confirm_key", ":fingerprint", ":now"],
    },
    LOCK,
    Statement {
        source: HOLDS,
        text: r#"select hold_id as "hold_id: HoldId", booking_id as "booking_id: BookingId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId", starts_at, ends_at, status, expires_at,
               appointment_type as "appointment_type: Json<AppointmentType>", policy as "policy: Json<CancellationPolicy>",
               quote as "quote: Json<Quote>", cohort, time_zone, rule_version, type_version
           from bookings.hold where hold_id = $1 and (guest_hash = $2 or account_id = $3) for update"#,
        values: &[":hold_id", ":guest_hash", "null"],
    },
    LOAD_CALENDAR,
    CONSENT,
    Statement {
        source: "bookings/src/store/party.rs",
        text: "select pg_advisory_xact_lock(contact.key) from (
             select distinct hashtextextended('booking of ' || text, 0) as key from unnest(array[lower($1), $2]) text
             order by key
         ) contact",
        values: &[":email", ":mobile"],
    },
    Statement {
        source: "bookings/src/store/party.rs",
        text: r#"select count(*) as "count!"
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where (lower(party.email) = lower($2) or party.mobile = $3)
               and party.organization_id is not distinct from $1 and party.email_verified_at is null
               and appointment.status in ('requested', 'awaiting_payment', 'confirmed') and appointment.starts_at > $4"#,
        values: &[":organization_id", ":email", ":mobile", ":now"],
    },
    Statement {
        source: "bookings/src/store/appointment.rs",
        text: "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, \
            starts_at, ends_at, status, sequence, version, replaces, appointment_type, policy, quote_id, price_cents, \
            bulk_billed, created_at, updated_at, reply_by, attendance_confirmed_at, quote, cohort, pay_until, payment_step, \
            payment_failure, repair_until, time_zone, rule_version, type_version, claim_lodged_at) values ($1, $2, $3, $4, $5, \
            $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
            (select replaced.claim_lodged_at from bookings.appointment as replaced where replaced.appointment_id = $10))",
        values: &[
            ":appointment_id",
            ":booking_id",
            ":role_id",
            ":type_id",
            ":starts_at",
            ":ends_at",
            "'confirmed'",
            "0",
            "1",
            "null",
            ":appointment_type",
            ":policy",
            ":quote_id",
            ":price_cents",
            ":bulk_billed",
            ":now",
            "null",
            "null",
            ":quote",
            "null",
            "null",
            "null",
            "null",
            "null",
            "'Australia/Sydney'",
            "1",
            "1",
        ],
    },
    Statement {
        source: RESERVATIONS,
        text: "update bookings.reservation set hold_id = null, appointment_id = $2 where hold_id = $1",
        values: &[":hold_id", ":appointment_id"],
    },
    Statement {
        source: HOLDS,
        text: "update bookings.hold set status = $2 where hold_id = $1 and status = 'active'",
        values: &[":hold_id", "'consumed'"],
    },
    Statement {
        source: "bookings/src/store/waitlist_offer.rs",
        text: "with taken as (
             update bookings.waitlist_offer set status = 'booked' where hold_id = $1 and status in ('open', 'lapsed')
             returning waitlist_entry_id
         )
         update bookings.waitlist_entry set status = 'booked', ended_at = $2
         where status in ('waiting', 'offered') and waitlist_entry_id in (select waitlist_entry_id from taken)",
        values: &[":hold_id", ":now"],
    },
    Statement {
        source: "bookings/src/store/appointment/money.rs",
        text: r#"update bookings.appointment
           set late_fee_cents = 0, fee_waived_at = $4, fee_waived_by = 'refilled', version = version + 1, updated_at = $4
           where practitioner_role_id = $1 and status = 'cancelled_late' and late_fee_cents > 0
               and starts_at < $3 and ends_at > $2 and starts_at > $4
           returning appointment_id as "appointment_id: AppointmentId""#,
        values: &[":role_id", ":starts_at", ":ends_at", ":now"],
    },
    Statement {
        source: "bookings/src/store/party.rs",
        text: "insert into bookings.appointment_party (booking_id, organization_id, guest_hash, name, preferred_name, \
            date_of_birth, email, mobile, created_at, updated_at, account_id, patient_id) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)",
        values: &[
            ":booking_id",
            ":organization_id",
            ":guest_hash",
            "'Bench Person'",
            "null",
            "'1980-02-29'",
            ":email",
            ":mobile",
            ":now",
            "null",
            "null",
        ],
    },
    Statement {
        source: "bookings/src/store/manage.rs",
        text: "insert into bookings.manage_link (booking_id, token_hash, expires_at) values ($1, $2, $3)",
        values: &[":booking_id", ":token_hash", ":ends_at"],
    },
    Statement {
        source: "kernel/src/consent.rs",
        text: "insert into consent_receipt (consent_receipt_id, text, version, subject_kind, subject_id, agreed_at) \
            values ($1, $2, $3, $4, $5, $6)",
        values: &[
            ":receipt_id",
            "'booking-collection'",
            ":consent_version",
            "'booking'",
            ":booking_id",
            ":now",
        ],
    },
    Statement {
        source: "kernel/src/audit/list.rs",
        text: AUDIT,
        values: &[
            ":now",
            ":confirm_key",
            "'127.0.0.0/24'",
            "array[:confirm_audit_id]",
            "array['guest']",
            "array['0123456789abcdef']",
            "array['confirm_hold']",
            "array['booking']",
            "array[:booking_id]",
            "array['booking']",
            "array['allowed']",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[null]",
            "array[uuid_send(gen_random_uuid())]",
        ],
    },
    Statement {
        source: "kernel/src/outbox.rs",
        text: "insert into outbox (event_id, name, aggregate, aggregate_id, aggregate_version, occurred_at, request_id, body) \
            values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values: &[
            ":event_id",
            "'appointment_confirmed'",
            "'booking'",
            ":booking_id",
            "1",
            ":now",
            ":confirm_key",
            ":fact",
        ],
    },
    Statement {
        source: IDEMPOTENCY,
        text: FINISH_KEY,
        values: &["'confirm_hold'", ":hold_id", ":confirm_key", "200", ":confirmation"],
    },
];

#[cfg(test)]
pub mod tests {
    use std::fs;

    use super::{CONFIRM, HOLD, Statement, script};

    /// White space as the compiler reads a string over several lines.
    fn words(text: &str) -> String {
        text.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn is_the_stores_own(statement: &Statement) {
        let path = format!("{}/../{}", env!("CARGO_MANIFEST_DIR"), statement.source);
        let source = words(&fs::read_to_string(&path).unwrap());
        assert!(
            source.contains(&words(statement.text)),
            "{} says something else than:\n{}",
            statement.source,
            statement.text
        );
    }

    #[test]
    fn every_statement_is_the_stores_own() {
        HOLD.iter().chain(CONFIRM).for_each(is_the_stores_own);
    }

    #[test]
    fn every_value_is_given() {
        let script = script();
        assert!(!script.contains('$'), "{script}");
        assert!(!script.contains("as \""), "{script}");
    }
}
