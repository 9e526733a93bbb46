-- What a practice asks before a kind of visit. The questions are public; what somebody answers is sealed in their browser and never
-- comes here.
alter table bookings.appointment_type
    add column questions jsonb not null default '[]',
    add constraint appointment_type_questions check (
        case when jsonb_typeof(questions) = 'array' then jsonb_array_length(questions) <= 20 else false end
    );
