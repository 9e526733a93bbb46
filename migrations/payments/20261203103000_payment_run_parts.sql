-- Which claims each of Medicare's payment runs pays, and what it takes back out of a run for a claim that an earlier run paid. Staff say
-- the last by hand: no public form of the reports names it, and all that is seen of it there is a deposit lower than its claims.
create table payments.medicare_payment_part (
    medicare_payment_part_id uuid constraint medicare_payment_part_pkey primary key,
    medicare_payment_id uuid not null constraint medicare_payment_part_payment_fkey references payments.medicare_payment,
    claim_id uuid not null constraint medicare_payment_part_claim_fkey references payments.claim on delete cascade,
    kind text not null,
    -- What it brings to the bank: below zero where it is taken back.
    amount_cents bigint not null,
    posting_id uuid constraint medicare_payment_part_posting_fkey references payments.posting,
    recorded_at timestamptz not null,
    constraint medicare_payment_part_kind check (kind in ('paid', 'offset')),
    constraint medicare_payment_part_amount check (
        (kind = 'paid' and amount_cents >= 0) or (kind = 'offset' and amount_cents < 0)
    ),
    constraint medicare_payment_part_is_booked check ((amount_cents = 0) = (posting_id is null)),
    -- A claim has one part of each kind in a run, however often its report is read.
    constraint medicare_payment_part_once_key unique (medicare_payment_id, claim_id, kind)
);
create index medicare_payment_part_claim_idx on payments.medicare_payment_part (claim_id);
revoke update on payments.medicare_payment_part from payments_app;

-- A run out of which something is taken back brings less than the claims that it pays.
alter table payments.medicare_payment drop constraint medicare_payment_matched;
