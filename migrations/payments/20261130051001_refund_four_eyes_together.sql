-- Two pairs of eyes look at what goes back of one payment, however many refunds it goes back by: what one administrator gives back
-- without a second one is together no more than the limit. The payment's lock lets one refund at a time be counted.
create function payments.require_four_eyes() returns trigger language plpgsql as $$
declare
    alone bigint;
begin
    perform from payments.payment where payment_id = new.payment_id for update;
    select coalesce(sum(amount_cents), 0) into alone
      from payments.refund
     where payment_id = new.payment_id and requested_as = 'platform' and decided_by is null
       and status in ('due', 'sent', 'succeeded');
    if alone > 20000 then
        raise exception 'refunds of payment % need a second administrator: % cents in all', new.payment_id, alone
            using errcode = 'check_violation', constraint = 'refund_four_eyes_together';
    end if;
    return null;
end
$$;
create trigger refund_four_eyes_together after insert on payments.refund
    for each row when (new.requested_as = 'platform' and new.status <> 'awaiting_approval')
    execute function payments.require_four_eyes();
create trigger refund_four_eyes_stay_together after update of status on payments.refund
    for each row when (new.requested_as = 'platform' and new.status = 'due' and old.status <> 'due')
    execute function payments.require_four_eyes();
