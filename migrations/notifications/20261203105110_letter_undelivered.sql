-- An account is told while it looks that a letter to it could not be delivered, where no text message can tell what it said.
alter table notifications.notice drop constraint notice_kind;
alter table notifications.notice add constraint notice_kind check (
    kind in (
        'requested', 'confirmed', 'moved', 'cancelled', 'time_proposed', 'time_offered', 'reminder', 'running_late', 'on_time',
        'time_refused', 'time_unanswered', 'letter_undelivered'
    )
);
