-- Each service that is bulk billed has an incentive of its own, so a claim may name the same one several times. That none of them is
-- claimed twice is kept by claim_service_once_idx, which counts them.
drop index payments.claim_service_incentive_idx;
