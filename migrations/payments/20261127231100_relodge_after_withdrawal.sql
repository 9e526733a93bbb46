-- What Medicare did not pay is claimed again by one claim at a time: where that claim is taken back, another may take its place.
alter table payments.claim drop constraint claim_relodges_key;
create unique index claim_relodges_once_idx on payments.claim (relodges) where status <> 'withdrawn';
