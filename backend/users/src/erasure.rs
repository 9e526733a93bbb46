//! Erasing somebody (APP 11.2, C-14): the account is closed at once, what no law keeps is deleted, and the other services are
//! told to do the same. Users keeps the register of it.

use jiff::Timestamp;
use kernel::{
    Core, Reject, erasure as shared,
    outbox::{self, About},
};
use shared_types::{
    AccountId, ErasureId, PatientId, Problem, Zone, retention,
    users::{Erased, ErasureRequest, Kept, LeftPractice, UsersEvent},
};
use sqlx::PgConnection;

use crate::{
    domain::email::Email,
    people::end_tokens,
    secrets::Secrets,
    sessions,
    store::{
        account::AccountRow,
        attempt,
        erasure::{self, Left},
        patient,
    },
};

/// What is kept of everybody, before it is known of how many things.
pub fn kept_by_law() -> Vec<Kept> {
    let record = "It is the practice’s record, which has to be kept for seven years after the last visit, and until the age \
                  of 25 for who was under 18 then. Appointments to come still stand: cancel them first if you do not want \
                  them.";
    let notes = "They are part of the practice’s record. Nobody but the practice can open them once your keys are gone.";
    let money = "Records of money are kept for seven years. They name a booking, and nobody.";
    let log = "So that it can be checked later. Entries name ids and not people, and go after seven years.";
    let agreed = "It proves that what was done was agreed to. It names an id, and goes after seven years.";
    let keys = "Nothing can be taken out of the directory, or people could be shown false keys unnoticed. It names an id.";
    vec![
        Kept::new("The record of your appointments, with who came and how to reach them", record, None),
        Kept::new("Sealed notes", notes, None),
        Kept::new("What your appointments cost", money, None),
        Kept::new("Who looked at or changed your record, without what it said", log, None),
        Kept::new("What you agreed to, and when", agreed, None),
        Kept::new("The public halves of your keys, in the key directory", keys, None),
    ]
}

/// Refuses while a practice would be left without an owner.
///
/// # Errors
/// 409 with the practices' names.
pub fn require_no_practice_left_alone(owned: &[LeftPractice]) -> Result<(), Problem> {
    if owned.is_empty() {
        return Ok(());
    }
    Err(Problem::new("last-owner", 409, "A practice needs an owner").detail(format!(
        "Nothing was erased. Nobody else owns {}. Make somebody else an owner there first, then ask again.",
        names(owned)
    )))
}

/// Refuses while patients seal to keys that the account holds: whoever leaves goes with the next keys, as anybody else who is
/// let go.
///
/// # Errors
/// 409 with the practices' names.
pub fn require_no_mailbox_read(read: &[LeftPractice]) -> Result<(), Problem> {
    if read.is_empty() {
        return Ok(());
    }
    Err(Problem::new("epoch-needed", 409, "The practice needs new keys first").detail(format!(
        "Nothing was erased. You can open what patients seal to {}. Ask somebody else who owns it to make new keys for those \
         who stay: you leave in the same step. Then ask again.",
        names(read)
    )))
}

fn names(practices: &[LeftPractice]) -> String {
    let names: Vec<_> =
        practices.iter().map(|practice| practice.name.as_deref().unwrap_or("your practice")).collect();
    names.join(" and ")
}

/// An erasure as it was asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which.
    pub erasure_id: ErasureId,
    /// When.
    pub asked_at: Timestamp,
    /// Patients who go too, since nobody else could reach them. The holder's own is found by itself.
    pub others: Vec<PatientId>,
}

