//! Asks patients of bulk-billed visits for their assignment of benefit, and sees to it that what they agreed to still fits the visit.
//!
//! A booking's patient is asked when it is confirmed, once the practice has said under which number its practitioner claims; staff can
//! ask later, and after the visit for its items. What was agreed to is superseded when something changes that matters. An enduring
//! assignment that holds on the day makes the question needless.

pub mod agreeing;
pub mod receipt;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
    consent,
    outbox::{self, About},
};
use shared_types::{
    AccountId, AudCents, BookingId, PatientId,
    bookings::AppointmentFact,
    payments::{
        AssignmentFact, PaymentsEvent,
        assignment::{
            Assignment, AssignmentDocument, AssignmentKind, AssignmentMethod, AssignmentStatus,
            AssignorRelation, ENDURING_TEXT, EnduringGround, POST_TEXT, PRE_TEXT,
        },
        coverage::MedicareCard,
    },
    personal::Personal,
};
use sqlx::PgConnection;

use crate::{
    claiming,
    domain::assignment::{CardHolder, Identity, StepBy, answer_by, category_words, is_material},
    field_cipher::{Field, FieldCipher},
    store::{
        assignment::{self, NewAssignment, Row},
        claimant, coverage, funding, owner, role_setup, schedule,
    },
};

/// What a patient is asked for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Before the visit, for a sort of service.
    Pre(String),
    /// After it, for its items.
    Post(Vec<(String, AudCents)>),
    /// For every service until its last day.
    Enduring(EnduringGround, Date),
}

impl Asked {
    fn kind(&self) -> AssignmentKind {
        match self {
            Self::Pre(_) => AssignmentKind::Pre,
            Self::Post(_) => AssignmentKind::Post,
            Self::Enduring(..) => AssignmentKind::Enduring,
        }
    }

    fn text(&self) -> &'static str {
        match self {
            Self::Pre(_) => PRE_TEXT,
            Self::Post(_) => POST_TEXT,
            Self::Enduring(..) => ENDURING_TEXT,
        }
    }
}

