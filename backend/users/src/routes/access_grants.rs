//! `/api/v1/users/platform/access-grants`: stated reasons for looking at somebody's data, as the one who stated them has
//! them. The person whose data it is reads them in their own record.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::SignedDuration;
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AccessGrantId, Problem,
    page::Page,
    problem::FieldError,
    users::{AccessGrant, AccessGrantFact, GrantAccess, UsersEvent},
};
use sqlx::PgConnection;

use crate::{
    people::{entry, note},
    store::{access_grant, patient},
};

/// The longest that a stated reason opens somebody's data, in minutes.
const GRANT_MINUTES: u16 = 4 * 60;
/// The shortest and the longest reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 20..=1000;

/// States a reason to look at one person's data, for at most four hours. The person can read it at once.
pub async fn grant_access(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<GrantAccess>,
) -> Result<Created<Disclosed<AccessGrant>>, Reject> {
    let grant = read_grant(&core, body).map_err(Problem::invalid)?;
    let (patient_id, id) = (grant.patient_id, grant.access_grant_id);
    let mut tx = core.begin().await?;
    if patient::find(&mut tx, Some(patient_id), None).await?.is_none() {
        return Err(Problem::not_found("This person").into());
    }
    access_grant::insert(&mut tx, &grant, caller.account_id).await?;
    tell(&mut tx, &core, &caller, &grant, 1).await?;
    let actor = Actor::by_grant(&caller, id);
    let recorded =
        note(&mut tx, &core, actor, "grant_access", id, Some(patient_id), Purpose::Support).await?;
    let disclosed = Disclosed::commit(&core, tx, recorded, grant).await?;
    Ok(Created(disclosed))
}

/// The caller's own reasons that stand now.
pub async fn list_living_grants(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Page<AccessGrant>>, Reject> {
    let mut tx = core.begin().await?;
    let mut grants = Vec::new();
    for grant in access_grant::living(&mut tx, caller.account_id, core.now()).await? {
        let (id, whose) = (grant.access_grant_id, Some(grant.patient_id));
        let actor = Actor::by_grant(&caller, id);
        grants.push((grant, entry(actor, "list_living_grants", id, whose, Purpose::Support)));
    }
    Ok(Disclosed::commit_page(&core, tx, grants, None).await?)
}

/// Ends one of the caller's own before its time: from then on it opens nothing. What was stated stays in the record.
pub async fn end_grant(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(access_grant_id): Path<AccessGrantId>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let ended = access_grant::end(&mut tx, access_grant_id, caller.account_id, core.now()).await?;
    let grant = ended.ok_or_else(|| Problem::not_found("This reason"))?;
    tell(&mut tx, &core, &caller, &grant, 2).await?;
    let (actor, whose) = (Actor::by_grant(&caller, access_grant_id), Some(grant.patient_id));
    note(&mut tx, &core, actor, "end_grant", access_grant_id, whose, Purpose::Support).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Tells the other services who may look at whose data and until when: first as it was stated, then as it was ended.
async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    grant: &AccessGrant,
    version: i64,
) -> sqlx::Result<()> {
    let fact = AccessGrantFact {
        access_grant_id: grant.access_grant_id,
        account_id: caller.account_id,
        patient_id: grant.patient_id,
        granted_at: grant.granted_at,
        expires_at: grant.expires_at,
    };
    let about = About { aggregate: "access_grant", id: grant.access_grant_id.to_string(), version };
    outbox::tell(conn, core, about, &UsersEvent::AccessGranted(fact)).await?;
    Ok(())
}

fn read_grant(core: &Core, body: GrantAccess) -> Result<AccessGrant, Vec<FieldError>> {
    let reason = body.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut errors = Vec::new();
    if !REASON.contains(&reason.chars().count()) {
        errors.push(FieldError::new("/reason", "Say why in 20 to 1,000 characters; the person will read it"));
    }
    if !(1..=GRANT_MINUTES).contains(&body.minutes) {
        errors.push(FieldError::new("/minutes", "Choose at most four hours"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let now = core.now();
    let expires_at = now.saturating_add(SignedDuration::from_mins(body.minutes.into())).unwrap_or(now);
    Ok(AccessGrant {
        access_grant_id: core.id(),
        patient_id: body.patient_id,
        category: body.category,
        reason,
        granted_at: now,
        expires_at,
    })
}
