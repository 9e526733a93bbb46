-- Visits that are booked together at the desk, every week or fortnight, so that some or all of the rest can be cancelled in one
-- act. Each is a booking of its own and stays in its series wherever it moves.
alter table bookings.appointment_party add column series_id uuid;
create index appointment_party_series_idx on bookings.appointment_party (series_id) where series_id is not null;
