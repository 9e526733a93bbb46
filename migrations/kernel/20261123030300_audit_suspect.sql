-- Reads that nothing explains (C-19): the sequencer raises an alarm for each, and the command line lists them. What any
-- service can tell by itself is help by the platform's staff without a stated reason; a service that knows of care
-- relationships replaces this view by one that compares them.
create view audit_suspect as
    select entry.audit_entry_id, entry.occurred_at, 'no stated reason' as why
    from audit_entry as entry
    where entry.outcome = 'allowed' and entry.purpose = 'support' and entry.whose is not null
        and entry.access_grant_id is null;
do $$
begin
    execute format('revoke all on audit_suspect from %I', current_schema() || '_app');
    execute format('grant select on audit_suspect to %I', current_schema() || '_audit');
end
$$;
