-- What proves more than a password: passkeys, codes from an authenticator app, and codes for when that is lost.
create table users.passkey (
    passkey_id uuid constraint passkey_pkey primary key,
    account_id uuid not null constraint passkey_account_fkey references users.account on delete cascade,
    credential_id bytea not null constraint passkey_credential_id_key unique,
    credential jsonb not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkey_account_idx on users.passkey (account_id);

create table users.totp_credential (
    account_id uuid constraint totp_credential_pkey primary key
        constraint totp_credential_account_fkey references users.account on delete cascade,
    sealed_secret bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_used_step bigint
);

create table users.recovery_code (
    account_id uuid not null constraint recovery_code_account_fkey references users.account on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    constraint recovery_code_pkey primary key (account_id, code_hash)
);

-- The account key, wrapped by what only its owner has. We store it and cannot open it.
create table users.wrapped_key (
    wrapped_key_id uuid constraint wrapped_key_pkey primary key,
    account_id uuid not null constraint wrapped_key_account_fkey references users.account on delete cascade,
    kind text not null,
    passkey_id uuid constraint wrapped_key_passkey_fkey references users.passkey on delete cascade,
    blob bytea not null,
    created_at timestamptz not null,
    constraint wrapped_key_one_key unique nulls not distinct (account_id, kind, passkey_id),
    constraint wrapped_key_kind check (kind in ('password', 'passkey', 'recovery')),
    constraint wrapped_key_passkey check ((kind = 'passkey') = (passkey_id is not null)),
    constraint wrapped_key_size check (octet_length(blob) between 1 and 1024)
);

-- What a browser was asked and has not answered yet. Answered once, within minutes.
create table users.webauthn_ceremony (
    ceremony_id uuid constraint webauthn_ceremony_pkey primary key,
    account_id uuid constraint webauthn_ceremony_account_fkey references users.account on delete cascade,
    state jsonb not null,
    expires_at timestamptz not null
);
create index webauthn_ceremony_expires_idx on users.webauthn_ceremony (expires_at);
