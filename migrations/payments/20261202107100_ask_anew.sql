-- Patients of visits to come who agreed to a provider number that is the practitioner's no more, or in a practice's own words, which cover no
-- item, are asked anew by a job, a visit at a time. It begins before every id, once for each role that is there already.
alter table payments.role_setup add column ask_anew_after uuid default '00000000-0000-0000-0000-000000000000';
create index role_setup_ask_anew_idx on payments.role_setup (updated_at) where ask_anew_after is not null;
