-- The balance after each of a practice's transactions needs all that came before it. What its balance changed by on each day is kept
-- beside the entries, so that a page of them costs its days and its own rows, and not the whole ledger.
create table payments.balance_day (
    ledger_account_id uuid not null constraint balance_day_account_fkey references payments.account,
    -- By when it happened, in UTC.
    day date not null,
    net_cents bigint not null,
    constraint balance_day_pkey primary key (ledger_account_id, day)
);
revoke delete on payments.balance_day from payments_app;

insert into payments.balance_day (ledger_account_id, day, net_cents)
select entry.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date, sum(entry.amount_cents)
from payments.entry join payments.posting using (posting_id) join payments.account using (ledger_account_id)
where account.kind = 'practice_balance'
group by entry.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date;

create function payments.add_to_day() returns trigger language plpgsql as $$
begin
    insert into payments.balance_day as kept (ledger_account_id, day, net_cents)
    select new.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date, new.amount_cents
      from payments.posting join payments.account on account.ledger_account_id = new.ledger_account_id
     where posting.posting_id = new.posting_id and account.kind = 'practice_balance'
        on conflict on constraint balance_day_pkey do update set net_cents = kept.net_cents + excluded.net_cents;
    return null;
end
$$;
-- At commit, so that payments of one practice wait for each other no longer than that.
create constraint trigger entry_adds_to_day after insert on payments.entry
    deferrable initially deferred for each row execute function payments.add_to_day();
