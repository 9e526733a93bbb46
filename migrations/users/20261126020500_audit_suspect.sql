-- Users knows which practice each booking is with: staff of another practice have no business with its notes (C-19).
create or replace view users.audit_suspect as
    select entry.audit_entry_id, entry.occurred_at, 'no stated reason' as why
    from users.audit_entry as entry
    where entry.outcome = 'allowed' and entry.purpose = 'support' and entry.whose is not null
        and entry.access_grant_id is null
    union all
    select entry.audit_entry_id, entry.occurred_at, 'a booking of another practice'
    from users.audit_entry as entry
    where entry.outcome = 'allowed' and entry.organization_id is not null and entry.resource_kind = 'booking'
        and not exists (
            select from users.booking
            where booking.booking_id::text = entry.resource_id and booking.organization_id = entry.organization_id
        );
