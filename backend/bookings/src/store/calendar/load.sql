-- One role's calendar. $1 role, $2 first day, $3 last day.
select
    role.resource_id, role.organization_id, role.slug, role.name, role.profession_name, role.discreet,
    role.organization_name, role.phone, role.address, role.time_zone, role.bookable,
    schedule.step_minutes as "step_minutes?",
    schedule.notice_minutes as "notice_minutes?",
    schedule.horizon_days as "horizon_days?",
    schedule.free_until_hours as "free_until_hours?",
    schedule.late_fee_cents as "late_fee_cents?",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'appointment_type_id', appointment_type_id, 'name', name, 'duration_minutes', duration_minutes,
            'buffer_before_minutes', buffer_before_minutes, 'buffer_after_minutes', buffer_after_minutes,
            'price_cents', price_cents, 'bulk_billed', bulk_billed, 'telehealth', telehealth, 'audience', audience
        ) order by position), '[]')
        from bookings.appointment_type where practitioner_role_id = $1 and active
    ) as "types!",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'weekdays', weekdays, 'opens', opens, 'closes', closes, 'audience', audience,
            'effective_from', effective_from, 'effective_until', effective_until
        )), '[]')
        from bookings.availability_rule where practitioner_role_id = $1
    ) as "rules!",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'first_date', first_date, 'last_date', last_date, 'opens', opens, 'closes', closes
        )), '[]')
        from bookings.availability_exception
        where practitioner_role_id = $1 and last_date >= $2 and first_date <= $3
    ) as "exceptions!",
    (
        select coalesce(jsonb_agg(distinct date), '[]')
        from bookings.holiday
        where scope = any(role.holiday_scopes) and date between $2 and $3 and not schedule.opens_on_holidays
    ) as "holidays!"
from bookings.role
left join bookings.schedule using (practitioner_role_id)
where role.practitioner_role_id = $1
