-- Texts people agree to, as users spread them, and the receipts of those who did. A receipt is stored in the
-- transaction that stores what was agreed to.
create table consent_text (
    text text not null,
    version integer not null,
    title text not null,
    paragraphs text[] not null,
    statement text not null,
    effective_on date not null,
    constraint consent_text_pkey primary key (text, version)
);
create table consent_receipt (
    consent_receipt_id uuid constraint consent_receipt_pkey primary key,
    text text not null,
    version integer not null,
    subject_kind text not null,
    subject_id text not null,
    agreed_at timestamptz not null,
    constraint consent_receipt_text_fkey foreign key (text, version) references consent_text
);
create index consent_receipt_subject_idx on consent_receipt (subject_kind, subject_id);
