//! Where things are.

/// A position as given, else the suburb, else the postcode's largest locality.
pub(super) const PLACE: &str = "
    update providers.import_resource resource
    set lon = found.lon, lat = found.lat, time_zone = found.time_zone, approximate = found.approximate,
        found_by = found.found_by
    from (
        select
            staged.ordinal,
            coalesce((staged.facts #>> '{position,lon}')::double precision, st_x(locality.point::geometry)) as lon,
            coalesce((staged.facts #>> '{position,lat}')::double precision, st_y(locality.point::geometry)) as lat,
            coalesce(staged.facts #>> '{position,time_zone}', locality.time_zone) as time_zone,
            staged.facts ->> 'position' is null as approximate,
            locality.found_by
        from providers.import_resource staged
        left join lateral (
            select candidate.point, candidate.time_zone, candidate.found_by
            from (
                (
                    select point, time_zone, 1 as found_by
                    from providers.locality
                    where lower(name) = staged.facts #>> '{address,lookup}'
                        and postcode = staged.facts #>> '{address,postcode}'
                        and staged.facts #>> '{address,state}' in ('', state)
                    order by population desc, locality_id
                    limit 1
                )
                union all
                (
                    select point, time_zone, 2
                    from providers.locality
                    where lower(name) = staged.facts #>> '{address,lookup}'
                        and state = staged.facts #>> '{address,state}'
                    order by population desc, locality_id
                    limit 1
                )
                union all
                (
                    select point, time_zone, 3
                    from providers.locality
                    where postcode = staged.facts #>> '{address,postcode}' and postcode <> ''
                        and staged.facts #>> '{address,state}' in ('', state)
                    order by population desc, locality_id
                    limit 1
                )
            ) candidate
            where staged.facts ->> 'position' is null
            order by candidate.found_by
            limit 1
        ) locality on true
        where staged.resource_type in ('Organization', 'Location') and not staged.refused
    ) found
    where found.ordinal = resource.ordinal";

/// A place found by less than its whole address.
pub(super) const WARN_OF_PLACES: &str = "
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', '/address', case
        when found_by = 2 then concat_ws(' ', facts #>> '{address,postcode}', 'is not the postcode of',
            facts #>> '{address,suburb}', facts #>> '{address,state}') || '; placed by suburb and state'
        when found_by = 3 then concat_ws(' ', 'no suburb', facts #>> '{address,suburb}', 'is known in',
            facts #>> '{address,state}') || '; placed by postcode ' || (facts #>> '{address,postcode}')
        else 'neither suburb nor postcode is known; found by words only'
    end
    from providers.import_resource
    where resource_type in ('Organization', 'Location') and not refused and not restaged
        and facts ->> 'position' is null and facts #>> '{address,lookup}' is not null
        and (found_by is null or found_by = 3 or found_by = 2 and facts #>> '{address,postcode}' <> '')
    order by ordinal";
