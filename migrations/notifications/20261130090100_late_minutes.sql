-- How many minutes late a text message says that it is: whoever stops texts before it is sent is told the same by mail.
alter table notifications.message add column late_minutes smallint;
