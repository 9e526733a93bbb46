-- How many results each cell of a window holds, for a map that is too full for pins.
-- $1 lon, $2 lat, $3 radius in metres, $4 state, $5 postcode where coverage decides, $6 to $9 window,
-- $10 profession, $11 facets, $12 longest word, $13 all words, $14 free before, $15 now, $16 the cell's side in degrees.
select
    avg(st_y(role.point::geometry)) as "lat!",
    avg(st_x(role.point::geometry)) as "lon!",
    count(*)::integer as "count!"
from providers.practitioner_role role
where
    role.active
    and not role.suspended
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
group by floor(st_x(role.point::geometry) / $16::float8), floor(st_y(role.point::geometry) / $16::float8)
