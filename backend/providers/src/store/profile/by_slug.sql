-- One role by its page.
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
    null::float8 as distance_m,
    role.next_free as "next_free: Vec<jiff_sqlx::Timestamp>",
    role.next_free_until as "next_free_until: Vec<jiff_sqlx::Timestamp>",
    role.bookable,
    role.facets
from providers.practitioner_role role
left join providers.profession on profession.slug = role.profession
left join providers.organization on organization.organization_id = role.organization_id
left join providers.location on location.location_id = role.location_id
where role.slug = $1 and role.active and not role.suspended
order by role.practitioner_role_id
