-- A role that is written while its practice is being suspended would stay listed: neither sees the other before both are committed. Who has
-- a role come to a practice waits for whoever suspends that, and the other way round. A role that stays where it is locks no practice: the
-- suspension changes it itself, and would wait for it while its writer waited for the practice.
create or replace function providers.keep_role_suspended() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.organization_id is distinct from old.organization_id then
        perform from providers.organization where organization_id = new.organization_id for share;
    end if;
    new.suspended := exists (
        select from providers.listing_suspension suspension
        where suspension.lifted_at is null and (
            suspension.practitioner_role_id = new.practitioner_role_id
            or suspension.organization_id = new.organization_id
        )
    );
    return new;
end
$$;
