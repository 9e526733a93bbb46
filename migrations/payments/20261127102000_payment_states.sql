-- Payments collect money from now on. A booking has one payment; what is asked of the processor is written down before it is asked,
-- under a key that is the same every time, so that whatever crashes is finished or undone and nobody pays twice.
alter table payments.payment drop constraint payment_status;
alter table payments.payment
    add constraint payment_status check (status in (
        'not_required', 'awaiting', 'card_saved', 'authorised', 'captured', 'part_refunded', 'refunded', 'failed',
        'auth_expired', 'voided', 'disputed', 'won', 'lost'
    )),
    add column version integer not null default 1,
    add column organization_id uuid,
    add column funding text not null default 'private',
    add column collection text not null default 'at_practice',
    add column tax_code text not null default 'free_health',
    -- As bookings signed it: what is charged beyond it needs a consent of its own.
    add column quote jsonb,
    add column starts_at timestamptz,
    add column completed_at timestamptz,
    -- What the platform takes, by the fee of the day it was quoted.
    add column platform_fee_cents bigint not null default 0,
    add column platform_fee_gst_cents bigint not null default 0,
    add column held_cents bigint not null default 0,
    add column captured_cents bigint not null default 0,
    add column refunding_cents bigint not null default 0,
    add column refunded_cents bigint not null default 0,
    -- Part of what was captured that is a fee for cancelling late or not coming.
    add column fee_cents bigint not null default 0,
    add column fee_kind text,
    add column fee_owed_cents bigint not null default 0,
    add column fee_due_at timestamptz,
    -- A higher price that a practice asks for, and the one that was agreed to.
    add column asked_cents bigint,
    add column agreed_cents bigint,
    -- Who may see it: a guest by a ticket of bookings, else this account.
    add column account_id uuid,
    add column failure text,
    add column repair_until timestamptz,
    -- When the next thing is done without anybody asking: authorise, capture, give up.
    add column due_at timestamptz,
    add column due text,
    add constraint payment_funding check (funding in ('private', 'bulk_billed', 'veterans')),
    add constraint payment_collection check (collection in ('at_practice', 'after_visit', 'deposit', 'prepaid')),
    add constraint payment_tax_code check (tax_code in ('free_medical', 'free_health', 'taxable')),
    add constraint payment_amounts check (
        held_cents >= 0 and captured_cents >= 0 and refunding_cents >= 0 and refunded_cents >= 0 and fee_cents >= 0
        and fee_owed_cents >= 0 and platform_fee_cents >= 0 and platform_fee_gst_cents between 0 and platform_fee_cents
    ),
    -- Nothing goes back that was not taken.
    add constraint payment_refund_within check (refunded_cents + refunding_cents <= captured_cents),
    add constraint payment_fee_within check (fee_cents <= captured_cents),
    -- Nothing is taken beyond what was agreed to.
    add constraint payment_charge_within check (
        greatest(held_cents, captured_cents) <= greatest(patient_charge_cents, coalesce(agreed_cents, 0))
        -- Moved to bulk billing: nothing may be charged any more, and all that was is back.
        or (bulk_billed and held_cents = 0 and captured_cents = refunded_cents)
    ),
    add constraint payment_fee_kind check (fee_kind in ('late_fee', 'no_show_fee')),
    add constraint payment_fee_has_kind check (fee_kind is not null or (fee_cents = 0 and fee_owed_cents = 0)),
    add constraint payment_failure check (failure in (
        'declined', 'insufficient_funds', 'expired_card', 'authentication_required', 'not_finished', 'hold_expired',
        'processor_unavailable'
    )),
    add constraint payment_due check (due in ('authorise', 'capture', 'charge_fee', 'give_up', 'void')),
    add constraint payment_due_pair check ((due is null) = (due_at is null)),
    add constraint payment_state_amounts check (
        case
            when status in ('not_required', 'voided', 'awaiting', 'card_saved', 'authorised') then captured_cents = 0
            when status in ('captured', 'disputed', 'won', 'lost') then captured_cents > 0
            when status = 'part_refunded' then refunded_cents > 0 and refunded_cents < captured_cents
            when status = 'refunded' then refunded_cents = captured_cents and captured_cents > 0
            else true
        end
    ),
    add constraint payment_repair check (status not in ('failed', 'auth_expired') or repair_until is not null);
