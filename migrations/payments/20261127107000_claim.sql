-- Claims for bulk-billed services, one at most for each service whatever crashes: an item of a visit belongs to one claim that
-- stands, and what is sent to Medicare carries an id that is written down before it is sent.
create table payments.claim (
    claim_id uuid constraint claim_pkey primary key,
    booking_id uuid not null,
    organization_id uuid not null,
    patient_id uuid,
    status text not null,
    assignment_id uuid constraint claim_assignment_fkey references payments.assignment,
    service_type text not null,
    -- None while the practitioner's number at the place is not known.
    provider_number text,
    payee_provider_number text,
    professional_name text not null,
    referral jsonb,
    referral_override text,
    service_date date not null,
    lodge_until date not null,
    claimed_cents bigint not null,
    benefit_cents bigint not null default 0,
    paid_cents bigint not null default 0,
    medicare_claim_id text,
    relodges uuid constraint claim_relodges_key unique constraint claim_relodges_fkey
        references payments.claim on delete set null,
    codes text[] not null default '{}',
    due_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint claim_status check (status in (
        'draft', 'aob_pending', 'ready', 'sending', 'submitted', 'processing', 'assessed_paid', 'assessed_part',
        'assessed_rejected', 'assessed_manual', 'payment_reported', 'reconciled', 'refused', 'gateway_error', 'withdrawn',
        'adjustment'
    )),
    constraint claim_service_type check (service_type in ('O', 'S', 'P')),
    constraint claim_referral_override check (referral_override in ('H', 'L', 'E', 'N')),
    -- General claims carry no referral; the others one, or why not.
    constraint claim_referral check (
        status in ('draft', 'withdrawn')
        or (service_type = 'O') = (num_nonnulls(referral, referral_override) = 0)
    ),
    constraint claim_medicare_id check (medicare_claim_id ~ '^[A-Z][0-9]{4}@$'),
    constraint claim_submitted_has_id check (
        status not in (
            'submitted', 'processing', 'assessed_paid', 'assessed_part', 'assessed_rejected', 'assessed_manual',
            'payment_reported', 'reconciled', 'adjustment'
        ) or medicare_claim_id is not null
    ),
    -- Nothing is lodged without an assignment of benefit.
    constraint claim_rests_on_assignment check (
        status in ('draft', 'aob_pending', 'withdrawn', 'refused') or assignment_id is not null
    ),
    constraint claim_has_provider check (status in ('draft', 'withdrawn') or provider_number is not null),
    constraint claim_amounts check (claimed_cents >= 0 and benefit_cents >= 0 and paid_cents >= 0)
);
create index claim_queue_idx on payments.claim (organization_id, status, lodge_until);
create index claim_booking_idx on payments.claim (booking_id);
create index claim_due_idx on payments.claim (due_at) where due_at is not null;
create unique index claim_medicare_id_idx on payments.claim (organization_id, medicare_claim_id, service_date)
    where medicare_claim_id is not null;

create table payments.claim_service (
    claim_service_id uuid constraint claim_service_pkey primary key,
    claim_id uuid not null constraint claim_service_claim_fkey references payments.claim on delete cascade,
    booking_id uuid not null,
    position smallint not null,
    item_number text not null,
    -- Which time that it is given on the same visit.
    occurrence smallint not null,
    charge_cents bigint not null,
    incentive boolean not null default false,
    outcome text not null default 'pending',
    benefit_cents bigint,
    reason_code text,
    -- False once its claim is withdrawn or this service was rejected: only then another claim may name it.
    stands boolean not null default true,
    constraint claim_service_position_key unique (claim_id, position),
    constraint claim_service_position check (position between 1 and 14),
    constraint claim_service_item check (item_number ~ '^[0-9]{1,5}$'),
    constraint claim_service_occurrence check (occurrence between 1 and 14),
    constraint claim_service_charge check (charge_cents between 0 and 999999999),
    constraint claim_service_outcome check (outcome in ('pending', 'paid', 'paid_other', 'rejected', 'manual')),
    constraint claim_service_paid_stands check (stands or outcome not in ('paid', 'paid_other', 'manual'))
);
-- At most one claim per service.
create unique index claim_service_once_idx on payments.claim_service (booking_id, item_number, occurrence) where stands;
-- One incentive for a visit's service.
create unique index claim_service_incentive_idx on payments.claim_service (claim_id, item_number) where incentive and stands;

