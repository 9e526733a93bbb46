-- Where a booking's messages go once whoever made it may no longer act for its patient, who has an account of their own: the
-- address that was typed when it was made is not the patient's (C-20).
alter table notifications.booking_owner add column write_to text;
