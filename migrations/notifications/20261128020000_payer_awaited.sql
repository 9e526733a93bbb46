-- Money may come when the time that it was for is no longer kept. Whoever paid it is told that it goes back, so who pays is known from
-- the moment a payment is waited for: since then, and null once the booking is made.
alter table notifications.payer add column awaited_at timestamptz;
create index payer_awaited_idx on notifications.payer (awaited_at) where awaited_at is not null;
