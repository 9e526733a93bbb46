//! `/developers`: the services' descriptions of themselves (OpenAPI) as pages, for people who write programs. They are
//! rendered here alone and run no script: what they show is long, and no browser need carry how to show it.

mod operations;
mod schemas;
mod types;

use std::{rc::Rc, sync::Arc};

use axum::{
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;
use yew::{ServerRenderer, prelude::*};

use self::{operations::operations, schemas::schemas};
use super::{Pages, page};
use crate::{
    app::{SiteFooter, SiteHeader},
    components::breadcrumb::Breadcrumb,
    head::Head,
    routes::{Bundle, Route},
};

/// The services, in the order in which one meets them, with what each is about.
const SERVICES: [(&str, &str); 5] = [
    ("providers", "Search, practices and practitioners"),
    ("bookings", "Free times, holds, appointments, practices’ calendars, and FHIR"),
    ("users", "Accounts, signing in, patients, staff, keys and sealed notes"),
    ("payments", "Cards and what is owed"),
    ("notifications", "Messages, and how people want them"),
];

/// What is looked for.
#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// The list of services.
pub async fn index(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let head = Head {
        title: "For developers".to_owned(),
        description:
            "HelloMapper’s interfaces: every operation of every service, who may call it, and what it \
                      takes and gives."
                .to_owned(),
        canonical: Some("/developers".to_owned()),
        ..Head::default()
    };
    let html = ServerRenderer::<IndexPage>::new().hydratable(false).render().await;
    answer(&pages, &head, &html, request.headers())
}

/// One service, as it describes itself.
pub async fn service(
    State(pages): State<Arc<Pages>>,
    Path(name): Path<String>,
    Query(search): Query<Search>,
    request: Request,
) -> Response {
    let Some((name, about)) = SERVICES.into_iter().find(|(service, _)| *service == name) else {
        return page::show(State(pages), request).await;
    };
    let described = pages.api.get(&document_of(name)).await.read::<Value>();
    let document = match described {
        Ok(document) => document,
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status);
            return status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response();
        }
    };
    let head = Head {
        title: format!("{name} for developers"),
        description: format!("HelloMapper’s service {name}: {about}."),
        canonical: Some(format!("/developers/{name}")),
        robots_noindex: !search.q.is_empty(),
        ..Head::default()
    };
    let props = move || ServiceProps { name, about, wanted: search.q.into(), document: Rc::new(document) };
    let html = ServerRenderer::<ServicePage>::with_props(props).hydratable(false).render().await;
    answer(&pages, &head, &html, request.headers())
}

fn answer(pages: &Pages, head: &Head, html: &str, asked: &HeaderMap) -> Response {
    let html = pages.document.fill(Bundle::NoScript, head, html);
    page::answer(pages.document.policy(Bundle::NoScript), head.status, false, html, asked)
}

/// Where a service describes itself.
fn document_of(service: &str) -> String {
    format!("/api/v1/{service}/openapi.json")
}

#[derive(Clone, PartialEq, Properties)]
struct FrameProps {
    children: Html,
}

/// The site's header and footer around a page.
#[component]
fn Frame(props: &FrameProps) -> Html {
    html! {
        <>
            <a class="skip-link" href="#main">{ "Skip to the main content" }</a>
            <SiteHeader route={Route::NotFound} />
            <main id="main" tabindex="-1"><div class="wrap">{ props.children.clone() }</div></main>
            <SiteFooter />
        </>
    }
}

#[component]
fn IndexPage() -> Html {
    html! {
        <Frame>
            <Breadcrumb above={vec![("HelloMapper".into(), "/".into())]} here="For developers" />
            <div class="page-head">
                <h1>{ "For developers" }</h1>
                <p class="lede">
                    { "Everything that these pages do, your program can do: the services describe themselves, and a " }
                    { "test keeps each description equal to the code." }
                </p>
            </div>
            <div class="prose">
                <h2>{ "Services" }</h2>
                <dl class="pairs pairs--ruled">{ for SERVICES.into_iter().map(entry) }</dl>
                <h2>{ "What holds everywhere" }</h2>
                <ul>
                    <li>
                        { "Refusals are problem details (RFC 9457). Go by their " }<code>{ "type" }</code>
                        { ", never by their words; each has a page, such as " }
                        <a href="/problems/time-taken">{ "time-taken" }</a>{ "." }
                    </li>
                    <li>
                        { "Where an operation takes an " }<code>{ "Idempotency-Key" }</code>
                        { ", make a UUID for the one act and send it again with every retry: it is done once." }
                    </li>
                    <li>
                        { "Who calls is known by cookies: of a session, of a guest, or of an opened link. What somebody " }
                        { "may not know of is not found." }
                    </li>
                    <li>
                        { "Lists come in pages. Send " }<code>{ "next" }</code>{ " back as " }<code>{ "cursor" }</code>
                        { "." }
                    </li>
                    <li>
                        { "Times are instants in UTC (RFC 3339); a place has a time zone. Money is whole cents." }
                    </li>
                </ul>
            </div>
        </Frame>
    }
}

fn entry((name, about): (&'static str, &'static str)) -> Html {
    html! {
        <key={name}>
            <dt><a href={format!("/developers/{name}")}>{ name }</a></dt>
            <dd>{ about }{ ". " }<a href={document_of(name)}>{ "OpenAPI" }</a></dd>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ServiceProps {
    name: &'static str,
    about: &'static str,
    wanted: AttrValue,
    document: Rc<Value>,
}

#[component]
fn ServicePage(props: &ServiceProps) -> Html {
    let ServiceProps { name, about, wanted, document } = props.clone();
    let above: Vec<(AttrValue, AttrValue)> =
        vec![("HelloMapper".into(), "/".into()), ("For developers".into(), "/developers".into())];
    html! {
        <Frame>
            <Breadcrumb {above} here={name} />
            <div class="page-head">
                <h1>{ "Service " }{ name }</h1>
                <p class="lede">{ about }{ "." }</p>
                <p><a href={document_of(name)}>{ "The description itself (OpenAPI 3.1)" }</a></p>
                <form role="search" method="get" action={format!("/developers/{name}")}>
                    <label for="q">{ "Find an operation" }</label>
                    <input class="input" id="q" name="q" type="search" value={wanted.clone()} />
                    <button class="button" type="submit">{ "Find" }</button>
                </form>
            </div>
            { operations(&document, &wanted) }
            { schemas(&document) }
        </Frame>
    }
}
