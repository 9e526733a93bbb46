-- A practice that asks for a higher price says why, in its own words: the patient reads it before they agree, and it stays with the
-- record of what was asked. What was asked before this was written down has none.
alter table payments.payment
    add column asked_reason text,
    add constraint payment_asked_reason check (char_length(asked_reason) between 3 and 300);
