-- The first free time first; then those without one, and last those that cannot be booked here. Free times change too
-- often to be indexed, so the region is read, narrowed to a page, and only the page is joined.
-- Where coverage decides, the areas are asked first, by their own indexes: however far away the practice is, it is found, and
-- nobody else is looked at.
-- $1 lon, $2 lat (null when there is no place), $3 radius in metres, $4 state, $5 postcode where coverage
-- decides, $6 to $9 window, $10 profession, $11 facets, $12 longest word, $13 all words, $14 free before, $15 now,
-- $16 limit, $17 and $18 the row to go on after.
with page as materialized (
    select role.practitioner_role_id, first.start
    from providers.practitioner_role role
    cross join lateral (
        select case
            when role.bookable then coalesce(min(free.start), '9000-01-01T00:00:00Z'::timestamptz)
            else '9001-01-01T00:00:00Z'::timestamptz
        end as start
        from unnest(role.next_free, role.next_free_until) as free (start, until)
        where free.until > $15
    ) first
    where
        role.active
        and not role.suspended
        -- Without a place one is found by words only.
        and ($1::float8 is null or role.point is not null)
        and ($10::text is null or role.profession = $10)
        and ($3::float8 is null or st_dwithin(role.point, st_point($1, $2)::geography, $3))
        and ($4::text is null or role.state = $4)
        and ($5::text is null or role.practitioner_role_id = any(array(
            select coverage_area.practitioner_role_id
            from providers.coverage_area
            where
                coverage_area.postcodes @> array[$5::text]
                or (
                    st_covers(coverage_area.area, st_point($1, $2)::geography)
                    and (
                        coverage_area.center is null
                        or st_dwithin(coverage_area.center, st_point($1, $2)::geography, coverage_area.reach_metres)
                    )
                )
        )))
        and ($6::float8 is null or (
            role.point && st_makeenvelope($6, $7, $8, $9, 4326)::geography
            and st_x(role.point::geometry) between $6 and $8
            and st_y(role.point::geometry) between $7 and $9
        ))
        and role.facets @> $11::text[]
        and ($12::text is null or role.search_text like $12)
        and role.search_text like all ($13::text[])
        and ($14::timestamptz is null or exists (
            select from unnest(role.next_free, role.next_free_until) as free (start, until)
            where free.until > $15 and free.start < $14
        ))
        and ($17::timestamptz is null or (first.start, role.practitioner_role_id) > ($17, $18::uuid))
    order by first.start, role.practitioner_role_id
    limit $16
)
select
    role.practitioner_role_id,
    role.slug,
    role.name,
    role.profession,
    profession.name as "profession_name?",
    role.organization_id,
    organization.slug as "organization_slug?",
    organization.name as "organization_name?",
    coalesce(location.phone, organization.phone) as phone,
    role.location_id,
    location.line as "line?",
    location.suburb as "suburb?",
    location.state as "location_state?",
    location.postcode as "postcode?",
    location.time_zone as "time_zone?",
    location.approximate as "approximate?",
    st_y(role.point::geometry) as lat,
    st_x(role.point::geometry) as lon,
    case when $1::float8 is not null then role.point <-> st_point($1, $2)::geography end as distance_m,
    role.next_free as "next_free: Vec<jiff_sqlx::Timestamp>",
    role.next_free_until as "next_free_until: Vec<jiff_sqlx::Timestamp>",
    role.bookable,
    role.facets
from page
join providers.practitioner_role role using (practitioner_role_id)
left join providers.profession on profession.slug = role.profession
left join providers.organization on organization.organization_id = role.organization_id
left join providers.location on location.location_id = role.location_id
order by page.start, role.practitioner_role_id
