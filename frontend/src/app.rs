//! The application's roots, in browsers and on the server, and the shell they share. All roots hold the same components in
//! the same order, so that hydration finds the nodes that the server made.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    api::ApiClient,
    browser,
    bundle::Shows,
    components::{account_slot::AccountSlot, icon::Icon, skeleton::PageSkeleton},
    head::HeadSink,
    hooks::use_standing::{StandingContext, use_standing_source},
    pages,
    routes::{Bundle, Route},
};

/// The root in the browser, with the pages of one bundle.
#[component]
pub fn App<B: Shows>() -> Html {
    html! { <BrowserRouter><Shell<B> api={ApiClient::default()} head={HeadSink::default()} /></BrowserRouter> }
}

/// Takes over the page that the server rendered: what a bundle does when it starts.
#[cfg(feature = "hydration")]
pub fn run<B: Shows>() {
    browser::runs(B::BUNDLE);
    yew::Renderer::<App<B>>::new().hydrate();
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
    use crate::{api::ApiClient, bundle::Member, head::HeadSink};

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
        html! { <Router history={(*history).clone()}><Shell<Member> {api} {head} /></Router> }
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
fn Shell<B: Shows>(props: &ShellProps) -> Html {
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    use_navigation(&route);
    html! {
        <ContextProvider<ApiClient> context={props.api.clone()}>
            <ContextProvider<HeadSink> context={props.head.clone()}>
                <Signed>
                    <a class="skip-link" href="#main">{ "Skip to the main content" }</a>
                    <SiteHeader route={route.clone()} />
                    <Suspense fallback={html! { <PageSkeleton /> }}>
                        <Switch<Route> render={page::<B>} />
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

/// The page at an address, of one of the bundles that `Route::bundle` knows.
fn page<B: Shows>(route: Route) -> Html {
    match route {
        Route::Home => B::find(|| html! { <pages::home::HomePage /> }),
        Route::Search => B::find(|| html! { <pages::search::SearchPage /> }),
        Route::Provider { slug } => B::find(|| html! { <pages::provider::ProviderPage {slug} /> }),
        Route::Practice { slug } => B::find(|| html! { <pages::practice::PracticePage {slug} /> }),
        Route::Book { role_id } => B::book(|| html! { <pages::book::BookPage {role_id} /> }),
        Route::BookAny { pool_id } => B::book(|| html! { <pages::book_any::BookAnyPage {pool_id} /> }),
        Route::BookHold { hold_id } => B::book(|| html! { <pages::hold::HoldPage {hold_id} /> }),
        Route::Booked { appointment_id } => {
            B::book(|| html! { <pages::booked::BookedPage {appointment_id} /> })
        }
        Route::PayReturn { booking_id } => {
            B::book(|| html! { <pages::pay_return::PayReturnPage {booking_id} /> })
        }
        Route::Disagreement { appointment_id } => {
            B::book(|| html! { <pages::disagreement::DisagreementPage {appointment_id} /> })
        }
        Route::Manage { token } => B::book(|| html! { <pages::manage::ManagePage {token} /> }),
        Route::Attend { token } => B::book(|| html! { <pages::reply::AttendPage {token} /> }),
        Route::CancelReply { token } => {
            B::book(|| html! { <pages::manage::ManagePage {token} only_cancels=true /> })
        }
        Route::Assign => B::book(|| html! { <pages::assign_link::AssignLinkPage /> }),
        Route::Unsubscribe { token } => B::book(|| html! { <pages::unsubscribe::UnsubscribePage {token} /> }),
        Route::Account => B::member(|| html! { <pages::account::home::AccountPage /> }),
        Route::SignIn => B::member(|| html! { <pages::account::sign_in::SignInPage /> }),
        Route::SignUp => B::member(|| html! { <pages::account::sign_up::SignUpPage /> }),
        Route::VerifyEmail => B::member(|| html! { <pages::account::verify::VerifyPage /> }),
        Route::Forgotten => B::member(|| html! { <pages::account::forgotten::ForgottenPage /> }),
        Route::ResetPassword => B::member(|| html! { <pages::account::reset::ResetPage /> }),
        Route::Security => B::member(|| html! { <pages::account::security::SecurityPage /> }),
        Route::Appointments => B::member(|| html! { <pages::account::appointments::AppointmentsPage /> }),
        Route::CalendarFeed => B::member(|| html! { <pages::account::calendar_feed::CalendarFeedPage /> }),
        Route::Waitlist => B::member(|| html! { <pages::account::waitlist::WaitlistPage /> }),
        Route::JoinWaitlist { role_id } => {
            B::member(|| html! { <pages::account::waitlist::join::JoinPage {role_id} /> })
        }
        Route::Invitation => B::member(|| html! { <pages::account::invitation::InvitationPage /> }),
        Route::Profile => B::member(|| html! { <pages::account::profile::ProfilePage /> }),
        Route::Family => B::member(|| html! { <pages::account::family::FamilyPage /> }),
        Route::Coverage => B::member(|| html! { <pages::account::coverage::CoveragePage /> }),
        Route::Payments => B::member(|| html! { <pages::account::payments::PaymentsPage /> }),
        Route::Agreements => B::member(|| html! { <pages::account::agreements::AgreementsPage /> }),
        Route::SavedCards => B::member(|| html! { <pages::account::cards::CardsPage /> }),
        Route::Consents => B::member(|| html! { <pages::account::consents::ConsentsPage /> }),
        Route::Notifications => B::member(|| html! { <pages::account::notifications::NotificationsPage /> }),
        Route::Record => B::member(|| html! { <pages::account::record::RecordPage /> }),
        Route::Export => B::member(|| html! { <pages::account::export::ExportPage /> }),
        Route::Erasure => B::member(|| html! { <pages::account::erasure::ErasurePage /> }),
        Route::OwnKeys => B::member(|| html! { <pages::account::keys::KeysPage /> }),
        Route::Notes { booking_id } => {
            B::member(|| html! { <pages::account::notes::NotesPage {booking_id} /> })
        }
        Route::PracticeDesk => B::member(|| html! { <pages::practice_desk::choose::ChoosePage /> }),
        Route::PracticeInbox { organization_id } => {
            B::member(|| html! { <pages::practice_desk::inbox::InboxPage {organization_id} /> })
        }
        Route::PracticeNotes { organization_id, booking_id } => B::member(
            || html! { <pages::practice_desk::thread::ThreadPage {organization_id} {booking_id} /> },
        ),
        Route::PracticeAssignments { organization_id } => {
            B::member(|| html! { <pages::practice_desk::assignments::AssignmentsPage {organization_id} /> })
        }
        Route::PracticeClaims { organization_id } => {
            B::member(|| html! { <pages::practice_desk::claims::ClaimsPage {organization_id} /> })
        }
        Route::PracticeMessages { organization_id } => {
            B::member(|| html! { <pages::practice_desk::undelivered::UndeliveredPage {organization_id} /> })
        }
        Route::PracticePreviews { organization_id } => {
            B::member(|| html! { <pages::practice_desk::previews::PreviewsPage {organization_id} /> })
        }
        Route::PracticeKeys { organization_id } => {
            B::member(|| html! { <pages::practice_desk::keys::KeysPage {organization_id} /> })
        }
        Route::PracticeStaff { organization_id } => {
            B::member(|| html! { <pages::practice_desk::staff::StaffPage {organization_id} /> })
        }
        Route::PracticeMoney { organization_id } => B::member(|| {
            html! { <pages::practice_desk::money::transactions::TransactionsPage {organization_id} /> }
        }),
        Route::PracticeUnpaid { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::unpaid::UnpaidPage {organization_id} /> })
        }
        Route::PracticeStatements { organization_id } => B::member(
            || html! { <pages::practice_desk::money::statements::StatementsPage {organization_id} /> },
        ),
        Route::PracticePayouts { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::payouts::PayoutsPage {organization_id} /> })
        }
        Route::PracticeInvoices { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::invoices::InvoicesPage {organization_id} /> })
        }
        Route::PracticeAccount { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::account::AccountPage {organization_id} /> })
        }
        Route::PracticeChargebacks { organization_id } => B::member(
            || html! { <pages::practice_desk::money::chargebacks::ChargebacksPage {organization_id} /> },
        ),
        Route::PracticeFunding { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::funding::FundingPage {organization_id} /> })
        }
        Route::PracticeMedicare { organization_id } => {
            B::member(|| html! { <pages::practice_desk::money::medicare::MedicarePage {organization_id} /> })
        }
        Route::Calendar { organization_id } => {
            B::member(|| html! { <pages::calendar::CalendarPage {organization_id} /> })
        }
        Route::CalendarHours { organization_id } => {
            B::member(|| html! { <pages::calendar::hours::HoursPage {organization_id} /> })
        }
        Route::CalendarTypes { organization_id } => {
            B::member(|| html! { <pages::calendar::types::TypesPage {organization_id} /> })
        }
        Route::OtherCalendars { organization_id } => {
            B::member(|| html! { <pages::calendar::other_calendars::OtherCalendarsPage {organization_id} /> })
        }
        Route::CalendarResources { organization_id } => {
            B::member(|| html! { <pages::calendar::resources::ResourcesPage {organization_id} /> })
        }
        Route::CalendarPools { organization_id } => {
            B::member(|| html! { <pages::calendar::pools::PoolsPage {organization_id} /> })
        }
        Route::Support => B::member(|| html! { <pages::support::reasons::ReasonsPage /> }),
        Route::SupportPerson { patient_id } => {
            B::member(|| html! { <pages::support::person::PersonPage {patient_id} /> })
        }
        Route::CalendarWaitlist { organization_id } => {
            B::member(|| html! { <pages::calendar::waitlist::WaitlistPage {organization_id} /> })
        }
        Route::CalendarDisputes { organization_id } => {
            B::member(|| html! { <pages::calendar::disputes::DisputesPage {organization_id} /> })
        }
        Route::CalendarRequests { organization_id } => {
            B::member(|| html! { <pages::calendar::requests::RequestsPage {organization_id} /> })
        }
        Route::CalendarUnmarked { organization_id } => {
            B::member(|| html! { <pages::calendar::unmarked::UnmarkedPage {organization_id} /> })
        }
        Route::CalendarMistakes { organization_id } => {
            B::member(|| html! { <pages::calendar::mistakes::MistakesPage {organization_id} /> })
        }
        Route::CalendarWebhooks { organization_id } => {
            B::member(|| html! { <pages::calendar::webhooks::WebhooksPage {organization_id} /> })
        }
        Route::Disputes => B::member(|| html! { <pages::admin::disputes::DisputesPage /> }),
        Route::Listings => B::member(|| html! { <pages::admin::listings::ListingsPage /> }),
        Route::Reviews => B::member(|| html! { <pages::admin::reviews::ReviewsPage /> }),
        Route::Mistakes => B::member(|| html! { <pages::admin::mistakes::MistakesPage /> }),
        Route::Refunds => B::member(|| html! { <pages::admin::refunds::RefundsPage /> }),
        Route::Chargebacks => B::member(|| html! { <pages::admin::chargebacks::ChargebacksPage /> }),
        Route::PayoutHolds => B::member(|| html! { <pages::admin::payout_holds::PayoutHoldsPage /> }),
        Route::PlatformStatements => {
            B::member(|| html! { <pages::admin::statements::PlatformStatementsPage /> })
        }
        Route::Reconciliations => {
            B::member(|| html! { <pages::admin::reconciliations::ReconciliationsPage /> })
        }
        Route::Reconciliation { reconciliation_id } => {
            B::member(|| html! { <pages::admin::reconciliation::ReconciliationPage {reconciliation_id} /> })
        }
        Route::PlatformPayments => B::member(|| html! { <pages::admin::payments::PaymentsPage /> }),
        Route::PlatformPayment { payment_id } => {
            B::member(|| html! { <pages::admin::payment::PaymentPage {payment_id} /> })
        }
        Route::MbsLoads => B::member(|| html! { <pages::admin::mbs_loads::MbsLoadsPage /> }),
        Route::PlatformMessages => B::member(|| html! { <pages::admin::messages::MessagesPage /> }),
        Route::Previews => B::member(|| html! { <pages::admin::previews::PreviewsPage /> }),
        Route::Privacy => B::no_script(|| html! { <pages::privacy::PrivacyPage /> }),
        Route::WhatWeSee => B::no_script(|| html! { <pages::what_we_see::WhatWeSeePage /> }),
        Route::ProblemPage { kind } => B::no_script(|| html! { <pages::problem::ProblemPage {kind} /> }),
        Route::Landing { profession, locality } => {
            B::find(|| html! { <pages::landing::LandingPage {profession} {locality} /> })
        }
        Route::NotFound => B::find(|| html! { <pages::not_found::NotFoundPage /> }),
    }
}

