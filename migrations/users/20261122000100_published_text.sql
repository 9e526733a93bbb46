-- The texts users owns. The kernel's consent_text is the copy every service, this one too, answers from.
create table users.published_text (
    text text not null,
    version integer not null,
    published_at timestamptz not null,
    constraint published_text_pkey primary key (text, version)
);
