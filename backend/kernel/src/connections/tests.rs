//! Over real sockets, with a certificate made for the occasion.

use std::{fs, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::ConnectInfo,
    routing::{get, post},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
        version::{TLS12, TLS13},
    },
};
use tokio_util::sync::CancellationToken;

use super::{MAX_HEAD, PATIENCE, serve_within};
use crate::tls::{self, TlsFiles};

/// Something that listens until it is dropped.
struct Listening {
    addr: SocketAddr,
    end: CancellationToken,
    served: JoinHandle<()>,
}

async fn listen(tls: Option<TlsAcceptor>, patience: Duration) -> Listening {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let app = Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
        .route("/echo", post(|body: String| async move { body }));
    let end = CancellationToken::new();
    let served = tokio::spawn(serve_within(listener, tls, app, end.clone(), patience));
    Listening { addr, end, served }
}

/// Everything that comes back for what is sent.
async fn talk(mut io: impl AsyncRead + AsyncWrite + Unpin, text: &str) -> String {
    // A server that refuses early closes while we still write.
    let _ = io.write_all(text.as_bytes()).await;
    let mut reply = Vec::new();
    let _ = io.read_to_end(&mut reply).await;
    String::from_utf8_lossy(&reply).into_owned()
}

const HELLO: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// A certificate for `localhost`, its key, and who trusts it.
struct Certificate {
    folder: TempDir,
    roots: RootCertStore,
}

impl Certificate {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(folder.path().join("cert.pem")).unwrap()).unwrap();
        Self { folder, roots }
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.folder.path().join("cert.pem"), key: self.folder.path().join("key.pem") }
    }

    async fn connect(
        &self,
        addr: SocketAddr,
        version: &'static SupportedProtocolVersion,
    ) -> TlsStream<TcpStream> {
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        let stream = TcpStream::connect(addr).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}

#[tokio::test]
async fn a_request_is_answered_and_its_peer_known() {
    let server = listen(None, PATIENCE).await;
    let reply = talk(TcpStream::connect(server.addr).await.unwrap(), HELLO).await;
    assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("127.0.0.1"), "{reply}");
}

#[tokio::test]
async fn tls_1_3_and_1_2_are_spoken_with_forward_secrecy() {
    let certificate = Certificate::new();
    let server = listen(Some(tls::acceptor(&certificate.files()).unwrap()), PATIENCE).await;
    for (offered, spoken) in [(&TLS13, ProtocolVersion::TLSv1_3), (&TLS12, ProtocolVersion::TLSv1_2)] {
        let stream = certificate.connect(server.addr, offered).await;
        let agreed = stream.get_ref().1;
        assert_eq!(agreed.protocol_version(), Some(spoken));
        let suite = format!("{:?}", agreed.negotiated_cipher_suite().unwrap().suite());
        assert!(suite.starts_with("TLS13_") || suite.starts_with("TLS_ECDHE_"), "{suite}");
        assert!(suite.contains("GCM") || suite.contains("CHACHA20"), "{suite}");
        let reply = talk(stream, HELLO).await;
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("127.0.0.1"), "{reply}");
    }
}

#[tokio::test]
async fn where_tls_ends_here_nothing_is_answered_in_plain_http() {
    let certificate = Certificate::new();
    let server = listen(Some(tls::acceptor(&certificate.files()).unwrap()), PATIENCE).await;
    let reply = talk(TcpStream::connect(server.addr).await.unwrap(), HELLO).await;
    assert!(!reply.contains("HTTP/") && !reply.contains("127.0.0.1"), "{reply}");
    // And the next client is not the worse for it.
    let reply = talk(certificate.connect(server.addr, &TLS13).await, HELLO).await;
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start_and_is_not_quoted() {
    let (good, other) = (Certificate::new(), Certificate::new());
    let words = |files: &TlsFiles| format!("{:#}", tls::acceptor(files).err().unwrap());
    let mixed = words(&TlsFiles { key: other.files().key, ..good.files() });
    assert!(mixed.contains("HELLOMAPPER_TLS_KEY is not the key of HELLOMAPPER_TLS_CERT"), "{mixed}");
    let swapped = words(&TlsFiles { certificate: good.files().key, key: good.files().certificate });
    assert!(swapped.contains("HELLOMAPPER_TLS_CERT"), "{swapped}");
    assert!(!swapped.contains("BEGIN"), "{swapped}");
    let missing = words(&TlsFiles { key: good.folder.path().join("none.pem"), ..good.files() });
    assert!(missing.contains("HELLOMAPPER_TLS_KEY"), "{missing}");
}

#[tokio::test]
async fn a_head_that_is_too_large_or_has_too_many_headers_is_refused() {
    let server = listen(None, PATIENCE).await;
    let one = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "a".repeat(MAX_HEAD));
    let many = "X-Many: a\r\n".repeat(101);
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n");
    for head in [one, many] {
        let reply = talk(TcpStream::connect(server.addr).await.unwrap(), &head).await;
        assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
    }
}

#[tokio::test]
async fn two_lengths_for_one_body_are_refused() {
    let server = listen(None, PATIENCE).await;
    // Of the two ways to say a body's length the chunks count, and the connection ends with the reply: what follows
    // is never taken for a second request (RFC 9112, 6.1).
    let smuggled = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n\
        0\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let reply = talk(TcpStream::connect(server.addr).await.unwrap(), smuggled).await;
    assert!(!reply.contains("127.0.0.1"), "{reply}");
    let twice = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
    let reply = talk(TcpStream::connect(server.addr).await.unwrap(), twice).await;
    assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
}

#[tokio::test]
async fn who_never_ends_a_head_is_hung_up_on() {
    let server = listen(None, Duration::from_millis(200)).await;
    let half = talk(TcpStream::connect(server.addr).await.unwrap(), "GET / HTTP/1.1\r\nHost: loc").await;
    assert!(!half.contains("200 OK"), "{half}");
}

#[tokio::test]
async fn an_end_waits_for_what_is_under_way() {
    let server = listen(None, PATIENCE).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // Asked to go on: the handler has the request.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.end.cancel();
    let reply = talk(stream, "done").await;
    assert!(reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("done"), "{reply}");
    server.served.await.unwrap();
    assert!(TcpStream::connect(server.addr).await.is_err());
}
