-- Hours can be for visits by video or phone alone. A type is for patients, so its list stays.
alter table bookings.availability_rule
    drop constraint availability_rule_audience,
    add constraint availability_rule_audience
        check (audience in ('all', 'new', 'existing', 'home_visit', 'telehealth'));
alter table bookings.availability_exception
    drop constraint availability_exception_audience,
    add constraint availability_exception_audience
        check (audience in ('all', 'new', 'existing', 'home_visit', 'telehealth'));
