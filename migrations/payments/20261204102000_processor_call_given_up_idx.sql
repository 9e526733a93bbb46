-- What the processor was asked in vain waits for an administrator, who finds it among everything that it was ever asked.
create index processor_call_given_up_idx on payments.processor_call (processor_call_id) where status = 'given_up';
