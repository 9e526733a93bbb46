-- What the tree vouches for is a salted hash of each entry's details, so that they can be destroyed one day and guessed
-- never. Entries from before get random salts, too. The network is that of the request, its last part left off.
alter table audit_entry
    add column salt bytea not null default uuid_send(gen_random_uuid()),
    add column network text,
    add constraint audit_entry_salt_length check (octet_length(salt) = 16);
-- From now on whoever writes an entry brings sixteen random bytes.
alter table audit_entry alter column salt drop default;
