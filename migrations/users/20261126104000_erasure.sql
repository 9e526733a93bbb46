-- People who asked to be erased (APP 11.2, C-14), and what each service answered: the register by which a restored backup is
-- put right again. It holds ids of what is no longer there, and no names. Rows are added and never altered.
create table users.erasure (
    erasure_id uuid constraint erasure_pkey primary key,
    account_id uuid not null constraint erasure_account_key unique,
    -- Their own patient, and those whom nobody else could reach.
    patients uuid[] not null,
    asked_at timestamptz not null
);
create table users.erasure_answer (
    erasure_id uuid not null constraint erasure_answer_erasure_fkey references users.erasure,
    service text not null,
    answered_at timestamptz not null,
    erased jsonb not null,
    kept jsonb not null,
    constraint erasure_answer_pkey primary key (erasure_id, service)
);
create trigger erasure_is_append_only before update or delete or truncate on users.erasure
    for each statement execute function users.refuse_change();
create trigger erasure_answer_is_append_only before update or delete or truncate on users.erasure_answer
    for each statement execute function users.refuse_change();
revoke update, delete on users.erasure, users.erasure_answer from users_app;

-- A closed account is an id that other people's records refer to, and nothing else.
alter table users.account add constraint account_closed_is_blank check (closed_at is null or email = '');

-- What says who looked at a record, and what was agreed to, outlives the patient it was about.
alter table users.access_grant drop constraint access_grant_patient_fkey;
alter table users.consent_withdrawal drop constraint consent_withdrawal_patient_fkey;

-- Seven years after (C-43).
create index delegation_ended_idx on users.delegation (ended_at) where ended_at is not null;
create index access_grant_expires_idx on users.access_grant (expires_at);
create index account_closed_idx on users.account (closed_at) where closed_at is not null;
create index consent_receipt_agreed_idx on users.consent_receipt (agreed_at);

-- What is kept of a password is an Argon2id hash, and the database says so.
alter table users.password_credential
    add constraint password_credential_auth_hash check (auth_hash like '$argon2id$%');
alter table users.sign_up add constraint sign_up_auth_hash check (auth_hash like '$argon2id$%');
