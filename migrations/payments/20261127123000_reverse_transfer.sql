-- A lost chargeback is the practice's loss: the processor takes the money from the platform, which takes the practice's share back.
alter table payments.processor_call drop constraint processor_call_operation;
alter table payments.processor_call
    add constraint processor_call_operation check (operation in (
        'create_customer', 'open_checkout', 'expire_checkout', 'authorise', 'charge', 'capture', 'cancel', 'refund',
        'reverse_transfer', 'detach_card', 'create_account', 'open_onboarding', 'submit_evidence', 'hold_payouts',
        'release_payouts'
    ));
