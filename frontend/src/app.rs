//! The application's two roots and the shell they share. Both roots hold the same components in the same
//! order, so that hydration finds the nodes that the server made.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    api::ApiClient,
    browser,
    components::{account_slot::AccountSlot, icon::Icon, skeleton::PageSkeleton},
    head::HeadSink,
    hooks::use_standing::{StandingContext, use_standing_source},
    pages,
    routes::Route,
};

/// The root in the browser.
#[component]
pub fn App() -> Html {
    html! { <BrowserRouter><Shell api={ApiClient::default()} head={HeadSink::default()} /></BrowserRouter> }
}

#[cfg(feature = "ssr")]
mod on_server {
    use yew::prelude::*;
    use yew_router::{
        history::{AnyHistory, History, MemoryHistory},
        prelude::*,
        query::Raw,
    };

    use super::Shell;
    use crate::{api::ApiClient, head::HeadSink};

    /// What one page is rendered from.
    #[derive(Clone, Debug, PartialEq, Properties)]
    pub struct ServerAppProps {
        /// The path, starting with `/`.
        pub path: AttrValue,
        /// The query string without `?`.
        pub query: AttrValue,
        /// Calls the services in process.
        pub api: ApiClient,
        /// Where the page's head goes.
        pub head: HeadSink,
    }

    /// The root on the server.
    #[component]
    pub fn ServerApp(props: &ServerAppProps) -> Html {
        let ServerAppProps { path, query, api, head } = props.clone();
        let history = use_memo((path, query), |(path, query)| {
            let history = MemoryHistory::new();
            // `Raw` cannot fail: the query string goes in as it is.
            let _ = history.replace_with_query(path.to_string(), Raw(query.as_str()));
            AnyHistory::from(history)
        });
        html! { <Router history={(*history).clone()}><Shell {api} {head} /></Router> }
    }
}

#[cfg(feature = "ssr")]
pub use on_server::{ServerApp, ServerAppProps};

#[derive(Clone, Debug, PartialEq, Properties)]
struct ShellProps {
    api: ApiClient,
    head: HeadSink,
}

/// Header, page, footer.
#[component]
fn Shell(props: &ShellProps) -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    use_navigation(&route);
    html! {
        <ContextProvider<ApiClient> context={props.api.clone()}>
            <ContextProvider<HeadSink> context={props.head.clone()}>
                <Signed>
                    <a class="skip-link" href="#main">{ "Skip to the main content" }</a>
                    <SiteHeader route={route.clone()} />
                    <Suspense fallback={html! { <PageSkeleton /> }}>
                        <Switch<Route> render={page} />
                    </Suspense>
                    <SiteFooter />
                    <div class="toasts" role="status" aria-live="polite"></div>
                </Signed>
            </ContextProvider<HeadSink>>
        </ContextProvider<ApiClient>>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SignedProps {
    children: Html,
}

/// Finds out once who is signed in, for the header and for every page.
#[component]
fn Signed(props: &SignedProps) -> Html {
    let context = use_standing_source();
    html! {
        <ContextProvider<StandingContext> {context}>{ props.children.clone() }</ContextProvider<StandingContext>>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <pages::home::HomePage /> },
        Route::Search => html! { <pages::search::SearchPage /> },
        Route::Provider { slug } => html! { <pages::provider::ProviderPage {slug} /> },
        Route::Practice { slug } => html! { <pages::practice::PracticePage {slug} /> },
        Route::Book { role_id } => html! { <pages::book::BookPage {role_id} /> },
        Route::BookHold { hold_id } => html! { <pages::hold::HoldPage {hold_id} /> },
        Route::Booked { appointment_id } => html! { <pages::booked::BookedPage {appointment_id} /> },
        Route::Manage { token } => html! { <pages::manage::ManagePage {token} /> },
        Route::Account => html! { <pages::account::home::AccountPage /> },
        Route::SignIn => html! { <pages::account::sign_in::SignInPage /> },
        Route::SignUp => html! { <pages::account::sign_up::SignUpPage /> },
        Route::VerifyEmail => html! { <pages::account::verify::VerifyPage /> },
        Route::Forgotten => html! { <pages::account::forgotten::ForgottenPage /> },
        Route::ResetPassword => html! { <pages::account::reset::ResetPage /> },
        Route::Security => html! { <pages::account::security::SecurityPage /> },
        Route::Appointments => html! { <pages::account::appointments::AppointmentsPage /> },
        Route::Invitation => html! { <pages::account::invitation::InvitationPage /> },
        Route::Profile => html! { <pages::account::profile::ProfilePage /> },
        Route::Family => html! { <pages::account::family::FamilyPage /> },
        Route::Coverage => html! { <pages::account::coverage::CoveragePage /> },
        Route::Consents => html! { <pages::account::consents::ConsentsPage /> },
        Route::Record => html! { <pages::account::record::RecordPage /> },
        Route::Export => html! { <pages::account::export::ExportPage /> },
        Route::Erasure => html! { <pages::account::erasure::ErasurePage /> },
        Route::OwnKeys => html! { <pages::account::keys::KeysPage /> },
        Route::Notes { booking_id } => html! { <pages::account::notes::NotesPage {booking_id} /> },
        Route::PracticeDesk => html! { <pages::practice_desk::choose::ChoosePage /> },
        Route::PracticeInbox { organization_id } => {
            html! { <pages::practice_desk::inbox::InboxPage {organization_id} /> }
        }
        Route::PracticeNotes { organization_id, booking_id } => {
            html! { <pages::practice_desk::thread::ThreadPage {organization_id} {booking_id} /> }
        }
        Route::PracticeKeys { organization_id } => {
            html! { <pages::practice_desk::keys::KeysPage {organization_id} /> }
        }
        Route::PracticeStaff { organization_id } => {
            html! { <pages::practice_desk::staff::StaffPage {organization_id} /> }
        }
        Route::Privacy => html! { <pages::privacy::PrivacyPage /> },
        Route::WhatWeSee => html! { <pages::what_we_see::WhatWeSeePage /> },
        Route::ProblemPage { kind } => html! { <pages::problem::ProblemPage {kind} /> },
        Route::Landing { profession, locality } => {
            html! { <pages::landing::LandingPage {profession} {locality} /> }
        }
        Route::NotFound => html! { <pages::not_found::NotFoundPage /> },
    }
}

