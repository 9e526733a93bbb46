-- People who can sign in. What unwraps their keys never comes here: the browser derives an auth key for us and another
-- key for itself from one password. A row exists only once its e-mail address is verified.
create table users.account (
    account_id uuid constraint account_pkey primary key,
    email text not null,
    email_lower text not null constraint account_email_lower_key unique,
    email_verified_at timestamptz not null,
    identity_keys bytea,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null default 1,
    closed_at timestamptz,
    constraint account_identity_keys_size check (octet_length(identity_keys) between 1 and 1024)
);

create table users.password_credential (
    account_id uuid constraint password_credential_pkey primary key
        constraint password_credential_account_fkey references users.account on delete cascade,
    kdf_salt bytea not null,
    kdf_memory_kib integer not null,
    kdf_passes integer not null,
    kdf_lanes integer not null,
    auth_hash text not null,
    changed_at timestamptz not null,
    constraint password_credential_floor check (kdf_memory_kib >= 19456 and kdf_passes >= 2 and kdf_lanes >= 1),
    constraint password_credential_salt check (octet_length(kdf_salt) = 16)
);

-- Somebody who signed up and has not followed the link in the mail. Each sign-up keeps its own credentials, so nobody
-- who signs up with another person's address gets at what that person makes later.
create table users.sign_up (
    account_id uuid constraint sign_up_pkey primary key,
    token_hash bytea not null constraint sign_up_token_hash_key unique,
    email text not null,
    kdf_salt bytea not null,
    kdf_memory_kib integer not null,
    kdf_passes integer not null,
    kdf_lanes integer not null,
    auth_hash text not null,
    wrapped_keys jsonb not null,
    identity_keys bytea,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index sign_up_expires_idx on users.sign_up (expires_at);

-- Links in mails to people who have an account.
create table users.email_token (
    token_hash bytea constraint email_token_pkey primary key,
    account_id uuid not null constraint email_token_account_fkey references users.account on delete cascade,
    kind text not null,
    new_email text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint email_token_kind check (kind in ('reset', 'change')),
    constraint email_token_new_email check ((kind = 'change') = (new_email is not null))
);
create index email_token_account_idx on users.email_token (account_id);
create index email_token_expires_idx on users.email_token (expires_at);
