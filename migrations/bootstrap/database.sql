-- What a database needs before the first migration: extensions out of the way, one schema for each service, and
-- nothing for anybody else. Run once by an administrator in the database itself. Safe to repeat.
revoke all on schema public from public;
create schema if not exists extensions;
grant usage on schema extensions to public;
create extension if not exists postgis schema extensions;
create extension if not exists btree_gist schema extensions;
create extension if not exists pg_trgm schema extensions;

do $$
declare
    service text;
    kind text;
begin
    execute format('revoke all on database %I from public', current_database());
    foreach service in array array['users', 'providers', 'bookings', 'payments', 'notifications'] loop
        execute format('create schema if not exists %I authorization %I', service, service || '_owner');
        execute format('grant usage on schema %I to %I, %I', service, service || '_app', service || '_audit');
        foreach kind in array array['migrate', 'app', 'audit'] loop
            execute format('grant connect on database %I to %I', current_database(), service || '_' || kind);
        end loop;
        execute format(
            'alter default privileges for role %I in schema %I grant select, insert, update, delete on tables to %I',
            service || '_owner', service, service || '_app'
        );
    end loop;
end
$$;
