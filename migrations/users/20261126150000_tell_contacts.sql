-- How patients want to be reminded was told to nobody until now. It is told once of everybody who is there, so that who wants
-- no reminders gets none.
insert into users.outbox (event_id, name, aggregate, aggregate_id, aggregate_version, occurred_at, body)
select gen_random_uuid(), 'patient_contact_changed', 'patient', patient_id::text, version, now(),
    jsonb_build_object(
        'patient_id', patient_id, 'version', version, 'contact_by', contact_by, 'mobile', mobile, 'language', language
    )
from users.patient;
