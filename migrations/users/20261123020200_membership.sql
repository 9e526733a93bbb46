-- Practices as providers told them, and who works there. The name is for letters; a practice not told yet has none.
create table users.organization (
    organization_id uuid constraint organization_pkey primary key,
    name text not null,
    -- When providers told it: older news are ignored.
    told_at timestamptz not null
);

create table users.membership (
    organization_id uuid not null,
    account_id uuid not null constraint membership_account_fkey references users.account,
    -- Where the invitation went, by which colleagues know them.
    email text not null,
    roles text[] not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint membership_pkey primary key (organization_id, account_id),
    constraint membership_roles check (
        cardinality(roles) > 0 and roles <@ array['practitioner', 'reception', 'billing', 'manager', 'owner']
    )
);
create index membership_account_idx on users.membership (account_id);

create table users.platform_staff (
    account_id uuid constraint platform_staff_pkey primary key
        constraint platform_staff_account_fkey references users.account,
    roles text[] not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint platform_staff_roles
        check (cardinality(roles) > 0 and roles <@ array['support', 'moderator', 'administrator'])
);
