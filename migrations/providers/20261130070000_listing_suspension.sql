-- Administrators take a listing out of search and of booking for a time, and say why. It is kept apart from `active`, which
-- says what the directory or the practice says: neither an import nor a practice's own edit lifts a suspension.
create table providers.listing_suspension (
    listing_suspension_id uuid constraint listing_suspension_pkey primary key,
    -- Either one role or a practice with everybody there.
    practitioner_role_id uuid constraint listing_suspension_role_fkey references providers.practitioner_role,
    organization_id uuid constraint listing_suspension_organization_fkey references providers.organization,
    reason text not null,
    suspended_by uuid not null,
    suspended_at timestamptz not null,
    -- When it is lifted by itself.
    ends_at timestamptz,
    lifted_at timestamptz,
    -- Absent where it was lifted by itself.
    lifted_by uuid,
    constraint listing_suspension_one_listing check (num_nonnulls(practitioner_role_id, organization_id) = 1),
    constraint listing_suspension_reason check (reason in (
        'registration', 'identity', 'complaint', 'false_details', 'practice_asked', 'other'
    )),
    constraint listing_suspension_ends_later check (ends_at > suspended_at),
    constraint listing_suspension_lifted_by_whom check (lifted_by is null or lifted_at is not null)
);
-- A listing is suspended once at a time.
create unique index listing_suspension_role_idx on providers.listing_suspension (practitioner_role_id)
    where lifted_at is null and practitioner_role_id is not null;
create unique index listing_suspension_organization_idx on providers.listing_suspension (organization_id)
    where lifted_at is null and organization_id is not null;
create index listing_suspension_ends_at_idx on providers.listing_suspension (ends_at) where lifted_at is null;
create index listing_suspension_latest_idx on providers.listing_suspension (suspended_at desc, listing_suspension_id desc)
    where lifted_at is null;

-- Stands in the rows that a search reads, so that a search asks nothing else.
alter table providers.practitioner_role add column suspended boolean not null default false;
alter table providers.organization add column suspended boolean not null default false;

-- A role that appears at a suspended practice, or goes there, is suspended whoever writes it; one that leaves it is not.
create function providers.keep_role_suspended() returns trigger language plpgsql as $$
begin
    new.suspended := exists (
        select from providers.listing_suspension suspension
        where suspension.lifted_at is null and (
            suspension.practitioner_role_id = new.practitioner_role_id
            or suspension.organization_id = new.organization_id
        )
    );
    return new;
end
$$;
create trigger practitioner_role_suspended before insert or update of organization_id, suspended
    on providers.practitioner_role for each row execute function providers.keep_role_suspended();
