//! What a patient is asked to agree to: its document, its offer, and where it stands.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::{
    Core, consent,
    outbox::{self, About},
};
use shared_types::{
    AudCents, BookingId,
    payments::{
        AssignmentFact, PaymentsEvent,
        assignment::{
            Assignment, AssignmentDocument, AssignmentKind, AssignmentMethod, AssignmentStatus,
            AssignorRelation, ENDURING_TEXT, EnduringGround, POST_TEXT, PRE_TEXT,
        },
    },
    personal::Personal,
};
use sqlx::PgConnection;

use super::identity::owner_of;
use crate::{
    claiming,
    domain::assignment::{Identity, StepBy, answer_by},
    store::{
        assignment::{self, NewAssignment, Row},
        claimant, role_setup,
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
    asked_by: StepBy,
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
    let new = NewAssignment { row, ground, token_hash, asked_by };
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
