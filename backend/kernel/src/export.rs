//! `GET /api/v1/{service}/me/export`: everything that a service holds about one person (APP 12, C-15). Each service says what
//! its own tables hold; what every service has is here. A test compares the parts with the tables there are.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    AccountId, BookingId, PatientId, Problem,
    export::{DataExport, ExportPart},
    users::DelegationScope,
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Core, Disclosed, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Recorded, Resource},
    openapi::{Argument, Operation},
};

/// The operation's name in every service.
pub const OPERATION: &str = "export_record";

/// Whose record. A person has an account, a patient, or both; somebody who is only looked after has no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The account.
    pub account_id: Option<AccountId>,
    /// The patient.
    pub patient_id: Option<PatientId>,
}

/// Who asks, and for whose record.
#[derive(Debug)]
pub struct ExportRecord {
    caller: SignedIn,
    wanted: Wanted,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    /// A patient whose details the caller looks after; the caller when absent.
    patient_id: Option<PatientId>,
}

impl<S: Send + Sync> FromRequestParts<S> for ExportRecord {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        let caller = SignedIn::from_request_parts(parts, state).await?;
        let Query(wanted) = Query::try_from_uri(&parts.uri)
            .map_err(|_| Problem::new("unreadable", 400, "This request cannot be read"))?;
        Ok(Self { caller, wanted })
    }
}

impl Argument for ExportRecord {
    fn describe(operation: &mut Operation<'_>) {
        operation.query::<Wanted>();
    }
}

/// An export under way, in the transaction that is read in.
pub struct Export {
    /// Where to read.
    pub tx: Transaction<'static, Postgres>,
    /// Whose record.
    pub whose: Whose,
    recorded: Recorded,
}

impl ExportRecord {
    /// Lets the caller have their own record, or that of somebody whose details they look after, and writes it down.
    ///
    /// # Errors
    /// 404 for everybody else, who may not know that the patient exists; the refusal is written down first.
    pub async fn begin(self, core: &Core) -> Result<Export, Reject> {
        let Self { caller, wanted } = self;
        let whose = match wanted.patient_id.filter(|id| Some(*id) != caller.patient_id) {
            None => Whose { account_id: Some(caller.account_id), patient_id: caller.patient_id },
            Some(other) => Whose { account_id: None, patient_id: Some(other) },
        };
        let other = whose.patient_id.filter(|_| whose.account_id.is_none());
        let may = other.is_none_or(|id| caller.may_act_for(id, DelegationScope::Details));
        let mut tx = core.begin().await?;
        let patient = whose.patient_id;
        let entry = Entry {
            actor: patient.map_or_else(|| Actor::of(&caller), |id| Actor::for_patient(&caller, id)),
            action: OPERATION,
            resource: patient.map_or(Resource::from(caller.account_id), Resource::from),
            whose: patient,
            purpose: Purpose::OwnRecord,
            outcome: if may { Outcome::Allowed } else { Outcome::Denied },
        };
        let recorded = audit::record(&mut tx, core, entry).await?;
        if !may {
            core.commit(tx).await?;
            return Err(Problem::not_found("This patient").into());
        }
        Ok(Export { tx, whose, recorded })
    }
}

impl Export {
    /// Hands out the service's own parts, and those that every service has. `bookings` are the person's, for services whose
    /// consents rest on bookings.
    ///
    /// # Errors
    /// When the tables cannot be read, or the commit fails; nothing is disclosed then.
    pub async fn finish(
        mut self,
        core: &Core,
        service: &str,
        mut parts: Vec<ExportPart>,
        bookings: &[BookingId],
    ) -> Result<Disclosed<DataExport>, Reject> {
        parts.push(consents(&mut self.tx, &self.whose, bookings).await?);
        parts.push(replies(&mut self.tx, &self.whose).await?);
        let export = DataExport { service: service.to_owned(), as_of: core.now(), parts };
        Ok(Disclosed::commit(core, self.tx, self.recorded, export).await?)
    }
}

/// A part of an export.
pub fn part(name: &str, title: &str, held: &str, rows: Vec<Value>) -> ExportPart {
    ExportPart { name: name.to_owned(), title: title.to_owned(), held: held.to_owned(), rows }
}

/// What the person agreed to here.
async fn consents(
    conn: &mut PgConnection,
    whose: &Whose,
    bookings: &[BookingId],
) -> sqlx::Result<ExportPart> {
    let bookings: Vec<_> = bookings.iter().map(ToString::to_string).collect();
    let rows = sqlx::query_scalar(
        "select to_jsonb(given) from ( \
             select text, version, subject_kind, subject_id, agreed_at from consent_receipt \
             where (subject_kind = 'account' and subject_id = $1) or (subject_kind = 'patient' and subject_id = $2) \
                 or (subject_kind = 'booking' and subject_id = any($3)) \
             order by agreed_at) given",
    )
    .bind(whose.account_id.map(|id| id.to_string()))
    .bind(whose.patient_id.map(|id| id.to_string()))
    .bind(bookings)
    .fetch_all(conn)
    .await?;
    Ok(part(
        "consent_receipt",
        "What you agreed to",
        "Proof of what was agreed to and when. Kept with what rests on it, and for seven years after.",
        rows,
    ))
}

/// Replies kept for a day, in case a request is sent again.
async fn replies(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<ExportPart> {
    let rows = sqlx::query_scalar(
        "select to_jsonb(kept) from ( \
             select route, created_at, reply_status, reply_body from idempotency \
             where caller = $1 or caller like '% ' || $1 order by created_at) kept",
    )
    .bind(whose.account_id.map(|id| id.to_string()))
    .fetch_all(conn)
    .await?;
    Ok(part(
        "idempotency",
        "Replies to requests that may be repeated",
        "So that a request sent twice is done once. Kept for a day.",
        rows,
    ))
}
