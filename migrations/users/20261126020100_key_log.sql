-- The key directory: leaves that say whose public keys are which, each signed by its subject, as a Merkle log (RFC 6962) of
-- its own. So nobody can be shown other keys than everybody else unnoticed, not even by us. The service appends in the
-- transaction of the act and signs at once. Rows are added and never altered.
create table users.key_leaf (
    -- Dense from 0, never a sequence's, which would leave gaps.
    leaf_index bigint constraint key_leaf_pkey primary key,
    subject_kind text not null,
    subject_id uuid not null,
    -- As its subject signed it; these bytes are hashed.
    data bytea not null,
    hash bytea not null,
    added_at timestamptz not null,
    constraint key_leaf_index check (leaf_index >= 0),
    constraint key_leaf_subject_kind check (subject_kind in ('account', 'practice')),
    constraint key_leaf_hash_length check (octet_length(hash) = 32)
);
create index key_leaf_subject_idx on users.key_leaf (subject_id, leaf_index);

-- Complete subtrees above the leaves, from which proofs are made without reading the whole log.
create table users.key_node (
    level smallint not null,
    node_index bigint not null,
    hash bytea not null,
    constraint key_node_pkey primary key (level, node_index),
    constraint key_node_level check (level between 1 and 62),
    constraint key_node_hash_length check (octet_length(hash) = 32)
);

create table users.key_checkpoint (
    size bigint constraint key_checkpoint_pkey primary key,
    note text not null,
    public_key text not null,
    made_at timestamptz not null,
    constraint key_checkpoint_size check (size >= 1)
);

create trigger key_leaf_is_append_only before update or delete or truncate on users.key_leaf
    for each statement execute function users.refuse_change();
create trigger key_node_is_append_only before update or delete or truncate on users.key_node
    for each statement execute function users.refuse_change();
create trigger key_checkpoint_is_append_only before update or delete or truncate on users.key_checkpoint
    for each statement execute function users.refuse_change();
revoke update, delete on users.key_leaf, users.key_node, users.key_checkpoint from users_app;
