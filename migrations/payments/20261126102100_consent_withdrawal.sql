-- What a patient no longer agrees to, as users told it. Receipts stay and say what was agreed to when; this says until when.
create table payments.consent_withdrawal (
    patient_id uuid not null,
    text text not null,
    withdrawn_at timestamptz not null,
    constraint consent_withdrawal_pkey primary key (patient_id, text)
);
