-- Suspected data breaches (C-17): the law gives thirty days from the suspicion to find out (Privacy Act 1988 s 26WH).
-- No personal data: whom a breach affects is asked of the audit logs.
create table users.breach_incident (
    breach_incident_id uuid constraint breach_incident_pkey primary key,
    suspected_at timestamptz not null,
    assess_by date not null,
    summary text not null,
    status text not null,
    opened_at timestamptz not null,
    constraint breach_incident_status check (status in ('assessing', 'notifiable', 'not_notifiable', 'notified')),
    constraint breach_incident_opened_later check (opened_at >= suspected_at)
);

-- What was decided and why, one row each; the last one's status is the incident's.
create table users.breach_decision (
    breach_decision_id uuid constraint breach_decision_pkey primary key,
    breach_incident_id uuid not null constraint breach_decision_incident_fkey references users.breach_incident,
    status text not null,
    reason text not null,
    decided_at timestamptz not null,
    constraint breach_decision_status check (status in ('notifiable', 'not_notifiable', 'notified'))
);
create index breach_decision_incident_idx on users.breach_decision (breach_incident_id, decided_at);
revoke update, delete on users.breach_decision from users_app;
