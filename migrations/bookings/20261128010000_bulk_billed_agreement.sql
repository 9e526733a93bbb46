-- Health Insurance Act 1973 s 20A (C-52): an appointment may be bulk billed after it was booked at a price. What was agreed then for
-- cancelling late must not be charged any more either, whatever is read of it.
alter table bookings.appointment
    add constraint appointment_bulk_billed_agrees_to_nothing check (
        not bulk_billed
        or (
            (appointment_type ->> 'price_cents')::bigint = 0 and (appointment_type ->> 'bulk_billed')::boolean
            and (policy ->> 'late_fee_cents')::bigint = 0
        )
    );
