-- Somebody who is signed in may want the card of a try again for another booking. The wish comes before the card does.
alter table payments.intent add column keeps_card boolean not null default false;
