-- Somebody may give money back at the processor itself. That it was asked for there, and by none of us, is kept with the refund.
alter table payments.refund
    drop constraint refund_requested_as,
    drop constraint refund_requested_by;

update payments.refund set requested_as = 'processor' where requested_as = 'rule' and cause_id = refund_id;

alter table payments.refund
    add constraint refund_requested_as check (requested_as in ('rule', 'practice', 'platform', 'processor')),
    add constraint refund_requested_by check (
        case
            when requested_as = 'rule' or requested_as = 'processor' then requested_by is null
            else requested_by is not null
        end
    );
