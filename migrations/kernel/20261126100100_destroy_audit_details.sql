-- Entries of the audit log go after seven years; their leaves stay, so the tree still stands. Until now nobody could delete
-- any entry. From now on the audit role can through one function, and the database refuses whatever is younger, has no leaf,
-- or is itself the register of what was destroyed, whoever asks.
drop trigger audit_entry_is_append_only on audit_entry;
create trigger audit_entry_is_append_only before update or truncate on audit_entry
    for each statement execute function refuse_change();

create function refuse_early_destruction() returns trigger
    language plpgsql set search_path from current as $$
begin
    if old.occurred_at >= now() - interval '7 years'
        or old.action = 'destroy_audit_details'
        or not exists (select from audit_leaf as leaf where leaf.audit_entry_id = old.audit_entry_id)
    then
        raise exception 'entries of % stay for seven years and until they have their leaf', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return old;
end
$$;
create trigger audit_entry_stays before delete on audit_entry
    for each row execute function refuse_early_destruction();

-- Destroys a batch of the oldest entries, and registers it in the log itself and in the register. Says how many went. The
-- database's own clock has the last word on what seven years are.
create function destroy_audit_details(
    entry_id uuid, register_id uuid, told_at timestamptz, entry_salt bytea, at_most integer
) returns bigint
    language plpgsql security definer set search_path from current as $$
declare
    cutoff_us bigint := extract(epoch from least(told_at, now()) - interval '7 years') * 1000000;
    destroyed_up_to bigint;
    gone bigint;
    first_index bigint;
    last_index bigint;
    first_day date;
    last_day date;
begin
    select coalesce(max(split_part(earlier.resource_id, '-', 2)::bigint), -1) into destroyed_up_to
    from audit_entry as earlier
    where earlier.resource_kind = 'audit_range' and earlier.actor = 'kernel.destroy_audit_details';

    with old as (
        select leaf.leaf_index, leaf.audit_entry_id
        from audit_leaf as leaf join audit_entry as kept using (audit_entry_id)
        -- `latest_us` never falls, so that what is old enough is the beginning of the log.
        where leaf.leaf_index > destroyed_up_to and leaf.latest_us < cutoff_us
            and kept.action <> 'destroy_audit_details'
        order by leaf.leaf_index
        limit at_most
    ), destroyed as (
        delete from audit_entry as kept using old where kept.audit_entry_id = old.audit_entry_id
        returning old.leaf_index, (kept.occurred_at at time zone 'UTC')::date as day
    )
    select count(*), min(leaf_index), max(leaf_index), min(day), max(day)
    into gone, first_index, last_index, first_day, last_day
    from destroyed;
    if gone = 0 then
        return 0;
    end if;

    insert into audit_entry (
        audit_entry_id, occurred_at, actor_kind, actor, action, resource_kind, resource_id, purpose, outcome, salt
    ) values (
        entry_id, told_at, 'system', 'kernel.destroy_audit_details', 'destroy_audit_details', 'audit_range',
        first_index || '-' || last_index, 'administration', 'allowed', entry_salt
    );
    insert into destruction (destruction_id, record_class, row_count, covers_from, covers_until, destroyed_at)
    values (register_id, 'audit_entry', gone, first_day, last_day, told_at);
    return gone;
end
$$;

do $$
begin
    revoke all on function refuse_early_destruction() from public;
    revoke all on function destroy_audit_details(uuid, uuid, timestamptz, bytea, integer) from public;
    execute format(
        'grant execute on function destroy_audit_details(uuid, uuid, timestamptz, bytea, integer) to %I',
        current_schema() || '_audit'
    );
end
$$;