-- A claim is lodged only where the patient is charged nothing (C-52).
create function payments.refuse_charged_claim() returns trigger language plpgsql as $$
begin
    perform from payments.payment
      where booking_id = new.booking_id
        and not (bulk_billed or funding in ('bulk_billed', 'veterans'))
        for share;
    if found then
        raise exception 'the patient is charged for this booking'
            using errcode = 'check_violation', constraint = 'claim_has_no_charge';
    end if;
    return new;
end
$$;
create trigger claim_has_no_charge before insert or update of status on payments.claim
    for each row when (new.status in ('ready', 'sending')) execute function payments.refuse_charged_claim();

create table payments.claim_transition (
    claim_id uuid not null constraint claim_transition_claim_fkey references payments.claim on delete cascade,
    version integer not null,
    from_status text,
    to_status text not null,
    codes text[] not null default '{}',
    posting_id uuid constraint claim_transition_posting_fkey references payments.posting,
    taken_by text not null,
    taken_at timestamptz not null,
    constraint claim_transition_pkey primary key (claim_id, version),
    constraint claim_transition_taken_by check (taken_by in ('practice', 'patient', 'medicare', 'system')),
    constraint claim_transition_is_booked check (to_status <> 'reconciled' or posting_id is not null)
);
revoke update on payments.claim_transition from payments_app;

-- What is sent, under an id that Medicare takes once. An id is used again only when there was no answer at all.
create table payments.claim_submission (
    claim_submission_id uuid constraint claim_submission_pkey primary key,
    claim_id uuid not null constraint claim_submission_claim_fkey references payments.claim on delete cascade,
    number smallint not null,
    correlation_id text not null constraint claim_submission_correlation_key unique,
    message_sha256 bytea not null,
    status text not null default 'due',
    attempts smallint not null default 0,
    codes text[] not null default '{}',
    due_at timestamptz,
    created_at timestamptz not null,
    answered_at timestamptz,
    constraint claim_submission_number_key unique (claim_id, number),
    constraint claim_submission_correlation check (correlation_id ~ '^urn:uuid:[A-Z0-9]{8}[0-9a-f]{16}$'),
    constraint claim_submission_status check (status in ('due', 'unanswered', 'accepted', 'refused')),
    constraint claim_submission_due check ((status in ('due', 'unanswered')) = (due_at is not null))
);
-- One is under way or was taken.
create unique index claim_submission_once_idx on payments.claim_submission (claim_id)
    where status in ('due', 'unanswered', 'accepted');
create index claim_submission_due_idx on payments.claim_submission (due_at) where due_at is not null;

-- That a report came, and the hash of it. It names the patient, so what it says of the services is kept and the report itself is not:
-- Medicare has it for six months.
create table payments.claim_report (
    claim_report_id uuid constraint claim_report_pkey primary key,
    claim_id uuid not null constraint claim_report_claim_fkey references payments.claim on delete cascade,
    kind text not null,
    status text not null,
    sha256 bytea not null,
    received_at timestamptz not null,
    constraint claim_report_kind check (kind in ('processing', 'payment')),
    constraint claim_report_status check (status in (
        'COMPLETE', 'REPORT_NOT_READY', 'REPORT_NOT_FOUND', 'REPORT_EXPIRED', 'REPORT_NOT_AVAILABLE'
    )),
    constraint claim_report_sha256 check (octet_length(sha256) = 32),
    constraint claim_report_once_key unique (claim_id, kind, sha256)
);

-- Payment runs of Medicare's, to a practice's bank: matched to the ledger to the cent.
create table payments.medicare_payment (
    medicare_payment_id uuid constraint medicare_payment_pkey primary key,
    organization_id uuid not null,
    run_number text not null,
    run_date date not null,
    deposit_cents bigint not null,
    masked_account text,
    matched_cents bigint not null default 0,
    reconciled_at timestamptz,
    created_at timestamptz not null,
    constraint medicare_payment_run_key unique (organization_id, run_number, run_date),
    constraint medicare_payment_matched check (matched_cents between 0 and deposit_cents),
    constraint medicare_payment_reconciled check (reconciled_at is null or matched_cents = deposit_cents)
);

-- What Medicare says of a booking's patient, asked by the practice alone.
create table payments.verification (
    verification_id uuid constraint verification_pkey primary key,
    booking_id uuid not null,
    organization_id uuid not null,
    kind text not null,
    result text not null,
    code text not null,
    verified_by uuid not null,
    verified_at timestamptz not null,
    constraint verification_kind check (kind in ('medicare', 'concession', 'veteran')),
    constraint verification_result check (result in ('verified', 'differs', 'blocked'))
);
create index verification_booking_idx on payments.verification (booking_id, verified_at);
