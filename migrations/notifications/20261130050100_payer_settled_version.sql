-- A deposit leaves nothing to collect, and a fee may be owed later: whether a fee that could not be charged is still told of goes by the
-- version of the payment that left nothing to collect. What is settled by now has nothing on its way.
alter table notifications.payer
    add column settled_version bigint not null default 0,
    drop column settled;
