-- A time can be held and paid for, and then never booked. What is held or was taken for it goes back: this says of a payment when its
-- booking was found to be known, and those without it are looked at until it is, or nothing is left to give back.
alter table payments.payment add column booked_at timestamptz;
create index payment_unbooked_idx on payments.payment (created_at)
    where booked_at is null
        and status in ('awaiting', 'card_saved', 'authorised', 'captured', 'part_refunded', 'failed', 'auth_expired', 'won');
