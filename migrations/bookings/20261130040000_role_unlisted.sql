-- A role that is no longer listed sells nothing. What is booked with it stays, and people look at it one by one.
alter table bookings.role
    add column unlisted text,
    add column unlisted_at timestamptz,
    add constraint role_unlisted check (unlisted in ('suspended', 'registration_lapsed', 'left')),
    add constraint role_unlisted_since check ((unlisted is null) = (unlisted_at is null));
create index role_unlisted_idx on bookings.role (unlisted_at, practitioner_role_id) where unlisted is not null;

-- Appointments that somebody looked at and let stand. Looked at again once the role ceases to be listed again.
create table bookings.review_keep (
    appointment_id uuid constraint review_keep_pkey primary key
        constraint review_keep_appointment_fkey references bookings.appointment on delete cascade,
    kept_by uuid not null,
    kept_at timestamptz not null
);
