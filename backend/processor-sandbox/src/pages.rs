//! The pages that people see: paying, proving who they are, setting an account up. Plain forms, no script.

use axum::{
    Router,
    extract::{Path, RawForm, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

use crate::{
    Sandbox,
    api::{accounts, checkout},
    cards::{self, CARDS},
    form::Form,
    object::Object,
    paying::{self, Presence},
    world::World,
};

/// A page may do nothing but show itself and send its form; where the form ends is the seller's to say.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
const LOOK: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}\
    button,input,select{font:inherit;padding:.5rem .75rem;margin:.25rem 0}input,select{width:100%;box-sizing:border-box}\
    .error{border-left:.25rem solid #b3261e;padding-left:.75rem}.note{color:#555}";

/// The addresses of the pages.
pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/pay/{session}", get(show_payment).post(pay))
        .route("/authenticate/{intent}", get(show_authentication).post(authenticate))
        .route("/onboard/{account}", get(show_onboarding).post(onboard))
}

async fn show_payment(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let session = sandbox.act(|world| open_session(world, &id));
    session.map_or_else(closed, |session| payment_page(&session, None))
}

async fn pay(State(sandbox): State<Sandbox>, Path(id): Path<String>, RawForm(body): RawForm) -> Response {
    let form = Form::parse(&String::from_utf8_lossy(&body));
    let typed = form.text("number").or_else(|| form.text("card")).unwrap_or_default();
    sandbox.act(|world| {
        let Some(session) = open_session(world, &id) else { return closed() };
        let Some(card) = cards::by_number(typed) else {
            return payment_page(
                &session,
                Some("Your card number is incorrect. The sandbox takes test cards only."),
            );
        };
        match checkout::give_card(world, &id, card) {
            Ok(intent) if intent.stands(&["requires_action"]) => {
                see(&format!("/authenticate/{}", intent.id()))
            }
            Ok(_) => see(&success_address(&session)),
            Err(refusal) => {
                let message = refusal.error.get("message").and_then(|message| message.as_str());
                payment_page(&session, message)
            }
        }
    })
}

async fn show_authentication(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let intent = sandbox.act(|world| waiting(world, &id));
    intent.map_or_else(closed, |_| {
        page(
            "Your bank asks who you are",
            "<form method=\"post\"><p>This stands for the page of a card's bank.</p>\
             <button name=\"answer\" value=\"yes\">It is me</button> \
             <button name=\"answer\" value=\"no\">Fail authentication</button></form>",
        )
    })
}

async fn authenticate(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
    RawForm(body): RawForm,
) -> Response {
    let is_proven = Form::parse(&String::from_utf8_lossy(&body)).text("answer") == Some("yes");
    sandbox.act(|world| {
        let Some(mut intent) = waiting(world, &id) else { return closed() };
        prove(world, &mut intent, is_proven);
        match checkout::of_intent(world, &intent) {
            Some(session) if session.stands(&["open"]) => payment_page(
                &session,
                Some("We are unable to authenticate your payment method. Choose another one."),
            ),
            Some(session) => see(&success_address(&session)),
            None => intent.text("return_url").map_or_else(closed, |address| {
                let status =
                    if intent.stands(&["succeeded", "requires_capture"]) { "succeeded" } else { "failed" };
                see(&with_query(address, &[(intent.kind(), id.as_str()), ("redirect_status", status)]))
            }),
        }
    })
}

/// The bank's question is answered.
pub fn prove(world: &mut World, intent: &mut Object, is_proven: bool) {
    if !is_proven {
        paying::not_proven(world, intent);
        return;
    }
    // A bank may still say no; the intent tells.
    let _ = match intent.kind() {
        "setup_intent" => paying::keep(world, intent, Presence::Proven),
        _ => paying::pay(world, intent, Presence::Proven),
    };
    checkout::complete(world, intent);
}

async fn show_onboarding(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let account = sandbox.act(|world| world.find(None, "account", &id).ok());
    account.map_or_else(closed, |_| {
        page(
            "Get paid",
            "<form method=\"post\"><p>This stands for the page where a practice says who it is and where its money goes.</p>\
             <button name=\"answer\" value=\"yes\">Submit everything</button> \
             <button name=\"answer\" value=\"no\">Come back later</button></form>",
        )
    })
}

async fn onboard(State(sandbox): State<Sandbox>, Path(id): Path<String>, RawForm(body): RawForm) -> Response {
    let is_submitted = Form::parse(&String::from_utf8_lossy(&body)).text("answer") == Some("yes");
    sandbox.act(|world| {
        let Ok(account) = world.find(None, "account", &id) else { return closed() };
        if is_submitted && accounts::onboard(world, &id).is_err() {
            return closed();
        }
        account.text("sandbox_return_url").map_or_else(closed, see)
    })
}

fn open_session(world: &World, id: &str) -> Option<Object> {
    world.get(id).filter(|session| session.kind() == "checkout.session" && session.stands(&["open"])).cloned()
}

/// An intent that waits for its cardholder.
pub fn waiting(world: &World, id: &str) -> Option<Object> {
    world.get(id).filter(|intent| intent.stands(&["requires_action"])).cloned()
}

fn success_address(session: &Object) -> String {
    let address = session.text("success_url").unwrap_or_default();
    address.replace("{CHECKOUT_SESSION_ID}", &session.id())
}

fn with_query(address: &str, fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{query}")
}

fn payment_page(session: &Object, error: Option<&str>) -> Response {
    let (heading, button) = match session.text("mode") {
        Some("setup") => ("Save a card".to_owned(), "Save card"),
        Some(_) | None => (format!("Pay {}", dollars(session.cents("amount_total"))), "Pay"),
    };
    let error = error.map_or_else(String::new, |error| {
        format!("<p class=\"error\" role=\"alert\">{}</p>", escaped(error))
    });
    let choices: String = CARDS
        .iter()
        .map(|card| format!("<option value=\"{0}\">{0}: {1}</option>", card.number, card.words))
        .collect();
    let back = session
        .text("cancel_url")
        .map_or_else(String::new, |address| format!("<p><a href=\"{}\">Back</a></p>", escaped(address)));
    let body = format!(
        "{error}<form method=\"post\"><p><label for=\"card\">Test card</label><select id=\"card\" name=\"card\">{choices}\
         </select></p><p><label for=\"number\">or its number</label><input id=\"number\" name=\"number\" inputmode=\"numeric\" \
         autocomplete=\"off\"></p><p><button>{button}</button></p></form>{back}"
    );
    page(&heading, &body)
}

fn page(heading: &str, body: &str) -> Response {
    let heading = escaped(heading);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{heading} - sandbox</title><style>{LOOK}</style></head><body><main>\
         <h1>{heading}</h1>{body}<p class=\"note\">A sandbox for development: no card is charged.</p></main></body></html>"
    );
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (StatusCode::OK, headers, html).into_response()
}

fn closed() -> Response {
    let mut response = page("This page is closed", "<p>What it was for is done, or its time is over.</p>");
    *response.status_mut() = StatusCode::GONE;
    response
}

fn see(address: &str) -> Response {
    Redirect::to(address).into_response()
}

fn dollars(cents: i64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
