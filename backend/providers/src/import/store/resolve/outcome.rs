//! What becomes of each resource.

/// Over all that would be written, so that equal hashes mean that nothing is to be done.
pub(super) const HASH: &str = "
    update providers.import_resource resource
    set content_hash = md5(concat_ws(
        '|', resource.facts::text, resource.identifiers::text, resource.lon::text, resource.lat::text,
        resource.time_zone, resource.approximate::text,
        (
            select string_agg(ref.field || ':' || coalesce(ref.to_id::text, ''), ',' order by ref.position)
            from providers.import_reference ref
            where ref.ordinal = resource.ordinal
        )
    ))
    where not resource.refused and not resource.restaged";

/// What a practice has claimed stays as the practice wrote it.
pub(super) const WARN_OF_CLAIMS: &str = "
    insert into providers.import_note (ordinal, level, pointer, reason)
    select resource.ordinal, 'warning', '', 'changed in the directory; kept as the practice that claimed it wrote it'
    from providers.import_resource resource
    left join providers.imported_resource imported using (source_key)
    where resource.claimed and not resource.refused and not resource.restaged
        and imported.content_hash is distinct from resource.content_hash
    order by resource.ordinal";

/// Created, changed, unchanged or refused.
pub(super) const DECIDE: &str = "
    update providers.import_resource resource
    set outcome = case
        when resource.refused then 'refused'
        when resource.is_new then 'created'
        when resource.claimed then 'unchanged'
        when exists (
            select from providers.imported_resource imported
            where imported.source_key = resource.source_key and imported.content_hash = resource.content_hash
        ) then 'unchanged'
        else 'changed'
    end
    where not resource.restaged";
