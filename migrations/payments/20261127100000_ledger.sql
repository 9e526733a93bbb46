-- The ledger: double entry in whole cents, never altered. Debits are above zero and credits below, so a posting is balanced when
-- its entries add up to nothing; the database looks when the transaction ends.
create table payments.account (
    ledger_account_id uuid constraint account_pkey primary key,
    kind text not null,
    -- Whose, where each practice has one.
    organization_id uuid,
    created_at timestamptz not null,
    constraint account_kind check (kind in (
        'processor', 'practice_balance', 'platform_fees', 'gst_payable', 'processor_fees', 'chargebacks', 'losses',
        'platform_bank', 'medicare_due', 'medicare_paid', 'medicare_benefits', 'suspense'
    )),
    constraint account_owner check (
        (kind in ('practice_balance', 'medicare_due', 'medicare_paid', 'medicare_benefits')) = (organization_id is not null)
    ),
    constraint account_kind_key unique nulls not distinct (kind, organization_id)
);

create table payments.posting (
    posting_id uuid constraint posting_pkey primary key,
    cause text not null,
    -- What it is a consequence of: an intent, a refund, a chargeback, a payout, a claim, a difference.
    cause_id uuid not null,
    -- Records of payments end before the ledger does, so these are no foreign keys.
    payment_id uuid,
    booking_id uuid,
    organization_id uuid,
    -- The processor's own record of it, by which the two are compared.
    processor_object text constraint posting_processor_object_key unique,
    -- What the patient paid or got back, and the platform's fee in it: for statements.
    gross_cents bigint not null default 0,
    fee_cents bigint not null default 0,
    occurred_at timestamptz not null,
    created_at timestamptz not null,
    constraint posting_cause check (cause in (
        'capture', 'processor_fee', 'refund', 'refund_failed', 'chargeback_opened', 'chargeback_won', 'chargeback_lost',
        'payout', 'payout_failed', 'platform_payout', 'claim_assessed', 'claim_paid', 'claim_adjusted', 'correction'
    )),
    -- Each cause is booked once, whatever comes twice.
    constraint posting_cause_key unique (cause, cause_id)
);
create index posting_payment_idx on payments.posting (payment_id);
create index posting_booking_idx on payments.posting (booking_id) where booking_id is not null;
create index posting_organization_idx on payments.posting (organization_id, occurred_at, posting_id);
create index posting_occurred_idx on payments.posting (occurred_at);

create table payments.entry (
    posting_id uuid not null constraint entry_posting_fkey references payments.posting,
    position smallint not null,
    ledger_account_id uuid not null constraint entry_account_fkey references payments.account,
    amount_cents bigint not null,
    constraint entry_pkey primary key (posting_id, position),
    constraint entry_account_key unique (posting_id, ledger_account_id),
    constraint entry_position check (position between 1 and 20),
    constraint entry_amount check (amount_cents <> 0)
);
create index entry_account_idx on payments.entry (ledger_account_id) include (amount_cents);

-- At commit: a posting has at least two entries, and they add up to nothing.
create function payments.require_balance() returns trigger language plpgsql as $$
declare
    total numeric;
    entries bigint;
begin
    select coalesce(sum(amount_cents), 0), count(*) into total, entries
      from payments.entry where posting_id = new.posting_id;
    if total <> 0 or entries < 2 then
        raise exception 'posting % is not balanced: % cents in % entries', new.posting_id, total, entries
            using errcode = 'check_violation', constraint = 'posting_is_balanced';
    end if;
    return null;
end
$$;
create constraint trigger posting_is_balanced after insert on payments.posting
    deferrable initially deferred for each row execute function payments.require_balance();
-- An entry that is added to an older posting is looked at, too.
create constraint trigger entry_is_balanced after insert on payments.entry
    deferrable initially deferred for each row execute function payments.require_balance();

create trigger account_is_append_only before update or delete or truncate on payments.account
    for each statement execute function payments.refuse_change();
create trigger posting_is_append_only before update or delete or truncate on payments.posting
    for each statement execute function payments.refuse_change();
create trigger entry_is_append_only before update or delete or truncate on payments.entry
    for each statement execute function payments.refuse_change();
revoke update, delete on payments.account, payments.posting, payments.entry from payments_app;

-- Where a proof of the ledger has come to, so that the next begins with what is known.
create table payments.ledger_checkpoint (
    taken_at timestamptz constraint ledger_checkpoint_pkey primary key,
    postings bigint not null,
    entries bigint not null,
    debits_cents numeric not null,
    balanced boolean not null
);
revoke update, delete on payments.ledger_checkpoint from payments_app;
