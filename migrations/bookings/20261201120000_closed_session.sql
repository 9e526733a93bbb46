-- A session that its practice cancelled for everybody takes nobody new, also while somebody who has arrived still has a seat in it.
alter table bookings.group_session add column closed_at timestamptz;
