//! When and what a new appointment is, as far as chosen.

use jiff::civil::Date;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{
        practice::{PracticeRole, PracticeRoles},
        series::CheckSeries,
    },
    problem::FieldError,
};

use super::Draft;
use crate::forms::{
    series::RepeatForm,
    when::{WhenForm, wall_time},
};

/// When and what, as far as chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct What {
    pub(super) role_id: PractitionerRoleId,
    pub(super) type_id: Option<AppointmentTypeId>,
    pub(super) when: WhenForm,
    /// Whether the length follows the type.
    pub(super) usual_length: bool,
    pub(super) fit_in: bool,
    pub(super) repeat: RepeatForm,
    /// Whether the patient is there and checked in with it.
    pub(super) walk_in: bool,
}

impl What {
    pub(super) fn of(draft: &Draft, roles: &PracticeRoles) -> Self {
        let first = role_of(roles, draft.role_id).and_then(|role| role.appointment_types.first());
        let usual = first.map(|one| i32::from(one.duration_minutes));
        Self {
            role_id: draft.role_id,
            type_id: first.map(|one| one.appointment_type_id),
            when: WhenForm::of(draft.date, draft.minute, draft.minutes.or(usual)),
            usual_length: draft.minutes.is_none(),
            fit_in: draft.walk_in,
            repeat: RepeatForm::default(),
            walk_in: draft.walk_in,
        }
    }

    /// The series that it is the first visit of, where it is one.
    pub(super) fn series(&self, date: Date) -> Result<Option<CheckSeries>, FieldError> {
        let (Some(appointment_type_id), Some(time)) = (self.type_id, wall_time(&self.when.time)) else {
            return Ok(None);
        };
        let series = self.repeat.read()?.map(|(every, visits)| CheckSeries {
            practitioner_role_id: self.role_id,
            appointment_type_id,
            date,
            time,
            every,
            visits,
        });
        Ok(series)
    }

    /// With somebody else, whose types are others.
    pub(super) fn with_role(&self, role_id: PractitionerRoleId, roles: &PracticeRoles) -> Self {
        let new = Self { role_id, type_id: None, ..self.clone() };
        let first = role_of(roles, role_id).and_then(|role| role.appointment_types.first());
        match first {
            Some(first) => new.with_type(first.appointment_type_id, roles),
            None => new,
        }
    }

    pub(super) fn with_type(&self, type_id: AppointmentTypeId, roles: &PracticeRoles) -> Self {
        let types = role_of(roles, self.role_id).map(|role| &role.appointment_types[..]).unwrap_or_default();
        let of = types.iter().find(|one| one.appointment_type_id == type_id).filter(|_| self.usual_length);
        let minutes = of.map_or_else(|| self.when.minutes.clone(), |of| of.duration_minutes.to_string());
        let when = WhenForm { minutes, ..self.when.clone() };
        Self { type_id: Some(type_id), when, ..self.clone() }
    }

    /// Whether the chosen type is a home visit.
    pub(super) fn is_home_visit(&self, roles: &PracticeRoles) -> bool {
        let types = role_of(roles, self.role_id).map(|role| &role.appointment_types[..]).unwrap_or_default();
        types.iter().any(|one| Some(one.appointment_type_id) == self.type_id && one.home_visit)
    }

    pub(super) fn at(&self, when: WhenForm) -> Self {
        let usual_length = self.usual_length && when.minutes == self.when.minutes;
        Self { when, usual_length, ..self.clone() }
    }
}

/// Who has this id.
pub(super) fn role_of(roles: &PracticeRoles, role_id: PractitionerRoleId) -> Option<&PracticeRole> {
    roles.items.iter().find(|role| role.practitioner_role_id == role_id)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        Zone,
        bookings::practice::{PracticeRole, PracticeRoles},
    };

    use super::{Draft, What};
    use crate::calendar::sample::{appointment, role_id};

    fn roles() -> PracticeRoles {
        let first = appointment(1, "2026-11-24T22:15:00Z", 45).appointment_type;
        let mut second = first.clone();
        second.appointment_type_id = "00000000-0000-7000-8000-000000000052".parse().unwrap();
        second.duration_minutes = 20;
        let role = PracticeRole {
            practitioner_role_id: role_id(),
            name: "Priya Nairwood".to_owned(),
            profession_name: None,
            address: "12 Church Street".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
            schedule_version: Some(1),
            may_edit: true,
            appointment_types: vec![first, second],
        };
        PracticeRoles { items: vec![role], as_of: "2026-11-22T22:00:00Z".parse().unwrap() }
    }

    fn draft(minutes: Option<i32>) -> Draft {
        let date = Some(date(2026, 11, 25));
        Draft { role_id: role_id(), date, minute: Some(555), minutes, walk_in: false }
    }

    #[test]
    fn who_is_there_now_is_fitted_in_from_the_last_five_minutes_on_by_the_clock_of_the_place() {
        let mut roles = roles();
        // 9:34 am in Sydney, where another day has begun, and 6:34 am in Perth.
        let now = "2026-11-24T22:34:59Z".parse().unwrap();
        let walk_in = Draft::walk_in(&roles.items[0], now);
        assert_eq!((walk_in.date, walk_in.minute), (Some(date(2026, 11, 25)), Some(570)));
        let what = What::of(&walk_in, &roles);
        assert!(what.fit_in && what.walk_in && what.usual_length);
        assert!(!What::of(&draft(None), &roles).fit_in);
        roles.items[0].time_zone = "Australia/Perth".parse().unwrap();
        assert_eq!(Draft::walk_in(&roles.items[0], now).minute, Some(390));
    }

    #[test]
    fn a_length_follows_the_type_until_somebody_says_otherwise() {
        let roles = roles();
        let second = roles.items[0].appointment_types[1].appointment_type_id;
        let what = What::of(&draft(None), &roles);
        assert_eq!(what.when.minutes, "45");
        assert_eq!(what.with_type(second, &roles).when.minutes, "20");
        let mut longer = what.when.clone();
        longer.minutes = "60".to_owned();
        assert_eq!(what.at(longer).with_type(second, &roles).when.minutes, "60");
        assert_eq!(What::of(&draft(Some(30)), &roles).with_type(second, &roles).when.minutes, "30");
    }
}