-- Health Insurance Act 1973 s 20A (C-52): no charge of any kind, no deposit, no fee, no card. What was paid before a booking became
-- bulk billed has to be back first.
alter table payments.payment drop constraint payment_bulk_billed_is_uncharged;
alter table payments.payment
    add constraint payment_bulk_billed_is_uncharged check (
        (bulk_billed or funding = 'bulk_billed') is false
        or (
            patient_charge_cents = 0 and held_cents = 0 and captured_cents = refunded_cents and refunding_cents = 0
            and fee_owed_cents = 0 and platform_fee_cents = 0 and coalesce(asked_cents, 0) = 0
            and coalesce(agreed_cents, 0) = 0 and collection = 'at_practice'
            and status in ('not_required', 'refunded', 'voided')
        )
    );
create index payment_due_idx on payments.payment (due_at) where due_at is not null;
create index payment_organization_idx on payments.payment (organization_id, created_at);
create index payment_account_idx on payments.payment (account_id) where account_id is not null;

-- Every step of a payment. A step that moves money names its posting.
create table payments.payment_transition (
    payment_id uuid not null constraint payment_transition_payment_fkey references payments.payment on delete cascade,
    version integer not null,
    from_status text not null,
    to_status text not null,
    posting_id uuid constraint payment_transition_posting_fkey references payments.posting,
    taken_by text not null,
    taken_at timestamptz not null,
    constraint payment_transition_pkey primary key (payment_id, version),
    constraint payment_transition_taken_by check (
        taken_by in ('patient', 'practice', 'platform', 'processor', 'bookings', 'system')
    ),
    constraint payment_transition_is_booked check (
        to_status not in ('captured', 'part_refunded', 'refunded', 'disputed', 'won', 'lost') or posting_id is not null
    )
);
revoke update on payments.payment_transition from payments_app;

-- Somebody as the processor knows them, and their cards: we keep what is needed to know a card again.
create table payments.customer (
    customer_id uuid constraint customer_pkey primary key,
    -- A guest's is of one booking.
    account_id uuid constraint customer_account_key unique,
    booking_id uuid constraint customer_booking_key unique,
    processor_customer text constraint customer_processor_key unique,
    created_at timestamptz not null,
    constraint customer_is_somebody check (num_nonnulls(account_id, booking_id) = 1)
);

create table payments.saved_card (
    saved_card_id uuid constraint saved_card_pkey primary key,
    customer_id uuid not null constraint saved_card_customer_fkey references payments.customer on delete cascade,
    processor_card text not null constraint saved_card_processor_key unique,
    brand text not null,
    last_four text not null,
    good_until date not null,
    -- Offered again for another booking; without it, it is used for its own and then forgotten.
    kept boolean not null,
    created_at timestamptz not null,
    removed_at timestamptz,
    constraint saved_card_last_four check (last_four ~ '^[0-9]{4}$')
);
create index saved_card_customer_idx on payments.saved_card (customer_id);

