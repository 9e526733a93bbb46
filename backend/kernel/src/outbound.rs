//! Requests to addresses that somebody else chose: a practice's webhook, a calendar to read busy times from. Whoever names an
//! address must not reach with our hands what they could not reach themselves (server-side request forgery): only HTTPS, only
//! addresses of the public internet, no redirects, no proxy, a limit of time and of size.
//!
//! Names are resolved here and the connection goes to what was found, so that a name cannot mean one place when it is checked
//! and another when it is called. Which addresses are not public: IANA's special-purpose registries for IPv4 and IPv6
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>, read 2026-11-26).

use std::{
    env,
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context as _, bail};
use axum::http::{HeaderMap, Method};
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use crate::config::Mode;

/// How long an answer may take, from resolving the name to its last byte.
const ANSWER: Duration = Duration::from_secs(10);
/// How long connecting may take of it.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest address, in bytes.
const MAX_ADDRESS: usize = 2_000;

/// What may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses over HTTPS.
    Public,
    /// Anything, plain HTTP on this machine as well: for development and tests.
    Local,
}

impl Reach {
    /// `HELLOMAPPER_OUTBOUND`: `public`, or in development `local`.
    ///
    /// # Errors
    /// When it holds something else, or `local` in production.
    pub fn from_env(mode: Mode) -> anyhow::Result<Self> {
        match env::var("HELLOMAPPER_OUTBOUND").as_deref() {
            Err(_) | Ok("public") => Ok(Self::Public),
            Ok("local") if mode == Mode::Development => Ok(Self::Local),
            Ok("local") => {
                bail!("production does not reach private addresses: leave HELLOMAPPER_OUTBOUND out")
            }
            Ok(other) => bail!("HELLOMAPPER_OUTBOUND is {other:?}; expected public or local"),
        }
    }
}

/// Why something was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Not an address that we call: the words say what is wrong with it, for whoever entered it.
    #[error("the address is not one that is called: {0}")]
    NotAllowed(&'static str),
    /// Its name leads to no public address.
    #[error("the name leads to no public address")]
    NotPublic,
    /// Nobody answered.
    #[error("nobody answered")]
    Unreachable,
    /// The answer took too long.
    #[error("the answer took too long")]
    TimedOut,
    /// The answer is larger than what was asked for.
    #[error("the answer is too large")]
    TooLarge,
}

/// A request to somebody else's address.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// How.
    pub method: Method,
    /// Where, as it was entered.
    pub address: &'a str,
    /// With which headers.
    pub headers: HeaderMap,
    /// With what, if anything.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status. A redirect is an answer like any other and is not followed.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Calls addresses that somebody else chose.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    reach: Reach,
}

impl Outbound {
    /// A client that reaches no further than told.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(reach: Reach) -> anyhow::Result<Self> {
        let client = Client::builder()
            .timeout(ANSWER)
            .connect_timeout(CONNECT)
            // Whoever answers could lead us to where they cannot go themselves.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent("HelloMapper");
        let client = match reach {
            Reach::Public => client.https_only(true).dns_resolver(PublicOnly),
            Reach::Local => client,
        };
        Ok(Self { client: client.build().context("making a client for others' addresses")?, reach })
    }

    /// Whether an address is one that is called, before it is kept.
    ///
    /// # Errors
    /// [`OutboundError::NotAllowed`] with what is wrong with it.
    pub fn check(&self, address: &str) -> Result<(), OutboundError> {
        self.read(address).map(|_| ())
    }

    fn read(&self, address: &str) -> Result<Url, OutboundError> {
        let refused = |why| Err(OutboundError::NotAllowed(why));
        if address.len() > MAX_ADDRESS {
            return refused("it is longer than 2,000 characters");
        }
        let Ok(url) = Url::parse(address) else { return refused("it is no web address") };
        let Some(host) = url.host_str() else { return refused("it names no host") };
        if !url.username().is_empty() || url.password().is_some() {
            return refused("it holds a user name or a password");
        }
        match (self.reach, url.scheme()) {
            (Reach::Local, "http" | "https") => return Ok(url),
            (Reach::Public, "https") => {}
            (Reach::Local | Reach::Public, _) => return refused("it does not begin with https://"),
        }
        // An address in figures is not resolved by anybody, so it is looked at here.
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) if !is_public(ip) => refused("it is not on the public internet"),
            Ok(_) | Err(_) => Ok(url),
        }
    }

    /// Sends a request and says with which status it was answered. The answer's body is not read.
    ///
    /// # Errors
    /// When the address is not one that is called, or nobody answered in time.
    pub async fn deliver(&self, request: Outgoing<'_>) -> Result<u16, OutboundError> {
        Ok(self.send(request).await?.status().as_u16())
    }

    /// Sends a request and reads the whole answer, of at most so many bytes.
    ///
    /// # Errors
    /// As [`Outbound::deliver`], and [`OutboundError::TooLarge`].
    pub async fn fetch(&self, request: Outgoing<'_>, max_body: usize) -> Result<Answer, OutboundError> {
        let mut response = self.send(request).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| meaning(&error))? {
            if body.len() + chunk.len() > max_body {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    async fn send(&self, request: Outgoing<'_>) -> Result<Response, OutboundError> {
        let Outgoing { method, address, headers, body } = request;
        let sent = self.client.request(method, self.read(address)?).headers(headers).body(body).send();
        sent.await.map_err(|error| meaning(&error))
    }
}

/// What an error of the client means. Its own words may repeat the address, which may hold a secret.
fn meaning(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if found.is::<NotPublic>() {
            return OutboundError::NotPublic;
        }
        cause = found.source();
    }
    if error.is_timeout() { OutboundError::TimedOut } else { OutboundError::Unreachable }
}

