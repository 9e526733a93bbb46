-- From which day on an appointment type is eligible where its practice bulk bills everything that is, as payments told it. Of what was
-- told before nothing is known: no price can be asked for it there until payments tells it anew.
alter table bookings.funding add column eligibility jsonb not null default '[]';
