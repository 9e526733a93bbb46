-- A guest who agreed to it gets a text message where a letter does not arrive. Their number, and the address that the letters go to,
-- by which an erasure finds it, are kept until ninety days after the visit, as who pays is; letters about money come as late.
create table notifications.guest_number (
    booking_id uuid constraint guest_number_pkey primary key,
    email text not null,
    mobile text not null,
    starts_at timestamptz not null,
    time_zone text not null
);
create index guest_number_mobile_idx on notifications.guest_number (mobile);
create index guest_number_email_idx on notifications.guest_number (lower(email));
create index guest_number_starts_at_idx on notifications.guest_number (starts_at);
