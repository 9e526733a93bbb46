-- A refund that the bank sends back leaves a practice's share with the platform at the processor: it is sent to the practice, and taken
-- again with the next refund as far as the share that was passed on at first does not reach.
alter table payments.processor_call drop constraint processor_call_operation;
alter table payments.processor_call
    add constraint processor_call_operation check (operation in (
        'create_customer', 'open_checkout', 'expire_checkout', 'authorise', 'charge', 'capture', 'cancel', 'refund',
        'reverse_transfer', 'send_share', 'take_sent_share', 'detach_card', 'create_account', 'open_onboarding',
        'submit_evidence', 'hold_payouts', 'release_payouts'
    ));
