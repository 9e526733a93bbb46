//! Whose address a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};

/// Addresses whose `X-Forwarded-For` is believed; put into each request by the layers.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

/// The nearest address that is not one of our own proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let trusted = parts.extensions.get::<TrustedProxies>().cloned().unwrap_or_default();
        Ok(Self::of(&parts.extensions, &parts.headers, &trusted))
    }
}

impl ClientAddress {
    /// The address of a request with those extensions and headers.
    pub fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &TrustedProxies) -> Self {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        Self(client(peer, headers, &trusted.0))
    }

    /// The network it lies in, which names no household: the first 24 bits of IPv4, the first 48 of IPv6.
    pub fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
}

/// Walks the forwarding chain from our end; everything left of the first stranger could be invented by them.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = peer;
    let lines: Vec<_> =
        headers.get_all("x-forwarded-for").into_iter().filter_map(|line| line.to_str().ok()).collect();
    let hops: Vec<_> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    for hop in hops.into_iter().rev() {
        if !trusted.contains(&nearest) {
            break;
        }
        match hop.parse() {
            Ok(address) => nearest = address,
            Err(_) => break,
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{ClientAddress, client};

    #[test]
    fn a_network_names_no_household() {
        let network = |address: &str| ClientAddress(address.parse().unwrap()).network();
        assert_eq!(network("203.0.113.9"), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:7:1::42"), "2001:db8:7::/48");
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap());
        let proxy = "10.0.0.1".parse().unwrap();
        let inner = "10.0.0.2".parse().unwrap();
        assert_eq!(client(proxy, &headers, &[]).to_string(), "10.0.0.1");
        assert_eq!(client(proxy, &headers, &[proxy]).to_string(), "10.0.0.2");
        assert_eq!(client(proxy, &headers, &[proxy, inner]).to_string(), "203.0.113.9");
    }
}
