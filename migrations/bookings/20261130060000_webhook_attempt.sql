-- Every try of what a webhook is told, so that sending it once more hides nothing of what came of it before.
create table bookings.webhook_attempt (
    webhook_delivery_id uuid not null
        constraint webhook_attempt_delivery_fkey references bookings.webhook_delivery on delete cascade,
    -- From 1, over all of them: what is sent once more counts on.
    attempt integer not null,
    attempted_at timestamptz not null,
    -- None while it is under way, and where whoever tried did not live to see what came of it.
    settled_at timestamptz,
    response_status smallint,
    failure text,
    constraint webhook_attempt_pkey primary key (webhook_delivery_id, attempt),
    constraint webhook_attempt_failure check (failure in ('not_called', 'unreachable', 'timed_out', 'refused'))
);
-- How often it had been tried when it was last begun anew: those tries make the next ones no rarer.
alter table bookings.webhook_delivery add column tried_before integer not null default 0;
