-- Whose appointment the practice cancelled, or did not keep, is asked first about its times: once for each such booking. The
-- server finds the booking when somebody joins; nobody says so.
alter table bookings.waitlist_entry
    add column priority_booking_id uuid,
    add column priority_cause text,
    -- When what was lost was to start.
    add column priority_starts_at timestamptz,
    add constraint waitlist_entry_priority_key unique (priority_booking_id),
    add constraint waitlist_entry_priority_cause
        check (priority_cause in ('cancelled_by_provider', 'cancelled_by_admin', 'no_show_provider')),
    add constraint waitlist_entry_priority
        check (num_nulls(priority_booking_id, priority_cause, priority_starts_at) in (0, 3));
