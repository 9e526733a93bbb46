-- Of practices that said before now that they bulk bill everything, bookings was told who pays without whether a type is eligible, so that no
-- price can be asked for there. A job tells it once more, a type at a time.
alter table payments.funding add column to_tell boolean not null default false;
create index funding_to_tell_idx on payments.funding (organization_id, appointment_type_id) where to_tell;
update payments.funding set to_tell = true where exists (
    select from payments.practice_account account
    where account.organization_id = funding.organization_id and account.bulk_bills_everything);
