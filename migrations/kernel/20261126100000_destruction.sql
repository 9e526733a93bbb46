-- The register of what was destroyed at the end of its time (C-43): whose record, where the law asks for a name, the period
-- it covered, and when it went (Health Records and Information Privacy Act 2002 (NSW) s 25(2); Health Records Act 2001 (Vic)
-- HPP 4.3). Rows are added and never altered.
create table destruction (
    destruction_id uuid constraint destruction_pkey primary key,
    -- What kind of record: `booking`, `delegation`, `audit_entry`.
    record_class text not null,
    -- The patient's, where it was a health record.
    name text,
    row_count bigint not null,
    covers_from date not null,
    covers_until date not null,
    destroyed_at timestamptz not null,
    constraint destruction_row_count check (row_count > 0),
    constraint destruction_covers check (covers_from <= covers_until)
);
create trigger destruction_is_append_only before update or delete or truncate on destruction
    for each statement execute function refuse_change();

do $$
begin
    execute format('revoke update, delete on destruction from %I', current_schema() || '_app');
    execute format('grant select on destruction to %I', current_schema() || '_audit');
end
$$;
