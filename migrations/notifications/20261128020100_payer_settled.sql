-- That a fee could not be charged is not told once the fee is paid or not owed any more, in whichever order that is heard.
alter table notifications.payer add column settled boolean not null default false;
