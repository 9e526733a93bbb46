-- That a practice asks for a higher price is not told any more once its patient has agreed to it: the price that was asked for last.
alter table notifications.payer add column asked_cents bigint;
