-- What the processor tells, as it came, before anything is made of it; and what came of comparing its records with ours.
create table payments.webhook_received (
    webhook_received_id uuid constraint webhook_received_pkey primary key,
    -- The event's own name: what comes twice is one row.
    processor_event text not null constraint webhook_received_event_key unique,
    kind text not null,
    processor_object text,
    -- The connected account that it is about.
    processor_account text,
    raw bytea not null,
    deliveries integer not null default 1,
    status text not null default 'received',
    attempts smallint not null default 0,
    due_at timestamptz,
    received_at timestamptz not null,
    applied_at timestamptz,
    constraint webhook_received_status check (status in ('received', 'applied', 'ignored', 'given_up')),
    constraint webhook_received_due check ((status = 'received') = (due_at is not null)),
    constraint webhook_received_length check (octet_length(raw) <= 1048576)
);
create index webhook_received_due_idx on payments.webhook_received (due_at) where status = 'received';
create index webhook_received_object_idx on payments.webhook_received (processor_object);
create index webhook_received_time_idx on payments.webhook_received (received_at);

create table payments.reconciliation (
    reconciliation_id uuid constraint reconciliation_pkey primary key,
    status text not null,
    from_time timestamptz not null,
    until_time timestamptz not null,
    requested_by uuid,
    objects bigint not null default 0,
    -- Where it has come to, so that a crash costs a page and not the run.
    cursor text,
    started_at timestamptz not null,
    ended_at timestamptz,
    constraint reconciliation_status check (status in ('running', 'finished', 'failed')),
    constraint reconciliation_range check (from_time < until_time),
    constraint reconciliation_ended check ((status = 'running') = (ended_at is null))
);
create unique index reconciliation_running_idx on payments.reconciliation (status) where status = 'running';

create table payments.difference (
    difference_id uuid constraint difference_pkey primary key,
    reconciliation_id uuid not null constraint difference_reconciliation_fkey references payments.reconciliation,
    kind text not null,
    -- The processor's object, or our id where it has none.
    subject text not null,
    payment_id uuid,
    ours text not null,
    theirs text not null,
    action text not null,
    found_at timestamptz not null,
    constraint difference_kind check (kind in (
        'missing_here', 'missing_there', 'state', 'amount', 'balance', 'webhook'
    )),
    constraint difference_action check (action in ('flagged', 'applied', 'retried', 'undone', 'settled')),
    constraint difference_subject_key unique (reconciliation_id, kind, subject)
);
create index difference_payment_idx on payments.difference (payment_id);
