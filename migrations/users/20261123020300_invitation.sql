-- Letters that ask people to join a practice, to act for somebody, to let somebody act for them, or to take over
-- their own record. The secret goes out by mail; only its hash is kept.
create table users.invitation (
    invitation_id uuid constraint invitation_pkey primary key,
    kind text not null,
    token_hash bytea not null constraint invitation_token_key unique,
    email text not null,
    invited_by uuid not null constraint invitation_account_fkey references users.account,
    organization_id uuid,
    roles text[],
    patient_id uuid constraint invitation_patient_fkey references users.patient,
    scopes text[],
    delegation_expires_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid constraint invitation_acceptor_fkey references users.account,
    constraint invitation_kind check (kind in ('staff', 'carer', 'cared_for', 'own_record')),
    constraint invitation_token_length check (octet_length(token_hash) = 32),
    constraint invitation_whole check (case kind
        when 'staff' then organization_id is not null and roles is not null
        when 'carer' then patient_id is not null and scopes is not null and delegation_expires_at is not null
        when 'cared_for' then scopes is not null and delegation_expires_at is not null
        else patient_id is not null
    end),
    constraint invitation_accepted_whole check ((accepted_at is null) = (accepted_by is null))
);
create index invitation_inviter_idx on users.invitation (invited_by, expires_at) where accepted_at is null;
