-- The audit log as a Merkle tree (RFC 6962), so that nobody can change it unnoticed, not even an administrator. The
-- audit role's sequencer gives every entry its place within a second; nobody else writes here, and nobody alters.

-- Entries without a place yet.
create table audit_pending (
    audit_entry_id uuid constraint audit_pending_pkey primary key
);
insert into audit_pending (audit_entry_id) select audit_entry_id from audit_entry;
create function audit_entry_waits() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    insert into audit_pending (audit_entry_id) values (new.audit_entry_id);
    return null;
end
$$;
create trigger audit_entry_waits after insert on audit_entry for each row execute function audit_entry_waits();

-- The places: dense from 0, never a sequence's, which would leave gaps. An entry may go at the end of its time; its leaf
-- stays, so nothing refers from here to there.
create table audit_leaf (
    leaf_index bigint constraint audit_leaf_pkey primary key,
    audit_entry_id uuid not null constraint audit_leaf_entry_key unique,
    -- The canonical bytes that are hashed: index, time, action, outcome, and the salted hash of the details.
    data bytea not null,
    hash bytea not null,
    -- The latest time up to here, in microseconds since 1970: an entry a minute before it shows a clock moved back.
    latest_us bigint not null,
    constraint audit_leaf_index check (leaf_index >= 0),
    constraint audit_leaf_hash_length check (octet_length(hash) = 32)
);

-- Complete subtrees above the leaves, from which proofs are made without reading the whole log.
create table audit_node (
    level smallint not null,
    node_index bigint not null,
    hash bytea not null,
    constraint audit_node_pkey primary key (level, node_index),
    constraint audit_node_level check (level between 1 and 62),
    constraint audit_node_hash_length check (octet_length(hash) = 32)
);

-- Signed checkpoints as they were also written outside the database.
create table audit_checkpoint (
    size bigint constraint audit_checkpoint_pkey primary key,
    note text not null,
    public_key text not null,
    made_at timestamptz not null
);

create trigger audit_leaf_is_append_only before update or delete or truncate on audit_leaf
    for each statement execute function refuse_change();
create trigger audit_node_is_append_only before update or delete or truncate on audit_node
    for each statement execute function refuse_change();
create trigger audit_checkpoint_is_append_only before update or delete or truncate on audit_checkpoint
    for each statement execute function refuse_change();

-- What a service may tell somebody of its log: entries about a patient or by an account, the newest first.
create function read_audit_trail(patient uuid, account uuid, before bigint, at_most integer)
    returns table (
        leaf_index bigint, data bytea, audit_entry_id uuid, occurred_at timestamptz, actor_kind text, actor text,
        action text, resource_kind text, resource_id text, purpose text, outcome text, request_id text,
        session_id uuid, strength text, organization_id uuid, on_behalf_of uuid, access_grant_id uuid, whose uuid,
        network text, salt bytea
    )
    language sql stable security definer set search_path from current as $$
    select leaf.leaf_index, leaf.data, entry.audit_entry_id, entry.occurred_at, entry.actor_kind, entry.actor,
        entry.action, entry.resource_kind, entry.resource_id, entry.purpose, entry.outcome, entry.request_id,
        entry.session_id, entry.strength, entry.organization_id, entry.on_behalf_of, entry.access_grant_id,
        entry.whose, entry.network, entry.salt
    from audit_entry as entry join audit_leaf as leaf using (audit_entry_id)
    where (entry.whose = patient or (entry.actor_kind = 'account' and entry.actor = account::text))
        and leaf.leaf_index < before
    order by leaf.leaf_index desc
    limit at_most
$$;

-- The hashes that a proof is made from: a leaf's where the level is 0.
create function read_audit_nodes(levels smallint[], indexes bigint[])
    returns table (level smallint, node_index bigint, hash bytea)
    language sql stable security definer set search_path from current as $$
    select node.level, node.node_index, node.hash
    from unnest(levels, indexes) as wanted (level, node_index)
    join audit_node as node on node.level = wanted.level and node.node_index = wanted.node_index
    union all
    select wanted.level, leaf.leaf_index, leaf.hash
    from unnest(levels, indexes) as wanted (level, node_index)
    join audit_leaf as leaf on leaf.leaf_index = wanted.node_index
    where wanted.level = 0
$$;

-- The newest checkpoint; it is meant to be seen by everybody.
create function read_audit_checkpoint() returns table (note text, public_key text)
    language sql stable security definer set search_path from current as $$
    select newest.note, newest.public_key from audit_checkpoint as newest order by newest.size desc limit 1
$$;

do $$
declare
    app text := current_schema() || '_app';
    audit text := current_schema() || '_audit';
begin
    execute format('revoke all on audit_pending, audit_leaf, audit_node, audit_checkpoint from %I', app);
    execute format('grant select, delete on audit_pending to %I', audit);
    execute format('grant select, insert on audit_leaf, audit_node, audit_checkpoint to %I', audit);
    revoke all on function audit_entry_waits() from public;
    revoke all on function read_audit_trail(uuid, uuid, bigint, integer) from public;
    revoke all on function read_audit_nodes(smallint[], bigint[]) from public;
    revoke all on function read_audit_checkpoint() from public;
    execute format('grant execute on function read_audit_trail(uuid, uuid, bigint, integer) to %I', app);
    execute format('grant execute on function read_audit_nodes(smallint[], bigint[]) to %I, %I', app, audit);
    execute format('grant execute on function read_audit_checkpoint() to %I', app);
end
$$;
