-- One role's calendar. $1 role, $2 first day, $3 last day.
select
    role.resource_id, role.organization_id, role.slug, role.name, role.profession_name, role.discreet,
    role.organization_name, role.phone, role.address, role.time_zone, role.bookable, role.unlisted,
    schedule.version as "schedule_version?",
    schedule.step_minutes as "step_minutes?",
    schedule.notice_minutes as "notice_minutes?",
    schedule.horizon_days as "horizon_days?",
    schedule.free_until_hours as "free_until_hours?",
    schedule.late_fee_cents as "late_fee_cents?",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'appointment_type_id', appointment_type.appointment_type_id, 'version', appointment_type.version,
            'name', name, 'duration_minutes', duration_minutes,
            -- The way to a home visit is kept free like a buffer.
            'buffer_before_minutes', buffer_before_minutes + coalesce(travel_minutes, 0),
            'buffer_after_minutes', buffer_after_minutes + coalesce(travel_minutes, 0),
            'home_visit', travel_minutes is not null,
            'price_cents', coalesce(funding.price_cents, appointment_type.price_cents),
            'bulk_billed', coalesce(funding.bulk_billed, appointment_type.bulk_billed),
            'telehealth', telehealth, 'audience', audience,
            'needs_acceptance', needs_acceptance, 'notice_minutes', notice_minutes, 'horizon_days', horizon_days,
            'daily_cap', daily_cap, 'seats', seats, 'resources', (
                select coalesce(jsonb_agg(need.resource_id order by need.resource_id), '[]')
                from bookings.appointment_type_resource need
                where need.appointment_type_id = appointment_type.appointment_type_id
            )
        ) order by position), '[]')
        from bookings.appointment_type left join bookings.funding
            on funding.organization_id = role.organization_id and funding.appointment_type_id = appointment_type.appointment_type_id
        where practitioner_role_id = $1 and active
    ) as "types!",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'weekdays', weekdays, 'opens', opens, 'closes', closes, 'audience', audience,
            'effective_from', effective_from, 'effective_until', effective_until, 'only', appointment_types
        )), '[]')
        from bookings.availability_rule where practitioner_role_id = $1
    ) as "rules!",
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'first_date', first_date, 'last_date', last_date, 'opens', opens, 'closes', closes, 'audience', audience,
            'off_from', off_from, 'off_until', off_until
        )), '[]')
        from bookings.availability_exception
        where practitioner_role_id = $1 and last_date >= $2 and first_date <= $3
    ) as "exceptions!",
    (
        select coalesce(jsonb_agg(distinct date), '[]')
        from bookings.holiday
        where scope = any(role.holiday_scopes) and date between $2 and $3 and not schedule.opens_on_holidays
    ) as "holidays!",
    (
        select coalesce(jsonb_agg(jsonb_build_object('appointment_type_id', capped.appointment_type_id, 'date', filled.date)), '[]')
        from bookings.appointment_type capped
        cross join lateral (
            select (booked.starts_at at time zone role.time_zone)::date as date
            from (
                select starts_at from bookings.appointment
                where practitioner_role_id = $1 and appointment_type_id = capped.appointment_type_id
                    -- Wide enough for every zone.
                    and starts_at >= $2::date - interval '1 day' and starts_at < $3::date + interval '2 days'
                    and status in (
                        'requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult', 'completed',
                        'no_show_patient', 'no_show_provider'
                    )
                union all
                select starts_at from bookings.hold
                where practitioner_role_id = $1 and appointment_type_id = capped.appointment_type_id and status = 'active'
            ) booked
            group by 1 having count(*) >= capped.daily_cap
        ) filled
        where capped.practitioner_role_id = $1 and capped.active and capped.daily_cap is not null
    ) as "full_days!",
    (
        select jsonb_build_object('fresh_until', fresh_until, 'busy', (
            select coalesce(jsonb_agg(jsonb_build_object('start', lower(during), 'end', upper(during)) order by during), '[]')
            from bookings.external_busy
            where practitioner_role_id = $1 and during && tstzrange(($2::date - 2)::timestamptz, ($3::date + 3)::timestamptz)
        ))
        from bookings.external_calendar where practitioner_role_id = $1
    ) as "external?"
from bookings.role
left join bookings.schedule using (practitioner_role_id)
where role.practitioner_role_id = $1