/// Resolves names to public addresses only.
struct PublicOnly;

/// A name without any.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address is one of the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        // "This network", shared addresses of carriers, protocol assignments, relays, benchmarks, what is reserved.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

/// Only global unicast is public; of it, not what carries IPv4 addresses, is for protocols or for documentation.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let global = first & 0xE000 == 0x2000;
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0DB8))
        || first == 0x2002
        || (first == 0x3FFF && second < 0x1000);
    global && !special
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{
        Router,
        http::{HeaderMap, Method, StatusCode, header},
        routing::{get, post},
    };

    use super::{Outbound, OutboundError, Outgoing, Reach, is_public};

    fn request(method: Method, address: &str) -> Outgoing<'_> {
        Outgoing { method, address, headers: HeaderMap::new(), body: b"{}".to_vec() }
    }

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for public in
            ["1.1.1.1", "203.0.114.1", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "2001:4860::8888"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn an_address_is_https_and_public_and_carries_no_password() {
        let outbound = Outbound::new(Reach::Public).unwrap();
        assert!(outbound.check("https://desk.example/hooks?key=1").is_ok());
        assert!(outbound.check("https://desk.example:8443/").is_ok());
        for refused in [
            "http://desk.example/",
            "ftp://desk.example/",
            "file:///etc/passwd",
            "desk.example",
            "https://user@desk.example/",
            "https://user:word@desk.example/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            assert!(matches!(outbound.check(refused), Err(OutboundError::NotAllowed(_))), "{refused}");
        }
        let long = format!("https://desk.example/{}", "a".repeat(2_000));
        assert!(matches!(outbound.check(&long), Err(OutboundError::NotAllowed(_))));
    }

    /// Somebody's server on this machine.
    async fn server() -> SocketAddr {
        let router = Router::new()
            .route("/text", get(|| async { "0123456789" }))
            .route("/hook", post(|| async { StatusCode::ACCEPTED }))
            .route("/away", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/text")]) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_called() {
        let port = server().await.port();
        let outbound = Outbound::new(Reach::Public).unwrap();
        let named = format!("https://localhost:{port}/hook");
        let refused = outbound.deliver(request(Method::POST, &named)).await;
        assert_eq!(refused, Err(OutboundError::NotPublic));
    }

    #[tokio::test]
    async fn answers_are_read_up_to_their_limit_and_redirects_are_not_followed() {
        let address = server().await;
        let outbound = Outbound::new(Reach::Local).unwrap();
        let at = |path: &str| format!("http://{address}{path}");
        assert_eq!(outbound.deliver(request(Method::POST, &at("/hook"))).await, Ok(202));
        let text = outbound.fetch(request(Method::GET, &at("/text")), 10).await.unwrap();
        assert_eq!((text.status, text.body.as_slice()), (200, b"0123456789".as_slice()));
        let cut = outbound.fetch(request(Method::GET, &at("/text")), 9).await.map(|answer| answer.status);
        assert_eq!(cut, Err(OutboundError::TooLarge));
        let away = outbound.fetch(request(Method::GET, &at("/away")), 10).await.unwrap();
        assert_eq!(away.status, 302);
        let nobody = outbound.deliver(request(Method::POST, "http://127.0.0.1:1/")).await;
        assert_eq!(nobody, Err(OutboundError::Unreachable));
    }
}
