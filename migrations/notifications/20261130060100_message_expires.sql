-- Until when a message is of use, where what it carries ends: a code, a link or a proposed time is not told of once it is over.
alter table notifications.message add column expires_at timestamptz;
create index message_expires_idx on notifications.message (expires_at) where status = 'queued';
