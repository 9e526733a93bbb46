-- Who is signed in where. A session is one family of refresh tokens: one that is used twice ends them all.
create table users.session (
    session_id uuid constraint session_pkey primary key,
    account_id uuid not null constraint session_account_fkey references users.account on delete cascade,
    strength text not null,
    device text not null,
    network text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    revoked_at timestamptz,
    constraint session_strength check (strength in ('password', 'password_and_code', 'passkey'))
);
create index session_account_idx on users.session (account_id) where revoked_at is null;
create index session_last_seen_idx on users.session (last_seen_at);

create table users.refresh_token (
    token_hash bytea constraint refresh_token_pkey primary key,
    session_id uuid not null constraint refresh_token_session_fkey references users.session on delete cascade,
    issued_at timestamptz not null,
    replaced_at timestamptz,
    expires_at timestamptz not null
);
create index refresh_token_session_idx on users.refresh_token (session_id);
create index refresh_token_expires_idx on users.refresh_token (expires_at);

-- The password was right and a code is asked for; the cookie that proves it is stored as its hash.
create table users.sign_in_step (
    token_hash bytea constraint sign_in_step_pkey primary key,
    account_id uuid not null constraint sign_in_step_account_fkey references users.account on delete cascade,
    expires_at timestamptz not null
);
create index sign_in_step_expires_idx on users.sign_in_step (expires_at);

-- Wrong answers for one e-mail address, whether or not anybody has an account with it. The address is kept as a keyed
-- hash, so the table says nothing of who tried.
create table users.sign_in_attempt (
    subject bytea constraint sign_in_attempt_pkey primary key,
    failures integer not null,
    last_failed_at timestamptz not null
);
create index sign_in_attempt_last_failed_idx on users.sign_in_attempt (last_failed_at);
