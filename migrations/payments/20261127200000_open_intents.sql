-- The minute's look for tries that nobody has heard of goes by those that are open alone, and whether a card is still needed by the
-- tries that went by it.
create index intent_open_idx on payments.intent (updated_at)
    where status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised');
create index intent_saved_card_idx on payments.intent (saved_card_id) where saved_card_id is not null;
