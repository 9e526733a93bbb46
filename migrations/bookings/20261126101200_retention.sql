-- When a booking's record may go (C-43). The job looks at a record for the first time seven years after it was made, since
-- none goes earlier, and notes the last day to keep it when that has not come.
alter table bookings.appointment_party add column keep_until date;
create index appointment_party_due_idx on bookings.appointment_party
    ((coalesce(keep_until, (created_at at time zone 'UTC')::date + 2555)));
