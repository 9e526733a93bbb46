//! Every service on a clock that is moved by hand. Jobs and events go on only when they are told to, so that a test knows what
//! there is to come.

use std::net::SocketAddr;

use axum::Router;
use kernel::{
    Chance, Clock, Service,
    address::TrustedProxies,
    config::Settings,
    layers,
    relay::Relay,
    run,
    testing::{Database, TokenIssuer},
};
use shared_types::users::Claims;
use tempfile::TempDir;

use crate::{
    Person,
    running::{a_copy, pools, settings},
};

/// All of it, answering over HTTP, without pages.
pub struct Still {
    /// Its data.
    pub database: Database,
    /// Its clock.
    pub clock: Clock,
    /// What it was started with.
    pub settings: Settings,
    services: Vec<Service>,
    relay: Relay,
    _home: TempDir,
}

impl Still {
    /// With the invented Australia, and its clock as it is now.
    pub async fn start() -> Self {
        let (database, home) = (a_copy().await, tempfile::tempdir().expect("a folder for mail and keys"));
        let listener = run::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let settings = settings(&home, listener.local_addr().expect("a bound port"));
        let clock = Clock::manual(Clock::System.now());
        let services = hellomapper::assemble(&settings, &pools(&database).await, &clock, &Chance::system())
            .await
            .expect("the services start");
        let api = services.iter().fold(Router::new(), |api, service| api.merge(service.router.clone()));
        let proxies = TrustedProxies::default();
        let api = layers::apply(api, clock.clone(), Chance::system(), proxies, &settings.public_url);
        let api = api.expect("an origin").into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, api).await });
        let relay = Relay::new(&services);
        Self { database, clock, settings, services, relay, _home: home }
    }

    /// A stranger.
    pub fn stranger(&self) -> Person {
        Person::new(&self.settings.public_url)
    }

    /// Somebody whom bookings believes to be signed in like that.
    pub async fn signed_in(&self, claims: &Claims) -> Person {
        let bookings = self.services.iter().find(|service| service.name == "bookings");
        let cookie = TokenIssuer::known_to(&bookings.expect("it is there").core).await.cookie(claims);
        let person = self.stranger();
        let (name, value) = cookie.split_once('=').expect("a cookie has a name");
        person.set_cookie(name, value);
        person
    }

    /// Does whatever is due by now: jobs by their names, over and over until none has anything to do, and everybody is told of
    /// what came of it.
    pub async fn settle(&self, jobs: &[&str]) {
        let wanted = self.services.iter().flat_map(|service| &service.jobs);
        let wanted: Vec<_> = wanted.filter(|job| jobs.contains(&job.name)).collect();
        assert_eq!(wanted.len(), jobs.len(), "every job is there");
        loop {
            self.relay.drain().await.expect("events are delivered");
            let mut done = 0;
            for job in &wanted {
                done += job.run_once().await.expect("a job runs");
            }
            if done == 0 {
                return;
            }
        }
    }
}
