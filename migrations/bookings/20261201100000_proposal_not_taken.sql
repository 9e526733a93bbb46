-- Whoever proposed a time is told that its patient keeps the one that they have. Who that was is forgotten once the proposal has
-- ended, or they work there no more.
alter table bookings.proposal add column proposed_by uuid;
-- That its time was up is written down, so that it is told once.
alter table bookings.proposal drop constraint proposal_status;
alter table bookings.proposal
    add constraint proposal_status check (status in ('open', 'agreed', 'refused', 'withdrawn', 'lapsed'));
create index proposal_due_idx on bookings.proposal (expires_at) where status = 'open';
create index proposal_proposed_by_idx on bookings.proposal (proposed_by) where proposed_by is not null;
