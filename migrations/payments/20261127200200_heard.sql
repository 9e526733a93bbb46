-- Until when everything is known that another service has told. Money that seems to be for no booking goes back; while bookings' word
-- is late, nobody can say that it is.
create table payments.heard (
    producer text constraint heard_pkey primary key,
    -- When the latest of its events happened, to the minute or so.
    occurred_at timestamptz not null
);
