//! Connections: accepted, secured where TLS ends here, and bounded in how large a request's head may be and how long
//! it may take. Bodies and handlers have their limits in [`crate::layers`].

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// The largest head of a request in bytes: its first line and all its headers. Larger ones are answered with 431, as
/// are more than a hundred headers (hyper's own limit).
pub const MAX_HEAD: usize = 32 * 1024;
/// How long a client may be silent before a head is complete; also how long an idle connection is kept. Longer than
/// the 60 seconds that fronts keep theirs, so that it is the front that closes.
const PATIENCE: Duration = Duration::from_secs(75);
/// How long the agreement on TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// After an accept that failed for want of something (usually file descriptors), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until `end`, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    end: CancellationToken,
) {
    serve_within(listener, tls, app, end, PATIENCE).await;
}

async fn serve_within(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    end: CancellationToken,
    patience: Duration,
) {
    // Once for all connections instead of at each request.
    let app: Router = app.with_state(());
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = end.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = Connection { peer, app: app.clone(), patience, watcher: open.watcher() };
                tokio::spawn(connection.secure(stream, tls.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

struct Connection {
    peer: SocketAddr,
    app: Router,
    patience: Duration,
    watcher: Watcher,
}

impl Connection {
    /// Agrees on TLS first, where TLS ends here. Who speaks plain HTTP then gets no answer.
    async fn secure(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        // Small replies should not wait for more; a socket that refuses this works all the same.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.answer(stream).await };
        match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.answer(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a client and we did not agree on TLS"),
            Err(_) => tracing::debug!("a client took too long to agree on TLS"),
        }
    }

    async fn answer(self, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let (peer, app) = (self.peer, self.app);
        let service = service_fn(move |request| answer_one(app.clone(), peer, request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.patience)
            .max_header_size(MAX_HEAD)
            .serve_connection(TokioIo::new(io), service);
        // A client that goes away or speaks no HTTP is nobody's failure.
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

async fn answer_one(
    mut app: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    app.call(request).await
}

#[cfg(test)]
mod tests;
