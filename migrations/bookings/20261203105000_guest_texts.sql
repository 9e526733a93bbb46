-- A guest can agree to a text message where a letter does not arrive. It ends once the booking is somebody's with an account, whose own
-- details say then how they are written to.
alter table bookings.appointment_party add column wants_texts boolean not null default false;
