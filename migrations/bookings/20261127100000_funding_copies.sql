-- Who pays for what and which practices can collect, as payments told it: prices are quoted from these, for the day of the visit.
create table bookings.funding (
    appointment_type_id uuid constraint funding_pkey primary key,
    organization_id uuid not null,
    version integer not null,
    -- The rules whole, with what is paid back from which day.
    rules jsonb not null,
    -- What everybody is told before anything is known of them, by the rule for anyone; none where there is no such rule.
    price_cents bigint,
    bulk_billed boolean,
    constraint funding_price check (price_cents >= 0 and (bulk_billed is not true or price_cents = 0)),
    constraint funding_price_is_whole check ((price_cents is null) = (bulk_billed is null))
);
create table bookings.practice_account (
    organization_id uuid constraint practice_account_pkey primary key,
    collects boolean not null,
    bulk_bills_everything boolean not null,
    aggregate_version bigint not null
);
