-- Assignments of benefit: kept two years, whatever becomes of the booking, and never altered once agreed to but for where they
-- stand. Who the benefit is for is sealed by the service, as coverage is.
create table payments.claimant (
    booking_id uuid constraint claimant_pkey primary key,
    organization_id uuid not null,
    -- The visit as it stands, so that staff can ask for an assignment later.
    practitioner_role_id uuid not null,
    appointment_type_id uuid,
    professional_name text not null,
    practice_name text not null,
    service_name text not null,
    service_on date not null,
    ends_at timestamptz not null,
    -- Which of the service's keys sealed this row, and what: name, day of birth, mobile's end, Medicare card.
    key_id text not null,
    identity bytea not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint claimant_is_sealed check (octet_length(identity) > 40)
);
create index claimant_key_idx on payments.claimant (key_id);
create index claimant_updated_idx on payments.claimant (updated_at);

create table payments.assignment (
    assignment_id uuid constraint assignment_pkey primary key,
    booking_id uuid,
    patient_id uuid,
    account_id uuid,
    organization_id uuid not null,
    status text not null,
    kind text not null,
    method text not null,
    ground text,
    verbal_reason text,
    relation text not null default 'patient',
    -- The document as shown, and the SHA-256 of its text.
    document jsonb not null,
    document_text text not null,
    document_sha256 bytea not null,
    provider_number text not null,
    service_category text,
    item_numbers text[] not null default '{}',
    service_from date not null,
    service_until date not null,
    token_hash bytea constraint assignment_token_key unique,
    wrong_proofs smallint not null default 0,
    -- When whoever has the letter last gave the three points of identity; they can answer for half an hour.
    proved_at timestamptz,
    -- By what the person was known (C-55): a session, a ticket, the letter and three points, staff; and on what sort of device.
    evidence text,
    device text,
    recorded_by uuid,
    offered_at timestamptz not null,
    answer_by timestamptz,
    assigned_at timestamptz,
    assigned_on date,
    expires_on date,
    withdrawn_at timestamptz,
    superseded_by uuid constraint assignment_superseded_fkey references payments.assignment,
    keep_until date,
    version integer not null default 1,
    updated_at timestamptz not null,
    constraint assignment_status check (status in (
        'offered', 'delivery_failed', 'expired', 'declined', 'assigned', 'withdrawn', 'superseded', 'void', 'relied_on'
    )),
    constraint assignment_kind check (kind in ('pre', 'post', 'enduring')),
    constraint assignment_method check (method in ('electronic', 'paper', 'verbal')),
    constraint assignment_ground check (ground in ('my_medicare', 'aged_care', 'community_service')),
    constraint assignment_verbal_reason check (verbal_reason in ('telehealth', 'unable', 'outage')),
    constraint assignment_relation check (relation in ('patient', 'parent', 'appointed', 'carer')),
    constraint assignment_evidence check (evidence in ('session', 'ticket', 'letter', 'staff')),
    constraint assignment_hash check (document_sha256 = sha256(convert_to(document_text, 'UTF8'))),
    constraint assignment_token_length check (octet_length(token_hash) = 32),
    -- Before the service a sort of service, after it the items.
    constraint assignment_names_services check (
        case kind
            when 'pre' then service_category is not null
            when 'post' then cardinality(item_numbers) between 1 and 14
            else ground is not null and expires_on is not null
        end
    ),
    constraint assignment_booking check ((kind = 'enduring') = (booking_id is null)),
    constraint assignment_days check (service_from <= service_until),
    -- By word of mouth with a reason, from 1 July 2026 to 30 June 2027.
    constraint assignment_verbal check (
        method <> 'verbal' or status in ('offered', 'declined', 'expired', 'void', 'delivery_failed')
        or (verbal_reason is not null and assigned_on between '2026-07-01' and '2027-06-30')
    ),
    constraint assignment_assigned check (
        status not in ('assigned', 'relied_on', 'withdrawn')
        or num_nulls(assigned_at, assigned_on, evidence, keep_until) = 0
    ),
    constraint assignment_withdrawn check ((status = 'withdrawn') = (withdrawn_at is not null)),
    constraint assignment_kept check (keep_until >= (assigned_on + interval '2 years')::date)
);
-- One for a booking is open or good.
create unique index assignment_live_idx on payments.assignment (booking_id)
    where status in ('offered', 'delivery_failed', 'assigned', 'relied_on');
create index assignment_booking_idx on payments.assignment (booking_id);
create index assignment_patient_idx on payments.assignment (patient_id, organization_id) where kind = 'enduring';
create index assignment_organization_idx on payments.assignment (organization_id, status, offered_at);
create index assignment_answer_idx on payments.assignment (answer_by) where status in ('offered', 'delivery_failed');
create index assignment_keep_idx on payments.assignment (keep_until);

-- What was agreed to does not change, and is not destroyed before its time.
create function payments.keep_assignment() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.keep_until >= current_date then
            raise exception 'this assignment is kept until %', old.keep_until
                using errcode = 'check_violation', constraint = 'assignment_is_kept';
        end if;
        return old;
    end if;
    if old.assigned_at is not null and (
        (new.document, new.document_text, new.document_sha256, new.provider_number, new.item_numbers, new.service_category,
         new.service_from, new.service_until, new.assigned_at, new.assigned_on, new.method, new.kind, new.evidence,
         new.relation)
        is distinct from
        (old.document, old.document_text, old.document_sha256, old.provider_number, old.item_numbers, old.service_category,
         old.service_from, old.service_until, old.assigned_at, old.assigned_on, old.method, old.kind, old.evidence,
         old.relation)
    ) then
        raise exception 'what was agreed to does not change'
            using errcode = 'check_violation', constraint = 'assignment_is_settled';
    end if;
    return new;
end
$$;
create trigger assignment_is_settled before update or delete on payments.assignment
    for each row execute function payments.keep_assignment();

create table payments.assignment_transition (
    assignment_id uuid not null
        constraint assignment_transition_assignment_fkey references payments.assignment on delete cascade,
    version integer not null,
    from_status text,
    to_status text not null,
    taken_by text not null,
    taken_at timestamptz not null,
    constraint assignment_transition_pkey primary key (assignment_id, version),
    constraint assignment_transition_taken_by check (taken_by in ('patient', 'practice', 'system'))
);
revoke update on payments.assignment_transition from payments_app;