-- One try to keep a card, to hold money or to take it. Its id and number make the processor's idempotency key.
create table payments.intent (
    intent_id uuid constraint intent_pkey primary key,
    -- None where somebody keeps a card without paying.
    payment_id uuid constraint intent_payment_fkey references payments.payment on delete cascade,
    customer_id uuid constraint intent_customer_fkey references payments.customer,
    purpose text not null,
    kind text not null,
    status text not null,
    number smallint not null,
    amount_cents bigint not null,
    captured_cents bigint not null default 0,
    saved_card_id uuid constraint intent_saved_card_fkey references payments.saved_card,
    -- The processor's names: the page, the payment or set-up, the charge.
    checkout_session text constraint intent_checkout_key unique,
    processor_intent text constraint intent_processor_key unique,
    processor_charge text constraint intent_charge_key unique,
    page_address text,
    page_expires_at timestamptz,
    -- When the bank lets held money go.
    hold_expires_at timestamptz,
    failure text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint intent_purpose check (purpose in ('visit', 'balance', 'late_fee', 'no_show_fee')),
    constraint intent_kind check (kind in ('setup', 'authorise', 'charge')),
    constraint intent_status check (status in (
        'created', 'page_open', 'needs_authentication', 'processing', 'saved', 'authorised', 'captured', 'failed', 'expired',
        'voided'
    )),
    constraint intent_failure check (failure in (
        'declined', 'insufficient_funds', 'expired_card', 'authentication_required', 'not_finished', 'hold_expired',
        'processor_unavailable'
    )),
    constraint intent_amount check ((kind = 'setup') = (amount_cents = 0) and captured_cents between 0 and amount_cents),
    constraint intent_captured check ((status = 'captured') = (captured_cents > 0)),
    constraint intent_number_key unique nulls not distinct (payment_id, customer_id, purpose, kind, number)
);
-- No card is charged twice: one try for each purpose is under way or has the money.
create unique index intent_once_idx on payments.intent (payment_id, purpose)
    where kind <> 'setup'
      and status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised', 'captured');
create index intent_payment_idx on payments.intent (payment_id, created_at);

-- A bulk-billed booking has no try of any kind (C-52), whichever of the two is written first.
create function payments.refuse_bulk_billed_intent() returns trigger language plpgsql as $$
begin
    perform from payments.payment where payment_id = new.payment_id and (bulk_billed or funding = 'bulk_billed') for share;
    if found then
        raise exception 'a bulk-billed booking carries no charge'
            using errcode = 'check_violation', constraint = 'intent_bulk_billed';
    end if;
    return new;
end
$$;
create trigger intent_bulk_billed before insert on payments.intent
    for each row execute function payments.refuse_bulk_billed_intent();
create function payments.refuse_bulk_billing_with_intents() returns trigger language plpgsql as $$
begin
    perform from payments.intent
      where payment_id = new.payment_id
        and status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised');
    if found then
        raise exception 'a card is still asked for this booking'
            using errcode = 'check_violation', constraint = 'payment_bulk_billed_has_no_intent';
    end if;
    return new;
end
$$;
create trigger payment_bulk_billed_has_no_intent before update on payments.payment
    for each row when ((new.bulk_billed or new.funding = 'bulk_billed') and not (old.bulk_billed or old.funding = 'bulk_billed'))
    execute function payments.refuse_bulk_billing_with_intents();

-- What the processor is asked to do. The row is there before the call and says afterwards what came of it.
create table payments.processor_call (
    processor_call_id uuid constraint processor_call_pkey primary key,
    -- `{intent_id}:capture`, `{refund_id}:refund`: the same every time it is asked.
    idempotency_key text not null constraint processor_call_key unique,
    operation text not null,
    payment_id uuid constraint processor_call_payment_fkey references payments.payment on delete cascade,
    intent_id uuid constraint processor_call_intent_fkey references payments.intent on delete cascade,
    refund_id uuid,
    organization_id uuid,
    amount_cents bigint,
    status text not null default 'due',
    attempts smallint not null default 0,
    due_at timestamptz,
    -- The processor's object, or its code of refusal; never a body.
    answer text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint processor_call_operation check (operation in (
        'create_customer', 'open_checkout', 'expire_checkout', 'authorise', 'charge', 'capture', 'cancel', 'refund',
        'detach_card', 'create_account', 'open_onboarding', 'submit_evidence', 'hold_payouts', 'release_payouts'
    )),
    constraint processor_call_status check (status in ('due', 'done', 'refused', 'given_up')),
    constraint processor_call_due check ((status = 'due') = (due_at is not null))
);
create index processor_call_due_idx on payments.processor_call (due_at) where status = 'due';
create index processor_call_payment_idx on payments.processor_call (payment_id);

