-- A time can be booked until its notice begins: without that moment a search would go on showing it until it starts.
alter table providers.practitioner_role add column next_free_until timestamptz[] not null default '{}';
update providers.practitioner_role set next_free_until = next_free where next_free <> '{}';
alter table providers.practitioner_role add constraint practitioner_role_next_free_until
    check (cardinality(next_free_until) = cardinality(next_free));
