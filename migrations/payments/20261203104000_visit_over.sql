-- When bookings said that a paid visit is over; none where it has said since that it is not. Of earlier visits nobody can say whether that
-- was taken back, so that nothing is written for them.
alter table payments.billed_visit add column over_at timestamptz;
