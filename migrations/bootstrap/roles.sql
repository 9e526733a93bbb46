-- Roles belong to the cluster, so they are made once by an administrator and not by migrations. Safe to repeat.
-- For each service: an owner that nobody can log in as, one role that migrates, one that serves, one that reads and
-- sequences the audit log. Passwords are set by whoever runs this; without one a role cannot log in over TCP.
do $$
declare
    service text;
    kind text;
begin
    foreach service in array array['users', 'providers', 'bookings', 'payments', 'notifications'] loop
        if not exists (select from pg_roles where rolname = service || '_owner') then
            execute format('create role %I nologin', service || '_owner');
        end if;
        foreach kind in array array['migrate', 'app', 'audit'] loop
            if not exists (select from pg_roles where rolname = service || '_' || kind) then
                execute format('create role %I login', service || '_' || kind);
            end if;
            execute format('alter role %I set search_path = %I, extensions', service || '_' || kind, service);
        end loop;
        execute format('grant %I to %I', service || '_owner', service || '_migrate');
        -- What a migration makes belongs to the owner, whoever ran it.
        execute format('alter role %I set role = %L', service || '_migrate', service || '_owner');
    end loop;
    -- A search in the city and one in the desert want different plans. Elsewhere a plan serves whatever the values, and making
    -- one for a role's calendar takes three times as long as reading it.
    alter role providers_app set plan_cache_mode = force_custom_plan;
end
$$;
