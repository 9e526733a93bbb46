-- That no Medicare item applies to an appointment type, as somebody of its practice said: where everything eligible is bulk billed, a
-- price can be asked for it only then, or where the items that are named are not eligible.
alter table payments.funding
    add column no_item_at timestamptz,
    add column no_item_by uuid,
    add constraint funding_no_item_said check ((no_item_at is null) = (no_item_by is null));
