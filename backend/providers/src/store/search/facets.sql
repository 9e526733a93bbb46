-- How many of the nearest have each facet, and how many were looked at (the row without a facet). Only the region and
-- the profession choose who is looked at, so that the index ends the search for them after $15, however rare what is
-- filtered for may be.
-- $1 lon, $2 lat, $3 radius in metres, $4 state, $5 to $8 window, $9 profession, $10 facets, $11 longest word, $12 all
-- words, $13 free before, $14 now, $15 how many to look at.
with near as materialized (
    select role.facets, role.search_text, role.next_free, role.next_free_until
    from providers.practitioner_role role
    where
        role.active
        and not role.suspended
        and role.point is not null
        and ($9::text is null or role.profession = $9)
        and ($3::float8 is null or st_dwithin(role.point, st_point($1, $2)::geography, $3))
        and ($4::text is null or role.state = $4)
        and ($5::float8 is null or (
            role.point && st_makeenvelope($5, $6, $7, $8, 4326)::geography
            and st_x(role.point::geometry) between $5 and $7
            and st_y(role.point::geometry) between $6 and $8
        ))
    order by role.point <-> st_point($1, $2)::geography
    limit $15
), matching as (
    select near.facets
    from near
    where
        near.facets @> $10::text[]
        and ($11::text is null or near.search_text like $11)
        and near.search_text like all ($12::text[])
        and ($13::timestamptz is null or exists (
            select from unnest(near.next_free, near.next_free_until) as free (start, until)
            where free.until > $14 and free.start < $13
        ))
)
select null::text as facet, count(*)::integer as "count!" from near
union all
select facet, count(*)::integer from matching cross join lateral unnest(matching.facets) as facet group by facet
