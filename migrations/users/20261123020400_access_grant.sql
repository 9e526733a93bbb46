-- Reasons by which platform staff see one person's data for at most four hours. The person reads them.
create table users.access_grant (
    access_grant_id uuid constraint access_grant_pkey primary key,
    account_id uuid not null constraint access_grant_account_fkey references users.account,
    patient_id uuid not null constraint access_grant_patient_fkey references users.patient,
    category text not null,
    reason text not null,
    granted_at timestamptz not null,
    expires_at timestamptz not null,
    constraint access_grant_category check (category in ('person_asked', 'fault', 'safety', 'legal_duty')),
    constraint access_grant_reason check (char_length(reason) >= 20),
    constraint access_grant_lasts_four_hours
        check (expires_at > granted_at and expires_at <= granted_at + interval '4 hours')
);
create index access_grant_patient_idx on users.access_grant (patient_id, granted_at);

-- What somebody no longer agrees to. Receipts stay: they say what was agreed to when.
create table users.consent_withdrawal (
    patient_id uuid not null constraint consent_withdrawal_patient_fkey references users.patient,
    text text not null,
    withdrawn_at timestamptz not null,
    constraint consent_withdrawal_pkey primary key (patient_id, text)
);
