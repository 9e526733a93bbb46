-- Public keys this service has learned: whose token or quote it may believe.
create table signing_key (
    kid text constraint signing_key_pkey primary key,
    issuer text not null,
    public_key bytea not null,
    learned_at timestamptz not null,
    constraint signing_key_length check (octet_length(public_key) = 32)
);
