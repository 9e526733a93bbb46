-- The visits of a role that may still take place are gone through in order.
create index claimant_role_idx on payments.claimant (organization_id, practitioner_role_id, booking_id)
    where completed_at is null and no_visit is null;
