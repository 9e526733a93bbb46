-- An account is told that an appointment is likely to begin late, or on time after all.
alter table notifications.notice drop constraint notice_kind;
alter table notifications.notice add constraint notice_kind check (
    kind in (
        'requested', 'confirmed', 'moved', 'cancelled', 'time_proposed', 'time_offered', 'reminder', 'running_late', 'on_time'
    )
);
