-- Whoever gave the address of a practitioner's other calendar may be erased: the practitioner is still busy elsewhere, and so the
-- calendar is read on.
alter table bookings.external_calendar alter column account_id drop not null;