/// A bulk-billed visit is confirmed, or moved: keeps whose it is, and asks for what is not agreed to yet. Does nothing for others.
///
/// # Errors
/// When the database fails, or what was kept of the booking does not open.
pub async fn booked(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> Result<()> {
    if !fact.bulk_billed {
        return Ok(());
    }
    let Some(visit) = keep_claimant(conn, core, cipher, fact).await? else { return Ok(()) };
    let category = category_of(conn, &visit).await?;
    let identity = open(cipher, &visit)?;
    // Without a provider number, or before the text is known, staff ask once it is there.
    let Some(document) = write(conn, core, &visit, &identity, &Asked::Pre(category.clone())).await? else {
        return Ok(());
    };
    let good = assignment::good_for(conn, fact.booking_id, visit.service_on).await?;
    let live = live(conn, fact.booking_id).await?;
    match live {
        // Nobody is asked, so nobody says which card it is: the one that is kept for them, if any.
        None if good.is_some() => {
            keep_card(conn, core, cipher, fact.booking_id, None).await?;
            Ok(())
        }
        None => {
            let new = offer(conn, core, &visit, Asked::Pre(category), document).await?;
            Ok(note(conn, core, &new, "offer_assignment").await?)
        }
        Some(live) if still_fits(&live, &document) => {
            let until = answer_by(core.now(), visit.ends_at);
            Ok(assignment::set_answer_by(conn, live.assignment.assignment_id, until).await?)
        }
        Some(live) => {
            let old = supersede(conn, core, live).await?;
            let new = offer(conn, core, &visit, Asked::Pre(category), document).await?;
            assignment::point_to(conn, old.assignment.assignment_id, new.assignment.assignment_id).await?;
            Ok(note(conn, core, &new, "offer_assignment").await?)
        }
    }
}

/// A visit that is over is bulk billed after all: keeps whose it is, with the card that is kept for them. What is agreed to after a visit
/// names its items, so staff ask for it.
///
/// # Errors
/// As [`booked`].
pub async fn over(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> Result<()> {
    if keep_claimant(conn, core, cipher, fact).await?.is_some() {
        keep_card(conn, core, cipher, fact.booking_id, None).await?;
    }
    Ok(())
}

/// The visit will not take place: nobody is asked about it any more, and what was agreed to for it is of no use.
///
/// # Errors
/// When the database fails.
pub async fn called_off(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> Result<()> {
    let Some(live) = live(conn, booking_id).await? else { return Ok(()) };
    match live.assignment.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed | AssignmentStatus::Assigned => {
            let row = assignment::step(conn, core, live, AssignmentStatus::Void, StepBy::System).await?;
            tell(conn, core, &row, None).await?;
            note(conn, core, &row, "void_assignment").await?;
            claiming::assignment_changed(conn, core, booking_id).await
        }
        // A claim rests on it.
        AssignmentStatus::ReliedOn
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => Ok(()),
    }
}

/// The document that a patient would be shown; `None` while the practice has no provider number for the role, or the text is not known.
///
/// # Errors
/// When the database fails.
pub async fn write(
    conn: &mut PgConnection,
    core: &Core,
    visit: &claimant::Row,
    identity: &Identity,
    asked: &Asked,
) -> Result<Option<AssignmentDocument>> {
    let setup = role_setup::find(conn, visit.organization_id, visit.practitioner_role_id).await?;
    let text = consent::current_text(conn, core, asked.text()).await?;
    let (Some(provider_number), Some(text)) = (setup.provider_number, text) else { return Ok(None) };
    let (service_category, items, days) = match asked {
        Asked::Pre(category) => (Some(category.clone()), Vec::new(), (visit.service_on, visit.service_on)),
        Asked::Post(items) => (None, items.clone(), (visit.service_on, visit.service_on)),
        Asked::Enduring(_, last) => (None, Vec::new(), (shared_types::Zone::SYDNEY.date(core.now()), *last)),
    };
    let mut words = text.paragraphs;
    words.push(text.statement);
    Ok(Some(AssignmentDocument {
        text: text.text,
        text_version: text.version,
        words: words.join("\n"),
        patient_name: identity.name.clone(),
        assignor_name: None,
        relation: AssignorRelation::Patient,
        professional_name: visit.professional_name.clone(),
        provider_number,
        practice_name: visit.practice_name.clone(),
        service_category,
        items,
        service_from: days.0,
        service_until: days.1,
    }))
}

/// Offers a document to the visit's patient, and tells so; a letter with a link follows.
///
/// # Errors
/// When the database fails, or one for the booking is open or good.
pub async fn offer(
    conn: &mut PgConnection,
    core: &Core,
    visit: &claimant::Row,
    asked: Asked,
    document: AssignmentDocument,
) -> Result<Row> {
    let now = core.now();
    let (account_id, patient_id) = owner_of(conn, visit.booking_id).await?;
    let (token, token_hash) = core.chance.link_token();
    let (ground, expires_on) = match &asked {
        Asked::Pre(_) | Asked::Post(_) => (None, None),
        Asked::Enduring(ground, last) => (Some(*ground), Some(*last)),
    };
    let row = Row {
        assignment: Assignment {
            assignment_id: core.id(),
            booking_id: ground.is_none().then_some(visit.booking_id),
            organization_id: visit.organization_id,
            status: AssignmentStatus::Offered,
            kind: asked.kind(),
            method: AssignmentMethod::Electronic,
            document_sha256: assignment::hash_of(&document.to_text()),
            document,
            offered_at: now,
            answer_by: Some(answer_by(now, visit.ends_at)),
            assigned_at: None,
            expires_on,
            withdrawn_at: None,
            superseded_by: None,
            version: 1,
        },
        patient_id,
        account_id,
        wrong_proofs: 0,
        proved_at: None,
    };
    let new = NewAssignment { row, ground, token_hash };
    assignment::insert(conn, &new).await.context("offering an assignment")?;
    tell(conn, core, &new.row, Some(token.into())).await?;
    Ok(new.row)
}

/// Ends one whose place another takes.
///
/// # Errors
/// When the database fails.
pub async fn supersede(conn: &mut PgConnection, core: &Core, live: Row) -> Result<Row> {
    let to = match live.assignment.status {
        // It did not arrive, so there is nothing that another could take the place of.
        AssignmentStatus::DeliveryFailed => AssignmentStatus::Expired,
        AssignmentStatus::Offered
        | AssignmentStatus::Assigned
        | AssignmentStatus::ReliedOn
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => AssignmentStatus::Superseded,
    };
    let row = assignment::step(conn, core, live, to, StepBy::System).await?;
    tell(conn, core, &row, None).await?;
    if let Some(booking_id) = row.assignment.booking_id {
        claiming::assignment_changed(conn, core, booking_id).await?;
    }
    Ok(row)
}

/// Tells where an assignment stands. The letter's secret goes along once, when it is offered.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    row: &Row,
    token: Option<Personal<String>>,
) -> Result<()> {
    let assignment = &row.assignment;
    let fact = AssignmentFact {
        assignment_id: assignment.assignment_id,
        booking_id: assignment.booking_id,
        organization_id: assignment.organization_id,
        account_id: row.account_id,
        patient_id: row.patient_id,
        status: assignment.status,
        kind: assignment.kind,
        service_from: assignment.document.service_from,
        token,
    };
    let about = About {
        aggregate: "assignment",
        id: assignment.assignment_id.to_string(),
        version: i64::from(assignment.version),
    };
    outbox::tell(conn, core, about, &PaymentsEvent::AssignmentChanged(fact)).await?;
    Ok(())
}

/// The one of a booking that is open or good.
///
/// # Errors
/// When the database fails.
pub async fn live(conn: &mut PgConnection, booking_id: BookingId) -> Result<Option<Row>> {
    let rows = assignment::of_booking(conn, booking_id).await?;
    let found = rows.into_iter().find(|row| {
        row.assignment.booking_id == Some(booking_id)
            && match row.assignment.status {
                AssignmentStatus::Offered
                | AssignmentStatus::DeliveryFailed
                | AssignmentStatus::Assigned
                | AssignmentStatus::ReliedOn => true,
                AssignmentStatus::Expired
                | AssignmentStatus::Declined
                | AssignmentStatus::Withdrawn
                | AssignmentStatus::Superseded
                | AssignmentStatus::Void => false,
            }
    });
    Ok(found)
}

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
async fn keep_claimant(
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

/// What the visit is called before it is given: its usual items' category, or what the practice calls it.
async fn category_of(conn: &mut PgConnection, visit: &claimant::Row) -> Result<String> {
    let Some(of_type) = visit.appointment_type_id else { return Ok(visit.service_name.clone()) };
    let rules = funding::find(conn, visit.organization_id, of_type).await?;
    let first = rules.rules.iter().find_map(|(_, rule)| rule.item_numbers.first());
    let category = match first {
        Some(item) => schedule::category_on(conn, item, visit.service_on).await?,
        None => None,
    };
    let words = category.as_deref().and_then(category_words);
    Ok(words.map_or_else(|| visit.service_name.clone(), str::to_owned))
}

/// Whether the visit is still what was agreed to. Staff may have called it something else than its items' category.
fn still_fits(live: &Row, document: &AssignmentDocument) -> bool {
    let agreed = AssignmentDocument {
        service_category: document.service_category.clone(),
        ..live.assignment.document.clone()
    };
    !is_material(&agreed, document)
}

async fn owner_of(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> Result<(Option<AccountId>, Option<PatientId>)> {
    Ok(owner::find(conn, booking_id).await?.unwrap_or((None, None)))
}

/// Notes what followed from an event, in the event's own transaction.
async fn note(conn: &mut PgConnection, core: &Core, row: &Row, action: &'static str) -> sqlx::Result<()> {
    let of_practice = || Resource::from(row.assignment.organization_id);
    let entry = Entry {
        actor: Actor::System("payments.inbox"),
        action,
        resource: row.assignment.booking_id.map_or_else(of_practice, Resource::from),
        whose: row.patient_id,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
