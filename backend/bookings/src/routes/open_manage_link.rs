//! `POST /api/v1/bookings/manage/open`: a link from a mail or a text message, and proof that its holder is the patient.

use axum::{
    extract::State as Extract,
    http::{HeaderName, HeaderValue, header},
};
use jiff::SignedDuration;
use kernel::{
    Disclosed, Json, Reject,
    audit::{self, Actor, Outcome, Purpose},
    chance::{hash_secret, is_same_secret},
    cookies,
};
use shared_types::{
    Problem,
    bookings::{Appointment, ManageProof, OpenManageLink},
};
use sqlx::PgConnection;

use super::{
    running_late::lateness_of,
    views::{appointment_view, load_calendar, payment_ticket, proposed_for, without_money},
};
use crate::{
    state::State,
    store::{
        appointment,
        manage::{self, Link, TRIES},
        waitlist,
    },
};

/// How long an opened link stays open in a browser, in minutes.
const SESSION_MINUTES: i64 = 60;

/// The cookie of an opened link.
type ManageCookie = [(HeaderName, HeaderValue); 1];

/// Opens a link. Before proof it reveals nothing, not even whether the appointment still stands.
pub async fn open_manage_link(
    Extract(state): Extract<State>,
    Json(body): Json<OpenManageLink>,
) -> Result<(ManageCookie, Disclosed<Appointment>), Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let link = manage::find_link(&mut tx, &hash_secret(&body.token), now).await?;
    let link = link.ok_or_else(|| Problem::not_found("This link"))?;
    let refusal = check_proof(&mut tx, &link, &body.proof, now).await?;
    let entry = audit::Entry {
        actor: Actor::Link(link.booking_id),
        action: "open_manage_link",
        resource: link.booking_id.into(),
        whose: None,
        purpose: Purpose::Booking,
        outcome: if refusal.is_some() { Outcome::Denied } else { Outcome::Allowed },
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    if let Some(problem) = refusal {
        // The count of wrong tries must stay, so this refusal commits.
        core.commit(tx).await?;
        return Err(problem.into());
    }
    let row = appointment::newest_of(&mut tx, link.booking_id)
        .await?
        .ok_or_else(|| Problem::not_found("This appointment"))?;
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
    let (secret, session_hash) = core.chance.link_token();
    let ends_at = now.saturating_add(SignedDuration::from_mins(SESSION_MINUTES)).unwrap_or(now);
    manage::insert_session(&mut tx, &session_hash, &link, ends_at).await?;
    let organization_id = calendar.role.organization_id;
    let payment_ticket = payment_ticket(&state, None, &row, organization_id);
    let late_minutes = lateness_of(&mut tx, &row, &calendar, now).await?;
    let lost = waitlist::of_appointment(&mut tx, row.appointment_id, now).await?;
    let asked_first = lost.is_some() && calendar.role.bookable;
    let proposed = proposed_for(&mut tx, &row, now).await?;
    // What only cancels does not answer it.
    let proposed = proposed.filter(|_| !link.only_cancels);
    let view = appointment_view(&row, calendar, now);
    let view = Appointment { payment_ticket, late_minutes, asked_first, proposed, ..view };
    let view = if link.only_cancels { without_money(view) } else { view };
    let disclosed = Disclosed::commit(core, tx, receipt, view).await?;
    let cookie = cookies::set(cookies::MANAGE, &secret, SESSION_MINUTES * 60);
    Ok(([(header::SET_COOKIE, cookie)], disclosed))
}

/// Why the proof does not do, if it does not.
async fn check_proof(
    conn: &mut PgConnection,
    link: &Link,
    proof: &ManageProof,
    now: jiff::Timestamp,
) -> Result<Option<Problem>, Reject> {
    match proof {
        ManageProof::DateOfBirth(_) if link.wrong_proofs >= TRIES => Ok(Some(code_only())),
        ManageProof::DateOfBirth(date) if *date == link.date_of_birth => Ok(None),
        ManageProof::DateOfBirth(_) => {
            manage::count_wrong_proof(conn, link.booking_id).await?;
            let left = TRIES - link.wrong_proofs - 1;
            Ok(Some(if left == 0 { code_only() } else { wrong(left, "date of birth") }))
        }
        ManageProof::Code(code) => {
            let live = link.code_expires_at.is_some_and(|at| at > now) && link.wrong_codes < TRIES;
            let hash = link.code_hash.as_deref().unwrap_or_default();
            let right = is_same_secret(hash, &hash_secret(code.trim()));
            if live && right {
                manage::use_code(conn, link.booking_id, now).await?;
                return Ok(None);
            }
            manage::count_wrong_code(conn, link.booking_id).await?;
            // Who typed the code that ran out, or has no try left, would try in vain; a guess learns nothing by it.
            let left = (TRIES - link.wrong_codes - 1).max(0);
            Ok(Some(if right || left == 0 { code_over() } else { wrong(left, "code") }))
        }
    }
}

fn wrong(left: i16, what: &str) -> Problem {
    let tries = if left == 1 { "1 try is left".to_owned() } else { format!("{left} tries are left") };
    Problem::new("wrong-proof", 403, &format!("That {what} does not match"))
        .detail(format!("Check it and try again: {tries}."))
}

fn code_over() -> Problem {
    Problem::new("wrong-proof", 403, "This code is no longer valid").detail(
        "A code works for fifteen minutes and takes five tries. Have a new one sent to your e-mail address.",
    )
}

fn code_only() -> Problem {
    Problem::new("code-only", 403, "Too many dates of birth that do not match")
        .detail("This link now opens only with a code. Have one sent to your e-mail address.")
}