/// Closes an account and erases what was its holder's, in the caller's transaction.
///
/// # Errors
/// When a table cannot be changed.
pub async fn erase(
    conn: &mut PgConnection,
    core: &Core,
    secrets: &Secrets,
    account: &AccountRow,
    ask: Ask,
) -> Result<(), Reject> {
    let (account_id, erasure_id) = (account.account_id, ask.erasure_id);
    let email = Email::parse(&account.email).map_err(|error| Problem::invalid(vec![error]))?;
    let own = patient::find(conn, None, Some(account_id)).await?.map(|own| own.patient.patient_id);
    let request = ErasureRequest {
        erasure_id,
        account_id,
        patient_id: own,
        dependants: ask.others.into_iter().filter(|other| Some(*other) != own).collect(),
        email: account.email.clone(),
    };
    let patients = request.patients();
    end_everything(conn, core, account_id, &patients).await?;
    let left = erasure::left(conn, account_id, &patients).await?;
    let mut erased = erasure::forget_proofs(conn, account_id).await?;
    erased.extend(erasure::forget_people(conn, account_id, email.lower(), &patients, core.now()).await?);
    erased.push(forget_tries(conn, secrets, &email).await?);
    erased.push(shared::forget_replies(conn, account_id).await?);
    erasure::close_account(conn, account_id, core.now()).await?;
    erased.push(Erased::new("account (closed, without its address)", 1));
    erasure::insert(conn, erasure_id, account_id, &patients, ask.asked_at).await?;
    let answer = shared::answer(conn, core, "users", &request, erased, kept(left, core.now())).await?;
    erasure::insert_answer(conn, &answer).await?;
    let about = About { aggregate: "erasure", id: erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &UsersEvent::ErasureRequested(request)).await?;
    Ok(())
}

/// The account's own tokens end, and those of everybody who might act for these patients.
async fn end_everything(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<()> {
    sessions::end_all(conn, core, account_id, None).await?;
    for carer in erasure::carers(conn, patients, account_id).await? {
        end_tokens(conn, core, carer).await?;
    }
    Ok(())
}

/// Wrong passwords and letters are counted under keyed hashes of the address; they tell nobody, and go all the same.
async fn forget_tries(conn: &mut PgConnection, secrets: &Secrets, email: &Email) -> sqlx::Result<Erased> {
    attempt::clear(conn, &secrets.subject(email.lower())).await?;
    attempt::clear(conn, &secrets.letters(email.lower())).await?;
    Ok(Erased::new("sign_in_attempt", 2))
}

fn kept(left: Left, now: Timestamp) -> Vec<Kept> {
    let day = |time: Timestamp| Zone::SYDNEY.date(time);
    let seven_years = |time: Timestamp| Some(retention::seven_years_after(day(time)));
    let mut kept = Vec::new();
    if left.delegations > 0 {
        let why = "So that those you acted for can see what was allowed and when. It names an id.";
        kept.push(Kept::new("That you might act for others; it has ended", why, seven_years(now)));
    }
    if let Some(last) = left.last_grant {
        let why = "So that it can be checked that nobody looked without a reason.";
        kept.push(Kept::new("Reasons by which our staff might see your record", why, seven_years(last)));
    }
    if let Some(last) = left.last_receipt {
        let why = "It proves that what was done was agreed to. It names an id.";
        kept.push(Kept::new("What you agreed to, and when", why, seven_years(last)));
    }
    if left.notes > 0 {
        let why = "They are part of the practices’ records and go with the booking. We cannot open them.";
        kept.push(Kept::new("Sealed notes", why, None));
    }
    if left.leaves > 0 {
        let why = "Nothing can be taken out of the directory, or people could be shown false keys unnoticed.";
        kept.push(Kept::new("The public halves of your keys, in the key directory", why, None));
    }
    kept
}

#[cfg(test)]
mod tests {
    use shared_types::users::LeftPractice;
    use uuid::Uuid;

    use super::{require_no_mailbox_read, require_no_practice_left_alone};

    #[test]
    fn practices_that_stand_in_the_way_are_named() {
        assert!(require_no_practice_left_alone(&[]).is_ok() && require_no_mailbox_read(&[]).is_ok());
        let practices = [Some("Harris Park Allied Health"), None].map(|name| LeftPractice {
            organization_id: Uuid::from_u128(1).into(),
            name: name.map(str::to_owned),
        });
        for (refused, kind) in [
            (require_no_practice_left_alone(&practices), "last-owner"),
            (require_no_mailbox_read(&practices), "epoch-needed"),
        ] {
            let problem = refused.unwrap_err();
            assert!(problem.is(kind));
            let detail = problem.detail.unwrap();
            assert!(detail.contains("Harris Park Allied Health and your practice"), "{detail}");
        }
    }
}
