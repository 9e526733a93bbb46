-- When a bulk-billed visit was entered in error: what Medicare has for it stays there until somebody asks to have it back, so staff are
-- told. Nobody wrote it down for visits before.
alter table payments.claimant add column entered_in_error_at timestamptz;
