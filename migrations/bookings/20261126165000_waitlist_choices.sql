-- A place on a waitlist is for several practitioners, who may be near each other; and a practice sees who waits for its people
-- and can end a place, saying why. When a role's free times are looked at for those who wait is its schedule's business: every
-- change that frees time moves it.
alter table bookings.role
    add column lat double precision,
    add column lon double precision,
    add constraint role_point check (
        (lat is null) = (lon is null) and (lat is null or (lat between -90 and 90 and lon between -180 and 180))
    );
create index role_similar_idx on bookings.role (profession_name, lat) where bookable;

create table bookings.waitlist_choice (
    waitlist_entry_id uuid not null
        constraint waitlist_choice_entry_fkey references bookings.waitlist_entry on delete cascade,
    practitioner_role_id uuid not null
        constraint waitlist_choice_role_fkey references bookings.role on delete cascade,
    appointment_type_id uuid not null,
    -- The first is the one that the patient looked at.
    position smallint not null,
    constraint waitlist_choice_pkey primary key (waitlist_entry_id, practitioner_role_id)
);
create index waitlist_choice_role_idx on bookings.waitlist_choice (practitioner_role_id);
insert into bookings.waitlist_choice (waitlist_entry_id, practitioner_role_id, appointment_type_id, position)
select waitlist_entry_id, practitioner_role_id, appointment_type_id, 0 from bookings.waitlist_entry;

alter table bookings.waitlist_entry
    drop constraint waitlist_entry_status,
    add constraint waitlist_entry_status
        check (status in ('waiting', 'offered', 'booked', 'withdrawn', 'closed', 'removed')),
    drop column practitioner_role_id,
    drop column appointment_type_id,
    drop column due_at,
    add column removed_reason text,
    add constraint waitlist_entry_removed_reason
        check (removed_reason in ('patient_asked', 'seen', 'not_offered', 'mistake', 'other')),
    add constraint waitlist_entry_removed check ((status = 'removed') = (removed_reason is not null));

delete from bookings.waitlist_offer;
alter table bookings.waitlist_offer
    add column practitioner_role_id uuid not null,
    add column appointment_type_id uuid not null,
    drop constraint waitlist_offer_once_key,
    -- Nobody is asked twice about the same time with the same practitioner.
    add constraint waitlist_offer_once_key unique (waitlist_entry_id, practitioner_role_id, starts_at);
create index waitlist_offer_role_idx on bookings.waitlist_offer (practitioner_role_id, starts_at);

-- When the role's free times are looked at next for those who wait; never while nobody does.
alter table bookings.schedule add column waitlist_due_at timestamptz;
create index schedule_waitlist_due_idx on bookings.schedule (waitlist_due_at) where waitlist_due_at is not null;
update bookings.schedule set waitlist_due_at = '-infinity'
where practitioner_role_id in (select practitioner_role_id from bookings.waitlist_choice);
