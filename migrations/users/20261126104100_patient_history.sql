-- What a patient's details said before they were changed (APP 13, C-16). The database keeps it, whoever changes the row. The
-- audit role reads it; the service cannot, and deletes what is erased or over.
create table users.patient_history (
    patient_id uuid not null,
    version integer not null,
    name text not null,
    preferred_name text,
    pronouns text,
    date_of_birth date not null,
    language text not null,
    access_needs text[] not null,
    contact_by text[] not null,
    mobile text,
    replaced_at timestamptz not null,
    constraint patient_history_pkey primary key (patient_id, version)
);
create index patient_history_replaced_idx on users.patient_history (replaced_at);

create function users.keep_patient_version() returns trigger
    language plpgsql security definer set search_path = users as $$
begin
    insert into users.patient_history (
        patient_id, version, name, preferred_name, pronouns, date_of_birth, language, access_needs, contact_by, mobile,
        replaced_at
    ) values (
        old.patient_id, old.version, old.name, old.preferred_name, old.pronouns, old.date_of_birth, old.language,
        old.access_needs, old.contact_by, old.mobile, new.updated_at
    );
    return null;
end
$$;
revoke all on function users.keep_patient_version() from public;
create trigger patient_keeps_versions after update on users.patient for each row
    when (old.version is distinct from new.version) execute function users.keep_patient_version();

revoke all on users.patient_history from users_app;
grant delete on users.patient_history to users_app;
grant select (patient_id, version, replaced_at) on users.patient_history to users_app;
grant select on users.patient_history to users_audit;
