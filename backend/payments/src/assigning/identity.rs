//! Who a booking's patient is, as it is kept: sealed, with the Medicare card that the benefit goes by.

use anyhow::{Context as _, Result};
use kernel::Core;
use shared_types::{
    AccountId, BookingId, OrganizationId, PatientId, bookings::AppointmentFact,
    payments::coverage::MedicareCard,
};
use sqlx::PgConnection;

use crate::{
    domain::assignment::{CardHolder, Identity},
    field_cipher::{Field, FieldCipher},
    store::{claimant, coverage, owner},
};

/// How many of a patient's visits are looked at for a card.
const LATEST: i64 = 20;

/// Opens who a booking's patient is.
///
/// # Errors
/// When it was sealed with a key that is not here, or was changed.
pub fn open(cipher: &FieldCipher, visit: &claimant::Row) -> Result<Identity> {
    let text = cipher.open_claimant(&visit.key_id, visit.booking_id, &visit.identity)?;
    serde_json::from_str(&text).context("a sealed identity is one of ours")
}

/// Keeps a booking's patient as holder of a card: the one that was given, or the one that is kept for them already. False when there is
/// none.
///
/// # Errors
/// When the database fails, or what is kept does not open.
pub async fn keep_card(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    booking_id: BookingId,
    given: Option<CardHolder>,
) -> Result<bool> {
    let Some(mut visit) = claimant::find(conn, booking_id).await? else { return Ok(false) };
    let mut identity = open(cipher, &visit)?;
    let card = match given {
        Some(card) => Some(card),
        None if identity.card.is_some() => return Ok(true),
        None => covered(conn, cipher, booking_id).await?.map(|card| identity.holder_of(&card)),
    };
    if card.is_none() {
        return Ok(false);
    }
    identity.card = card;
    seal_into(core, cipher, &mut visit, &identity)?;
    claimant::put(conn, &visit, core.now()).await?;
    Ok(true)
}

/// Keeps who an enduring assignment is for, for the patient's latest visits to the practice of which no card is known.
///
/// # Errors
/// As [`keep_card`].
pub async fn keep_card_of_patient(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    (organization_id, patient_id): (OrganizationId, PatientId),
    card: &CardHolder,
) -> Result<()> {
    let mut visits = claimant::of_patient(conn, organization_id, patient_id, LATEST).await?;
    // In one order wherever several are locked.
    visits.sort_unstable();
    for booking_id in visits {
        if !keep_card(conn, core, cipher, booking_id, None).await? {
            keep_card(conn, core, cipher, booking_id, Some(card.clone())).await?;
        }
    }
    Ok(())
}

/// Keeps the card for a visit of which nobody is asked: the one that is kept for its patient, or that of their latest visit to the practice.
///
/// # Errors
/// As [`keep_card`].
pub(super) async fn keep_known_card(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    visit: &claimant::Row,
) -> Result<()> {
    if keep_card(conn, core, cipher, visit.booking_id, None).await? {
        return Ok(());
    }
    let (_, Some(patient_id)) = owner_of(conn, visit.booking_id).await? else { return Ok(()) };
    let latest = claimant::of_patient(conn, visit.organization_id, patient_id, LATEST).await?;
    // Read only: two visits of a patient do not wait for each other.
    let visits = claimant::of_bookings(conn, &latest).await?;
    for booking_id in latest {
        let Some(earlier) = visits.get(&booking_id) else { continue };
        if let Some(card) = open(cipher, earlier)?.card {
            keep_card(conn, core, cipher, visit.booking_id, Some(card)).await?;
            return Ok(());
        }
    }
    Ok(())
}

/// The Medicare card that is kept for a booking's patient.
async fn covered(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    booking_id: BookingId,
) -> Result<Option<MedicareCard>> {
    let (_, patient_id) = owner_of(conn, booking_id).await?;
    let Some(patient_id) = patient_id else { return Ok(None) };
    let Some(row) = coverage::find_coverage(conn, patient_id).await? else { return Ok(None) };
    let Some(sealed) = row.medicare else { return Ok(None) };
    let text = cipher.open(&row.key_id, patient_id, Field::Medicare, &sealed)?;
    Ok(MedicareCard::from_text(&text))
}

/// Keeps the visit and its patient; `None` where the practice or the patient's details are not known.
pub(super) async fn keep_claimant(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> Result<Option<claimant::Row>> {
    let (Some(organization_id), Some(patient)) = (fact.role.organization_id, &fact.claimant) else {
        return Ok(None);
    };
    let before = claimant::find(conn, fact.booking_id).await?;
    let card = before.map(|row| open(cipher, &row)).transpose()?.and_then(|identity| identity.card);
    let identity = Identity {
        name: patient.name.clone(),
        date_of_birth: patient.date_of_birth.clone(),
        mobile_ends_with: patient.mobile_ends_with.clone(),
        card,
    };
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    let mut visit = claimant::Row {
        booking_id: fact.booking_id,
        organization_id,
        practitioner_role_id: fact.role.practitioner_role_id,
        appointment_type_id: terms.map(|terms| terms.appointment_type_id),
        professional_name: fact.role.name.clone(),
        practice_name: fact.role.organization_name.clone().unwrap_or_else(|| fact.role.name.clone()),
        service_name: fact.appointment_type_name.clone(),
        service_on: fact.role.time_zone.date(fact.start),
        ends_at: fact.end,
        key_id: String::new(),
        identity: Vec::new(),
    };
    seal_into(core, cipher, &mut visit, &identity)?;
    claimant::put(conn, &visit, core.now()).await?;
    Ok(Some(visit))
}

fn seal_into(
    core: &Core,
    cipher: &FieldCipher,
    visit: &mut claimant::Row,
    identity: &Identity,
) -> Result<()> {
    let text = serde_json::to_string(identity)?;
    visit.key_id = cipher.key_id().to_owned();
    visit.identity = cipher.seal_claimant(&core.chance, visit.booking_id, &text);
    Ok(())
}

pub(super) async fn owner_of(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> Result<(Option<AccountId>, Option<PatientId>)> {
    Ok(owner::find(conn, booking_id).await?.unwrap_or((None, None)))
}
