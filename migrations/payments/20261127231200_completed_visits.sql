-- When a bulk-billed visit was completed: what is over and on no claim is for staff to claim. Nobody wrote it down for visits before.
alter table payments.claimant add column completed_at timestamptz;
create index claimant_completed_idx on payments.claimant (organization_id, service_on, booking_id)
    where completed_at is not null;
