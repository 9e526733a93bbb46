-- Who receives care, apart from who signs in: a child has no account, and somebody who only works here is no patient.
create table users.patient (
    patient_id uuid constraint patient_pkey primary key,
    -- Their own account; none for somebody who is only looked after.
    account_id uuid constraint patient_account_key unique constraint patient_account_fkey references users.account,
    name text not null,
    preferred_name text,
    pronouns text,
    date_of_birth date not null,
    language text not null,
    access_needs text[] not null,
    contact_by text[] not null,
    mobile text,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint patient_access_needs check (access_needs <@ array[
        'interpreter', 'step_free', 'hearing', 'vision', 'quiet_space', 'more_time', 'support_person', 'assistance_animal'
    ]),
    constraint patient_contact_by check (contact_by <@ array['email', 'sms'])
);

-- Leave to act for a patient: a parent's by their statement, anybody else's by the patient's consent. Ended ones stay,
-- so that both sides can see what was allowed and when.
create table users.delegation (
    delegation_id uuid constraint delegation_pkey primary key,
    patient_id uuid not null constraint delegation_patient_fkey references users.patient,
    account_id uuid not null constraint delegation_account_fkey references users.account,
    basis text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_why text,
    constraint delegation_basis check (basis in ('parent', 'consent')),
    constraint delegation_scopes check (
        cardinality(scopes) > 0 and scopes <@ array['appointments', 'intake', 'payments', 'details']
    ),
    -- A parent's ends when the child turns 18, anybody else's within two years.
    constraint delegation_lasts_two_years
        check (basis = 'parent' or expires_at <= created_at + interval '731 days'),
    constraint delegation_ended_why check (ended_why in ('by_patient', 'by_carer', 'expired')),
    constraint delegation_end_whole check ((ended_at is null) = (ended_why is null))
);
create unique index delegation_standing_idx on users.delegation (patient_id, account_id) where ended_at is null;
create index delegation_account_idx on users.delegation (account_id);
create index delegation_due_idx on users.delegation (expires_at) where ended_at is null;
