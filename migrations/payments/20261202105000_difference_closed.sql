-- A difference that waits for somebody is closed by an administrator, who says what was done by hand. What no code ever wrote as done
-- is no name any more.
alter table payments.difference
    add column closed_at timestamptz,
    add column closed_by uuid,
    add column note text,
    drop constraint difference_action,
    add constraint difference_action check (action in ('flagged', 'applied', 'settled')),
    add constraint difference_closed check (
        (action = 'settled') = (closed_at is not null)
        and (closed_at is null) = (closed_by is null)
        and (closed_at is null) = (note is null)
    ),
    add constraint difference_note check (char_length(note) between 1 and 1000);
