//! What somebody reads who wants a visit for which its practice can charge nobody.

use shared_types::Problem;

use crate::domain::Uncharged;

/// A practice that bulk bills every eligible service cannot ask the price of this type of appointment.
pub fn cannot_be_charged(why: Uncharged, name: &str) -> Problem {
    let because = match why {
        Uncharged::Eligible => format!(
            "This practice bulk bills every eligible service. “{name}” is one on that day, so that nobody with a Medicare card can be \
             charged for it."
        ),
        Uncharged::Unanswered => format!(
            "This practice bulk bills every eligible service, and has not said yet whether “{name}” is one."
        ),
    };
    Problem::new("cannot-be-charged", 409, "This visit cannot be charged for").detail(format!(
        "{because} Nothing was booked or changed. Choose another kind of appointment, or call the practice: it settles this under \
         Money, Who pays."
    ))
}
