-- A rule counts for the practice that set it: should an appointment type pass to another practice, neither reads what the other set.
alter table bookings.funding drop constraint funding_pkey;
alter table bookings.funding add constraint funding_pkey primary key (organization_id, appointment_type_id);
