-- A letter about a series may come back once it was sent, when what it was written from is forgotten: whether any of the series' visits is
-- still to come says whether it is told another way.
alter table notifications.appointment add column series_id uuid;
create index appointment_series_idx on notifications.appointment (series_id) where series_id is not null;
