-- Whoever has booked a time that was held for them is not told any more that it waits: which one it is, its start says.
alter table notifications.offered add column starts_at timestamptz;
