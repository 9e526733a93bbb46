//! The rows that the tests begin with.

use sqlx::PgConnection;

/// Two practices, three people, four roles.
pub async fn insert(conn: &mut PgConnection) {
    let statements = [
        "insert into bookings.resource (resource_id) select ('00000000-0000-0000-0000-0000000000' || n)::uuid \
         from unnest(array['31', '32', '33']) n",
        "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, profession_name, \
             discreet, organization_name, phone, address, time_zone, holiday_scopes, bookable, aggregate_version) \
         select ('00000000-0000-0000-0000-0000000000' || role)::uuid, ('00000000-0000-0000-0000-0000000000' || resource)::uuid, \
             ('00000000-0000-0000-0000-0000000000' || organization)::uuid, 'role-' || role, name, 'Psychologist', false, \
             'Harris Park Allied Health', '(02) 5550 1234', '1 Wigram Street, Harris Park NSW 2150', 'Australia/Sydney', \
             array['AU', 'NSW'], bookable, 1 \
         from (values ('11', '31', '41', 'Dr Ada Nguyen', true), ('12', '31', '42', 'Dr Ada Nguyen', true), \
             ('13', '32', '41', 'Bo Imported', false), ('14', '33', '41', 'Cy Colleague', true)) \
             as given (role, resource, organization, name, bookable)",
        "insert into bookings.schedule (practitioner_role_id, step_minutes, notice_minutes, horizon_days, \
             free_until_hours, late_fee_cents) \
         select practitioner_role_id, 15, 60, 60, 24, 5000 from bookings.role where bookable",
        "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes) \
         select practitioner_role_id, practitioner_role_id, 31, '09:00', '17:00' from bookings.schedule",
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
             duration_minutes, buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed) \
         select ('00000000-0000-0000-0000-0000000000' || type)::uuid, ('00000000-0000-0000-0000-0000000000' || role)::uuid, \
             position, name, length, before, after, price, price = 0 \
         from (values ('21', '11', 1, 'Standard consultation', 30, 0, 0, 8500), ('22', '11', 2, 'Short review', 15, 5, 10, 0), \
             ('23', '12', 1, 'Standard consultation', 30, 0, 0, 9500), ('24', '14', 1, 'Standard consultation', 30, 0, 0, 8500)) \
             as given (type, role, position, name, length, before, after, price)",
    ];
    for statement in statements {
        sqlx::query(statement).execute(&mut *conn).await.unwrap();
    }
}
