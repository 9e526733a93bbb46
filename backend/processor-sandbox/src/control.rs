//! What only a sandbox has: things happen when they are asked for. Every address is below `/_sandbox` and answers JSON.

use axum::{
    Json, Router,
    extract::{Path, RawForm, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::{
    Faults, Figures, Sandbox,
    api::{accounts, checkout, disputes, payouts, refunds},
    cards,
    form::Form,
    pages, passing,
    refusal::Refusal,
    world::World,
};

/// The addresses of the controls.
pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/_sandbox/figures", get(figures))
        .route("/_sandbox/faults", put(set_faults))
        .route("/_sandbox/{kind}/{id}/{act}", post(act))
}

async fn figures(State(sandbox): State<Sandbox>) -> Json<Figures> {
    Json(sandbox.figures())
}

async fn set_faults(State(sandbox): State<Sandbox>, Json(faults): Json<Faults>) -> StatusCode {
    sandbox.set_faults(faults);
    StatusCode::NO_CONTENT
}

/// Has something happen to an object, and shows what became of it.
async fn act(
    State(sandbox): State<Sandbox>,
    Path((kind, id, what)): Path<(String, String, String)>,
    RawForm(body): RawForm,
) -> Response {
    let form = Form::parse(&String::from_utf8_lossy(&body));
    match sandbox.act(|world| happen(world, (kind.as_str(), what.as_str()), &id, &form)) {
        Ok(object) => Json(object).into_response(),
        Err(refusal) => (refusal.status, Json(refusal.body())).into_response(),
    }
}

fn happen(world: &mut World, what: (&str, &str), id: &str, form: &Form) -> Result<Value, Refusal> {
    // The platform is no object of its own: `/_sandbox/platform/itself/pay-out`.
    if what == ("platform", "pay-out") {
        return Ok(payouts::pay_out_platform(world)?.told());
    }
    if world.get(id).is_none() {
        return Err(Refusal::no_such(what.0, id));
    }
    match what {
        // A card is given on a payment page, and the bank's question answered if there is one.
        ("sessions", "pay") => {
            let card = cards::by_number(form.required("card")?);
            let card =
                card.ok_or_else(|| Refusal::card("incorrect_number", None, "No test card's number."))?;
            let mut intent = checkout::give_card(world, id, card)?;
            if pages::waiting(world, &intent.id()).is_some() {
                pages::prove(world, &mut intent, form.text("authenticate") != Some("false"));
            }
        }
        ("sessions", "expire") => checkout::end(world, id),
        ("payment_intents", "expire") => passing::end_hold(world, id),
        ("payment_intents", "refuse-captures") => {
            let times = form.number("times")?.unwrap_or(1);
            if let Some(mut intent) = world.get(id).cloned() {
                intent.set("sandbox_refuses_captures", times);
                world.put(&intent);
            }
        }
        ("payment_intents" | "setup_intents", "authenticate") => {
            if let Some(mut intent) = pages::waiting(world, id) {
                pages::prove(world, &mut intent, form.text("success") != Some("false"));
            }
        }
        ("charges", "dispute") => {
            let amount = asked_about(world, id, form)?;
            disputes::open(world, id, form.text("reason").unwrap_or("fraudulent"), amount);
        }
        ("charges", "inquire") => {
            let amount = asked_about(world, id, form)?;
            disputes::inquire(world, id, form.text("reason").unwrap_or("general"), amount);
        }
        // On the processor's own page, without the seller.
        ("charges", "refund") => refunds::by_hand(world, id, form).map(drop)?,
        ("disputes", "escalate") => disputes::escalate(world, id),
        ("disputes", "drop") => disputes::drop_inquiry(world, id),
        ("disputes", "win") => disputes::decide(world, id, true),
        ("disputes", "lose") => disputes::decide(world, id, false),
        ("refunds", "fail") => refunds::fail(world, id),
        ("refunds", "settle") => refunds::settle(world, id),
        ("payouts", "fail") => payouts::fail(world, id),
        ("payouts", "settle") => payouts::settle(world, id),
        ("accounts", "onboard") => accounts::onboard(world, id).map(drop)?,
        ("accounts", "restrict") => accounts::restrict(world, id).map(drop)?,
        ("accounts", "leave") => accounts::leave(world, id).map(drop)?,
        ("accounts", "pay-out") => payouts::pay_out_by_schedule(world, id),
        ("events", "resend") => {
            if let Some(event) = world.get(id).cloned() {
                world.hand_on(&event);
            }
        }
        (kind, act) => return Err(Refusal::no_address("POST", &format!("/_sandbox/{kind}/{id}/{act}"))),
    }
    Ok(world.get(id).map_or_else(|| json!({}), |object| object.told()))
}

/// How much of a charge a bank is about: all that was taken, where nothing else is said.
fn asked_about(world: &World, charge: &str, form: &Form) -> Result<i64, Refusal> {
    let whole = world.get(charge).map(|charge| charge.cents("amount_captured"));
    Ok(form.number("amount")?.or(whole).unwrap_or_default())
}
