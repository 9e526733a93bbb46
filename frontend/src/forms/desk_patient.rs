//! Somebody as the desk writes them down: the form of a booking, of which address and mobile may stay empty.

use jiff::civil::Date;
use shared_types::{bookings::practice::DeskPatient, problem::FieldError};

use super::party::PartyForm;

/// The patient as the API takes them, with where they are visited where that is asked; `today` is the day at the place of care.
///
/// # Errors
/// One entry for each field that is wrong, by the pointers of the form.
pub fn desk_patient(form: &PartyForm, today: Date, asks_where: bool) -> Result<DeskPatient, Vec<FieldError>> {
    let born = form.born.read();
    let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty()).map(Into::into);
    let patient = DeskPatient {
        name: form.name.clone().into(),
        preferred_name: optional(&form.preferred_name),
        // A stand-in while the boxes hold no date, so that the other fields are judged in the same go.
        date_of_birth: born.unwrap_or(today).into(),
        email: optional(&form.email),
        mobile: optional(&form.mobile),
        text_me: form.text_me,
        visit: None,
    };
    let visit = asks_where.then(|| form.visit.read()).transpose();
    let checked = patient.check(today).map_err(own_pointers);
    match (born, checked, visit) {
        (Ok(_), Ok(patient), Ok(visit)) => Ok(DeskPatient { visit, ..patient }),
        (born, checked, visit) => {
            let mut errors = checked.err().unwrap_or_default();
            errors.extend(born.err().map(|message| FieldError::new("/date_of_birth", message)));
            errors.extend(visit.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// Errors by the pointers of the form: the service has the patient one level deeper.
pub fn own_pointers(errors: Vec<FieldError>) -> Vec<FieldError> {
    let own = |error: FieldError| match error.pointer.strip_prefix("/patient") {
        Some(pointer) => FieldError::new(pointer, error.detail.clone()),
        None => error,
    };
    errors.into_iter().map(own).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::desk_patient;
    use crate::forms::{birth_date::BirthDate, party::PartyForm, visit::VisitForm};

    const TODAY: Date = date(2026, 11, 26);

    fn form() -> PartyForm {
        PartyForm {
            name: "Bo Lee".to_owned(),
            born: BirthDate { day: "1".to_owned(), month: "1".to_owned(), year: "1950".to_owned() },
            ..PartyForm::default()
        }
    }

    #[test]
    fn who_walks_in_needs_a_name_and_a_day_of_birth() {
        let patient = desk_patient(&form(), TODAY, false).unwrap();
        assert!(patient.email.is_none() && patient.mobile.is_none());
        let errors = desk_patient(&PartyForm::default(), TODAY, false).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/date_of_birth"]);
    }

    #[test]
    fn nobody_agrees_to_text_messages_without_a_number_for_them() {
        for (mobile, ticked, agreed) in
            [("0491 570 006", true, true), ("0491 570 006", false, false), ("", true, false)]
        {
            let form = PartyForm { mobile: mobile.to_owned(), text_me: ticked, ..form() };
            assert_eq!(desk_patient(&form, TODAY, false).unwrap().text_me, agreed, "{mobile} {ticked}");
        }
    }

    #[test]
    fn a_home_visit_goes_to_an_address() {
        let errors = desk_patient(&form(), TODAY, true).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/visit/street", "/visit/locality"]);
        let visit = VisitForm::default()
            .with_street("1 Example Street".to_owned())
            .with_words("Harris Park NSW 2150".to_owned());
        let there = PartyForm { visit, ..form() };
        let line =
            |asks_where| desk_patient(&there, TODAY, asks_where).unwrap().visit.map(|visit| visit.line());
        assert_eq!(line(true).as_deref(), Some("1 Example Street, Harris Park NSW 2150"));
        assert_eq!(line(false), None);
    }

    #[test]
    fn what_is_filled_in_has_to_be_right() {
        let wrong = PartyForm { email: "bo".to_owned(), mobile: "12".to_owned(), ..form() };
        let errors = desk_patient(&wrong, TODAY, false).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/email", "/mobile"]);
    }
}
