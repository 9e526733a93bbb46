-- A letter about a time that somebody waits for and that is held for them says no patient. Where it cannot be delivered, a text message
-- goes to the patient whom the time is for; none is known where an account is offered times for several at the same moment.
create table notifications.offered (
    account_id uuid not null,
    expires_at timestamptz not null,
    patient_id uuid,
    time_zone text not null,
    constraint offered_pkey primary key (account_id, expires_at)
);
create index offered_expires_idx on notifications.offered (expires_at);
