-- Who acted in which capacity, and whose record it was: people may sign in now, work for a practice, act for somebody
-- else, or help by a stated reason.
alter table audit_entry
    add column session_id uuid,
    add column strength text,
    add column organization_id uuid,
    add column on_behalf_of uuid,
    add column access_grant_id uuid,
    add column whose uuid,
    add constraint audit_entry_strength check (strength in ('password', 'password_and_code', 'passkey')),
    add constraint audit_entry_account_has_session
        check (actor_kind <> 'account' or (actor is not null and session_id is not null and strength is not null));
create index audit_entry_whose_idx on audit_entry (whose, occurred_at) where whose is not null;
create index audit_entry_actor_idx on audit_entry (actor, occurred_at) where actor_kind = 'account';
