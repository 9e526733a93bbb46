-- What Medicare paid for a visit that was none goes back: Medicare takes it, or the practice pays it. Once for a claim, and all of it.
create table payments.benefit_return (
    benefit_return_id uuid constraint benefit_return_pkey primary key,
    claim_id uuid not null constraint benefit_return_claim_key unique
        constraint benefit_return_claim_fkey references payments.claim on delete cascade,
    booking_id uuid not null,
    way text not null,
    returned_on date not null,
    -- In the practice's own words; none once the patient has been erased.
    reason text,
    amount_cents bigint not null,
    posting_id uuid not null constraint benefit_return_posting_fkey references payments.posting,
    recorded_at timestamptz not null,
    constraint benefit_return_way check (way in ('taken_by_medicare', 'paid_by_practice')),
    constraint benefit_return_reason check (char_length(reason) between 3 and 300),
    constraint benefit_return_amount check (amount_cents > 0)
);
revoke update on payments.benefit_return from payments_app;
grant update (reason) on payments.benefit_return to payments_app;
