-- Records of money go seven years after their last change, and card numbers that nobody has touched for as long (C-43).
create index payment_updated_idx on payments.payment (updated_at);
create index coverage_updated_idx on payments.coverage (updated_at);
create index consent_receipt_agreed_idx on payments.consent_receipt (agreed_at);