/// Follows links in the page, and notes when another page is on its way; a change of the query alone is the same
/// page. The page itself says when it is there, which may be after a fetch.
#[hook]
fn use_navigation(route: &Route) {
    use_effect_with((), |()| {
        let listener = browser::follow_links();
        move || drop(listener)
    });
    let before = use_mut_ref(|| None::<Route>);
    let before = before.borrow_mut().replace(route.clone());
    if before.is_some_and(|before| before != *route) {
        browser::expect_arrival();
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct SiteHeaderProps {
    route: Route,
}

#[component]
fn SiteHeader(props: &SiteHeaderProps) -> Html {
    let wide = (props.route == Route::Search).then_some("wrap--full");
    let current = |route: Route| (props.route == route).then_some("page");
    html! {
        <header class="site-header"><div class={classes!("wrap", wide, "site-header__inner")}>
            <a class="brand" href="/"><Icon name="brand" class="brand__mark" /><span>{ "HelloMapper" }</span></a>
            <nav class="site-nav" aria-label="Main"><ul class="site-nav__list">
                <li><a class="site-nav__link" href="/search" aria-current={current(Route::Search)}>
                    { "Find care" }
                </a></li>
                <li class="site-nav__link--extra">
                    <a class="site-nav__link" href="/what-we-see" aria-current={current(Route::WhatWeSee)}>
                        { "What we see" }
                    </a>
                </li>
            </ul></nav>
            <AccountSlot />
        </div></header>
    }
}

#[component]
fn SiteFooter() -> Html {
    html! {
        <footer class="site-footer"><div class="wrap site-footer__inner">
            <p class="emergency">
                { "In an emergency call " }<a href="tel:000">{ "000" }</a>
                { " (Triple Zero). HelloMapper is not for emergencies." }
            </p>
            <ul class="site-footer__list">
                <li><a href="/search">{ "Find care" }</a></li>
                <li><a href="/privacy">{ "Privacy" }</a></li>
                <li><a href="/what-we-see">{ "What we see" }</a></li>
            </ul>
            <p>{ "Listings come from public registers and from practices. Nobody can pay to be shown first." }</p>
            <p>
                { "Map: Natural Earth; © OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0)." }
            </p>
        </div></footer>
    }
}
