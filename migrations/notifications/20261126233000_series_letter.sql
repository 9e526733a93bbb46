-- A series is told of in one letter. What it was written from stays beside it until it is sent, so that it is written anew where a
-- visit is cancelled or moved before that, and never names one that is off.
alter table notifications.message add column series_id uuid;
alter table notifications.message add column series_visits text;
create index message_series_idx on notifications.message (series_id) where series_id is not null;
alter table notifications.message
    add constraint message_series_is_named check (series_visits is null or series_id is not null);
alter table notifications.message drop constraint message_sent_is_forgotten;
alter table notifications.message add constraint message_sent_is_forgotten check (
    status not in ('sent', 'dropped')
    or num_nonnulls(recipient, subject, body_text, body_html, calendar, unsubscribe_url, series_visits) = 0
);
