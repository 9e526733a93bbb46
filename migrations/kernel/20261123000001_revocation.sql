-- Tokens that are dead before they end, as users told: every service refuses them by itself, without asking anyone.
create table revocation (
    of_kind text not null,
    of_id uuid not null,
    issued_until timestamptz not null,
    forget_at timestamptz not null,
    constraint revocation_pkey primary key (of_kind, of_id),
    constraint revocation_of_kind check (of_kind in ('session', 'account'))
);
create index revocation_forget_idx on revocation (forget_at);