-- A practice's share of a payment.
create table payments.transfer (
    transfer_id uuid constraint transfer_pkey primary key,
    payment_id uuid not null constraint transfer_payment_fkey references payments.payment on delete cascade,
    intent_id uuid not null constraint transfer_intent_key unique constraint transfer_intent_fkey references payments.intent on delete cascade,
    organization_id uuid not null,
    status text not null,
    processor_transfer text constraint transfer_processor_key unique,
    amount_cents bigint not null,
    fee_cents bigint not null,
    reversed_cents bigint not null default 0,
    fee_reversed_cents bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint transfer_status check (status in ('pending', 'sent', 'reversed')),
    constraint transfer_amounts check (
        amount_cents > 0 and fee_cents between 0 and amount_cents and reversed_cents between 0 and amount_cents
        and fee_reversed_cents between 0 and fee_cents
    ),
    constraint transfer_reversed check (status <> 'reversed' or reversed_cents = amount_cents)
);
create index transfer_payment_idx on payments.transfer (payment_id);

create table payments.refund (
    refund_id uuid constraint refund_pkey primary key,
    payment_id uuid not null constraint refund_payment_fkey references payments.payment on delete cascade,
    intent_id uuid not null constraint refund_intent_fkey references payments.intent on delete cascade,
    -- What it is a consequence of: an event, or the idempotency key of who asked. One refund for each.
    cause_id uuid not null,
    amount_cents bigint not null,
    transfer_reversed_cents bigint not null default 0,
    fee_reversed_cents bigint not null default 0,
    reason text not null,
    note text,
    status text not null,
    requested_as text not null,
    requested_by uuid,
    decided_by uuid,
    decided_at timestamptz,
    processor_refund text constraint refund_processor_key unique,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint refund_cause_key unique (payment_id, intent_id, cause_id),
    constraint refund_amount check (amount_cents > 0 and transfer_reversed_cents >= 0 and fee_reversed_cents >= 0),
    constraint refund_reason check (reason in (
        'cancelled', 'not_given', 'too_late', 'fee_waived', 'bulk_billed', 'mistake', 'goodwill'
    )),
    constraint refund_status check (status in ('awaiting_approval', 'refused', 'due', 'sent', 'succeeded', 'failed')),
    constraint refund_requested_as check (requested_as in ('rule', 'practice', 'platform')),
    constraint refund_requested_by check ((requested_as = 'rule') = (requested_by is null)),
    constraint refund_note check (requested_as <> 'platform' or char_length(note) between 1 and 1000),
    -- Two pairs of eyes: above the limit an administrator's refund has a second one, who is somebody else.
    constraint refund_four_eyes check (
        requested_as <> 'platform' or amount_cents <= 20000 or status = 'awaiting_approval'
        or (decided_by is not null and decided_by <> requested_by)
    ),
    constraint refund_decided check ((decided_by is null) = (decided_at is null))
);
create index refund_payment_idx on payments.refund (payment_id);
create index refund_awaiting_idx on payments.refund (created_at) where status = 'awaiting_approval';
alter table payments.processor_call
    add constraint processor_call_refund_fkey foreign key (refund_id) references payments.refund on delete cascade;

create table payments.chargeback (
    chargeback_id uuid constraint chargeback_pkey primary key,
    payment_id uuid not null constraint chargeback_payment_fkey references payments.payment on delete cascade,
    processor_dispute text not null constraint chargeback_processor_key unique,
    amount_cents bigint not null,
    reason text not null,
    status text not null,
    evidence jsonb not null default '{}',
    evidence_due_at timestamptz,
    submitted_at timestamptz,
    submitted_by uuid,
    version integer not null default 1,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    constraint chargeback_status check (status in ('needs_response', 'under_review', 'closed', 'won', 'lost')),
    constraint chargeback_amount check (amount_cents > 0),
    constraint chargeback_submitted check ((submitted_at is null) = (submitted_by is null))
);
create index chargeback_payment_idx on payments.chargeback (payment_id);
create index chargeback_due_idx on payments.chargeback (evidence_due_at) where status = 'needs_response';
