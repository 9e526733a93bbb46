-- While a bank has disputed money nothing of it can be given back. What a cancelled appointment leaves owed is kept meanwhile, and
-- done once the bank has decided for the practice.
alter table payments.payment add column after_dispute jsonb;
