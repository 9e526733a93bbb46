//! The names this process answers to. A name that nobody listed may be a forgotten host or another site's, whose
//! pages would then be of our origin: it gets 421 (RFC 9110, 15.5.20).

use axum::{
    Router,
    extract::Request,
    http::{Uri, header},
    middleware::{self, Next},
    response::Response,
};
use shared_types::Problem;

use crate::{
    config::{Mode, Settings},
    reject::problem_response,
};

/// The names that may stand in `Host`, whatever the port.
#[derive(Clone, Debug)]
struct Names {
    public: String,
    /// Development is reached by every name of this machine.
    loopback: bool,
}

/// Refuses requests for other names than that of the public address. Routes added later answer to every name, which
/// is meant for health checks alone.
pub(crate) fn only(router: Router, settings: &Settings) -> Router {
    let public = authority(&settings.public_url).map(name).unwrap_or_default().to_ascii_lowercase();
    let names = Names { public, loopback: settings.mode == Mode::Development };
    router.layer(middleware::from_fn(move |request, next| admit(names.clone(), request, next)))
}

async fn admit(names: Names, request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = request.uri().authority().map(|authority| authority.as_str()).or(asked);
    if asked.is_some_and(|host| names.has(host)) {
        return next.run(request).await;
    }
    let problem = Problem::new("other-host", 421, "Nothing is served under this name")
        .detail("Use the address that this site gives for itself.");
    problem_response(&problem)
}

impl Names {
    fn has(&self, host: &str) -> bool {
        let name = name(host).to_ascii_lowercase();
        name == self.public || self.loopback && is_loopback(&name)
    }
}

/// Whether the name in a URL is this machine's own.
pub(crate) fn is_local(url: &str) -> bool {
    authority(url).is_some_and(|host| is_loopback(name(host)))
}

fn is_loopback(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What stands between `://` and the path.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split('/').next()
}

/// The name without its port; an address of IPv6 keeps its brackets.
fn name(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        Some(_) | None => authority,
    }
}

/// Whether an address that people type can be our origin: a scheme and a host, and nothing after them.
pub(crate) fn is_origin(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.path() == "/"
            && uri.query().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::{Names, is_local, is_origin};

    #[test]
    fn only_the_public_name_is_answered_and_in_development_this_machine() {
        let names = |loopback| Names { public: "hellomapper.example".to_owned(), loopback };
        for good in ["hellomapper.example", "HelloMapper.example:443", "hellomapper.example:8080"] {
            assert!(names(false).has(good), "{good}");
        }
        for here in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
            assert!(names(true).has(here) && !names(false).has(here), "{here}");
        }
        for bad in [
            "",
            "old.hellomapper.example",
            "hellomapper.example.evil.test",
            "evil.test",
            "hellomapper.example@evil.test",
            "hellomapper.example:x",
            "10.0.0.1",
            "localhost.evil.test",
        ] {
            assert!(!names(true).has(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for good in ["https://hellomapper.example", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "hellomapper.example",
            "ftp://hellomapper.example",
            "https://a.example/x",
            "https://u:p@a.example",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
        assert!(is_local("https://localhost:8443") && !is_local("https://hellomapper.example"));
    }
}
