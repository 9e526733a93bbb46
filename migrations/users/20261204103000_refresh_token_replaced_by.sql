-- Which token took a token's place. As long as that one was never used, the answer that carried it may have been lost on the way, and the
-- one before may be used again. Rows that name none, of before or of a program of before, are judged as they were.
alter table users.refresh_token
    add column replaced_by bytea
        constraint refresh_token_replaced_by_fkey references users.refresh_token on delete set null,
    add constraint refresh_token_replaced_whole check (replaced_by is null or replaced_at is not null);
create unique index refresh_token_replaced_by_idx on users.refresh_token (replaced_by) where replaced_by is not null;
