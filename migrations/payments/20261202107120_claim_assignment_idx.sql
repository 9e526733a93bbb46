-- The claims that rest on an assignment: asked when it ends, and before it is destroyed.
create index claim_assignment_idx on payments.claim (assignment_id) where assignment_id is not null;
