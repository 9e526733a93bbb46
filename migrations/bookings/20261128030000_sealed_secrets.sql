-- The address of a practitioner's other calendar gives all that is in it to whoever has it, and with a webhook's secret anybody can
-- speak for us. The service seals both, under a key that is not in the database; a job seals what was kept before and empties the
-- column that it was in. What is sealed is 40 bytes longer: a nonce of 24 and a tag of 16.
alter table bookings.external_calendar
    alter column address drop not null,
    add column sealed_address bytea,
    -- Which of the service's keys sealed it.
    add column key_id text,
    -- On which server the calendar is, which its practice is shown.
    add column host text,
    add constraint external_calendar_kept_once check (num_nonnulls(address, sealed_address) = 1),
    add constraint external_calendar_sealed check (
        (sealed_address is null) = (key_id is null) and (sealed_address is null) = (host is null)
        and octet_length(sealed_address) > 40
    );

alter table bookings.webhook
    alter column secret drop not null,
    add column sealed_secret bytea,
    add column sealed_former_secret bytea,
    -- Which of the service's keys sealed them.
    add column key_id text,
    drop constraint webhook_former,
    add constraint webhook_former check (
        num_nonnulls(former_secret, sealed_former_secret) = num_nonnulls(former_until)
    ),
    add constraint webhook_kept_once check (num_nonnulls(secret, sealed_secret) = 1),
    add constraint webhook_sealed check (
        (sealed_secret is null) = (key_id is null)
        and (former_secret is null or secret is not null)
        and (sealed_former_secret is null or sealed_secret is not null)
        and octet_length(sealed_secret) = 72 and octet_length(sealed_former_secret) = 72
    );
