-- An account of a practice that the processor does not let us read, and one that is closed and is still owed money, are differences too.
alter table payments.difference
    drop constraint difference_kind,
    add constraint difference_kind check (kind in (
        'missing_here', 'missing_there', 'state', 'amount', 'balance', 'webhook', 'account_unreadable', 'account_closed'
    ));
