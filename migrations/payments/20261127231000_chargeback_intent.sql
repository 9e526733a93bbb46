-- Which try at paying a bank disputes: one that is lost corrects the tax invoice of that try. Of a payment that was taken in one go
-- there is no doubt which it was.
alter table payments.chargeback add column intent_id uuid
    constraint chargeback_intent_fkey references payments.intent on delete cascade;

update payments.chargeback set intent_id = (
    select (array_agg(posting.cause_id))[1]
    from payments.posting join payments.intent on intent.intent_id = posting.cause_id
    where posting.payment_id = chargeback.payment_id and posting.cause = 'capture'
    having count(*) = 1
);
