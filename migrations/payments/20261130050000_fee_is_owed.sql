-- A fee for cancelling late or not coming is charged while it is owed, and never more of it: what was waived, and what is bulk billed,
-- is asked of no card, whoever asks. What is on its way when a fee is waived is looked at again before the processor is asked.
create function payments.refuse_fee_not_owed() returns trigger language plpgsql as $$
begin
    perform from payments.payment
      where payment_id = new.payment_id and fee_kind = new.purpose and fee_owed_cents >= new.amount_cents
      for share;
    if not found then
        raise exception 'no such fee is owed'
            using errcode = 'check_violation', constraint = 'intent_fee_is_owed';
    end if;
    return new;
end
$$;
create trigger intent_fee_is_owed before insert on payments.intent
    for each row when (new.purpose in ('late_fee', 'no_show_fee'))
    execute function payments.refuse_fee_not_owed();