/// Follows links in the page, and notes when another page is on its way; a change of the query alone is the same
/// page. The page itself says when it is there, which may be after a fetch.
#[hook]
fn use_navigation(route: &Route) {
    use_effect_with((), |()| {
        let listeners = (browser::follow_links(), browser::on_way_back());
        move || drop(listeners)
    });
    let before = use_mut_ref(|| None::<Route>);
    let before = before.borrow_mut().replace(route.clone());
    if before.is_some_and(|before| before != *route) {
        browser::expect_arrival();
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct SiteHeaderProps {
    pub(crate) route: Route,
}

#[component]
pub(crate) fn SiteHeader(props: &SiteHeaderProps) -> Html {
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
            <AccountSlot no_script={props.route.bundle() == Bundle::NoScript} />
        </div></header>
    }
}

#[component]
pub(crate) fn SiteFooter() -> Html {
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
                <li><a href="/developers">{ "For developers" }</a></li>
            </ul>
            <p>{ "Listings come from public registers and from practices. Nobody can pay to be shown first." }</p>
            <p>
                { "Map: Natural Earth; © OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0)." }
            </p>
        </div></footer>
    }
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;
    use yew_router::Routable as _;

    use super::page;
    use crate::{
        bundle::{Book, Elsewhere, Find, Member, Shows},
        routes::{Bundle, Route},
    };

    /// One address of every route.
    fn routes() -> Vec<Route> {
        let id = "00000000-0000-7000-8000-000000000001";
        let part = |part: &'static str| match part.strip_prefix(':') {
            Some(name) if name.ends_with("_id") => id,
            Some(_) => "x",
            None => part,
        };
        let address = |path: &'static str| path.split('/').map(part).collect::<Vec<_>>().join("/");
        Route::routes().into_iter().map(|path| Route::recognize(&address(path)).unwrap()).collect()
    }

    fn makes<B: Shows>(route: &Route) -> bool {
        page::<B>(route.clone()) != html! { <Elsewhere /> }
    }

    #[test]
    fn a_bundle_makes_the_pages_that_the_server_sends_with_it_and_no_others() {
        let routes = routes();
        assert!(routes.len() > 50, "{routes:?}");
        for route in routes {
            let of = route.bundle();
            assert_eq!(makes::<Find>(&route), of == Bundle::Find, "{route:?}");
            assert_eq!(makes::<Book>(&route), of == Bundle::Book, "{route:?}");
            assert!(makes::<Member>(&route), "{route:?}");
        }
    }
}
