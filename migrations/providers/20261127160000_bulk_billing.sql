-- Practices that say that they bulk bill every eligible service, as payments tells it: the badge on a practice's page has a date, and goes
-- after a year.
create table providers.bulk_billing (
    organization_id uuid constraint bulk_billing_pkey primary key,
    attested_at timestamptz,
    aggregate_version bigint not null
);
