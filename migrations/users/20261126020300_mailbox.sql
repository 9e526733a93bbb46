-- A practice's mailbox: one key for each epoch, and to whom of its staff an owner sealed it. We hold no key that opens
-- anything here.
create table users.mailbox_epoch (
    organization_id uuid not null,
    epoch integer not null,
    -- The mailbox key's name.
    key_id bytea not null,
    leaf_index bigint not null constraint mailbox_epoch_leaf_key unique
        constraint mailbox_epoch_leaf_fkey references users.key_leaf,
    begun_at timestamptz not null,
    constraint mailbox_epoch_pkey primary key (organization_id, epoch),
    constraint mailbox_epoch_number check (epoch >= 1),
    constraint mailbox_epoch_key_id_length check (octet_length(key_id) = 32)
);

create table users.mailbox_grant (
    organization_id uuid not null,
    epoch integer not null,
    -- The name of the holder's keys: who makes new keys holds nothing until an owner gives it again.
    key_id bytea not null,
    -- The member; none for the recovery key.
    account_id uuid constraint mailbox_grant_account_fkey references users.account on delete cascade,
    sealed bytea not null,
    given_at timestamptz not null,
    constraint mailbox_grant_pkey primary key (organization_id, epoch, key_id),
    constraint mailbox_grant_epoch_fkey foreign key (organization_id, epoch) references users.mailbox_epoch,
    constraint mailbox_grant_key_id_length check (octet_length(key_id) = 32)
);
create unique index mailbox_grant_recovery_idx on users.mailbox_grant (organization_id, epoch) where account_id is null;
create index mailbox_grant_account_idx on users.mailbox_grant (account_id) where account_id is not null;

-- An owner's word that these keys are of somebody who works there, by which patients know who wrote. It outlives the
-- account: what was written stays written.
create table users.staff_certificate (
    organization_id uuid not null,
    epoch integer not null,
    key_id bytea not null,
    account_id uuid not null,
    certificate bytea not null,
    issued_at timestamptz not null,
    constraint staff_certificate_pkey primary key (organization_id, epoch, key_id),
    constraint staff_certificate_epoch_fkey foreign key (organization_id, epoch) references users.mailbox_epoch,
    constraint staff_certificate_key_id_length check (octet_length(key_id) = 32)
);
