-- A person's keys: public in the key directory, private ones wrapped by the account key, which we cannot open. They are made
-- once somebody is signed in, so a sign-up carries none.
create table users.identity (
    account_id uuid constraint identity_pkey primary key
        constraint identity_account_fkey references users.account on delete cascade,
    key_id bytea not null constraint identity_key_id_key unique,
    wrapped bytea not null,
    leaf_index bigint not null constraint identity_leaf_key unique
        constraint identity_leaf_fkey references users.key_leaf,
    created_at timestamptz not null,
    constraint identity_key_id_length check (octet_length(key_id) = 32),
    constraint identity_wrapped_size check (octet_length(wrapped) between 1 and 1024)
);

alter table users.account drop column identity_keys;
alter table users.sign_up drop column identity_keys, drop column wrapped_keys;
