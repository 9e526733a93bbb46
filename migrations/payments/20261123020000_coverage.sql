-- Who pays for a patient's care: Medicare, veteran's and concession cards. Government identifiers (APP 9), so the
-- numbers are sealed by the service (XChaCha20-Poly1305, bound to patient and field), and no column of them is a key.
create table payments.coverage (
    patient_id uuid constraint coverage_pkey primary key,
    -- Which of the service's keys sealed this row.
    key_id text not null,
    medicare bytea,
    dva_file_number bytea,
    concession bytea,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- A nonce of 24 bytes, at least one character, and a tag of 16.
    constraint coverage_is_sealed check (
        octet_length(medicare) > 40 and octet_length(dva_file_number) > 40 and octet_length(concession) > 40
    )
);
