-- One row for each act on personal data, written in the act's own transaction. Rows are added and never altered:
-- the app role may insert, the audit role may read. Details carry ids, never values.
create table audit_entry (
    audit_entry_id uuid constraint audit_entry_pkey primary key,
    occurred_at timestamptz not null,
    actor_kind text not null,
    actor text,
    action text not null,
    resource_kind text not null,
    resource_id text not null,
    purpose text not null,
    outcome text not null,
    request_id text,
    constraint audit_entry_actor_kind check (actor_kind in ('anonymous', 'guest', 'link', 'account', 'system')),
    constraint audit_entry_outcome check (outcome in ('allowed', 'denied', 'failed'))
);
create index audit_entry_resource_idx on audit_entry (resource_kind, resource_id, occurred_at);

do $$
begin
    execute format('revoke select, update, delete on audit_entry from %I', current_schema() || '_app');
    execute format('grant select on audit_entry to %I', current_schema() || '_audit');
end
$$;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are added and never altered', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entry_is_append_only before update or delete or truncate on audit_entry
    for each statement execute function refuse_change();
