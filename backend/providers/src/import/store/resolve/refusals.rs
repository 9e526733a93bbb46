//! What is refused for what it refers to, and which references are left out instead.

use sqlx::PgConnection;

/// The later of two resources with one id, of whatever kind, is refused.
pub(super) const REFUSE_DUPLICATES: &str = "
    with numbered as (
        select ordinal, contained_in, row_number() over same as nth, first_value(source) over same as first_source
        from providers.import_resource
        where source_key is not null
        window same as (partition by source_key order by ordinal)
    ),
    marked as (
        update providers.import_resource resource
        set duplicate = true, refused = true
        from numbered
        where numbered.ordinal = resource.ordinal and numbered.nth > 1
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', '/id', 'the same resource came before, in ' || first_source
    from numbered
    where nth > 1 and contained_in is null
    order by ordinal";

/// What must refer to something that is nowhere.
pub(super) const REFUSE_MISSING: &str = "
    with missing as (
        select ref.ordinal, ref.position, ref.pointer, ref.shown
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.required and ref.to_id is null and not resource.refused
    ),
    marked as (
        update providers.import_resource resource
        set refused = true
        from missing
        where missing.ordinal = resource.ordinal
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', pointer, shown || ' is neither in this import nor in the directory'
    from missing
    order by ordinal, position";

/// Refusing one may refuse another, as long as the longest chain of references.
pub(super) async fn refuse_dependents(conn: &mut PgConnection) -> sqlx::Result<()> {
    loop {
        let contained = sqlx::query(REFUSE_CONTAINED).execute(&mut *conn).await?.rows_affected();
        let dependents = sqlx::query(REFUSE_DEPENDENTS).execute(&mut *conn).await?.rows_affected();
        if contained + dependents == 0 {
            return Ok(());
        }
    }
}

const REFUSE_DEPENDENTS: &str = "
    with hit as (
        select ref.ordinal, ref.pointer, 'refers to ' || target.label || ', which was refused' as reason
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        join providers.import_resource target on target.ordinal = ref.to_ordinal
        where ref.required and target.refused and not resource.refused
        union all
        select container.ordinal, '/contained', 'contains ' || child.label || ', which was refused'
        from providers.import_resource child
        join providers.import_resource container on container.ordinal = child.contained_in
        where child.refused and not container.refused
    ),
    marked as (
        update providers.import_resource resource
        set refused = true
        from hit
        where hit.ordinal = resource.ordinal
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'refused', pointer, reason from hit order by ordinal";

const REFUSE_CONTAINED: &str = "
    update providers.import_resource child
    set refused = true
    from providers.import_resource container
    where container.ordinal = child.contained_in and container.refused and not child.refused";

/// A reference that may be missing is left out, with a warning.
pub(super) const DROP_OPTIONAL: &str = "
    with dropped as (
        select ref.ordinal, ref.position, ref.pointer, case
            when ref.to_id is null then ref.shown || ' is neither in this import nor in the directory; left out'
            else 'refers to ' || target.label || ', which was refused; left out'
        end as reason
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        left join providers.import_resource target on target.ordinal = ref.to_ordinal
        where not ref.required and not resource.refused and not resource.restaged
            and (ref.to_id is null or target.refused)
    ),
    cleared as (
        update providers.import_reference ref
        set to_ordinal = null, to_id = null
        from dropped
        where dropped.ordinal = ref.ordinal and dropped.position = ref.position
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', pointer, reason from dropped order by ordinal, position";

/// An organization that is part of itself, however many steps away, would be drawn for ever.
pub(super) const DROP_CIRCLES: &str = "
    with recursive parent as (
        select resource.target_id as organization_id, ref.to_id as part_of
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.field = 'part_of' and ref.to_id is not null and not resource.refused
        union all
        select organization.organization_id, organization.part_of
        from providers.organization organization
        where organization.part_of is not null and not exists (
            select from providers.import_resource resource
            where resource.target_id = organization.organization_id and not resource.refused
        )
    ),
    above as (
        select ref.ordinal, ref.position, ref.pointer, resource.target_id as start_id, ref.to_id as reached_id
        from providers.import_reference ref
        join providers.import_resource resource using (ordinal)
        where ref.field = 'part_of' and ref.to_id is not null and not resource.refused
        union
        select above.ordinal, above.position, above.pointer, above.start_id, parent.part_of
        from above
        join parent on parent.organization_id = above.reached_id
        where above.reached_id <> above.start_id
    ),
    circle as (
        select ordinal, position, pointer from above where reached_id = start_id
    ),
    cleared as (
        update providers.import_reference ref
        set to_ordinal = null, to_id = null
        from circle
        where circle.ordinal = ref.ordinal and circle.position = ref.position
    )
    insert into providers.import_note (ordinal, level, pointer, reason)
    select ordinal, 'warning', pointer, 'makes the organization a part of itself; left out' from circle order by ordinal";
