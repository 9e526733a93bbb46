-- Who proposed a time for a practice is told that the patient refused it, or did not answer.
alter table notifications.notice drop constraint notice_kind;
alter table notifications.notice add constraint notice_kind check (
    kind in (
        'requested', 'confirmed', 'moved', 'cancelled', 'time_proposed', 'time_offered', 'reminder', 'running_late', 'on_time',
        'time_refused', 'time_unanswered'
    )
);
