//! What a mail server that others wrote cannot be made to do: `mail_server.rs` has the rest.

use std::sync::Arc;

use notifications::gateways::{Smtp, mail::Mail};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::{World, confirmed, nobody_listens, receive, run, sender};

/// A mail server for one conversation that offers no encryption; gives back every line it was told.
async fn mail_server() -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let conversation = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        converse(stream).await
    });
    (url, conversation)
}

async fn converse(stream: TcpStream) -> Vec<String> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut heard = Vec::new();
    writer.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        heard.push(line);
        // The other side may be gone already.
        if writer.write_all(b"250 yes\r\n").await.is_err() {
            break;
        }
    }
    heard
}

async fn send_over(url: &str) -> (kernel::Core, Option<String>) {
    let mail: Arc<dyn Mail> = Arc::new(Smtp::new(url, sender().from).unwrap());
    let (_database, core, service) = World::with(mail).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    let error = sqlx::query_scalar("select last_error from notifications.message")
        .fetch_one(&core.pool)
        .await
        .unwrap();
    (core, error)
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failed_try() {
    let nobody = nobody_listens();
    let (_core, error) = send_over(&format!("smtp://{}", nobody.local_addr().unwrap())).await;
    assert_eq!(error.as_deref(), Some("the mail server could not be reached"));
}

#[tokio::test]
async fn a_wrong_url_is_refused_without_repeating_it() {
    for url in ["secret", "http://user:secret@host", "smtp://user:secret@host?tls=maybe"] {
        let error = Smtp::new(url, sender().from).err().unwrap();
        assert!(!format!("{error:#?}").contains("secret"), "{error:#?}");
    }
}

#[tokio::test]
async fn authorities_that_are_none_or_that_nothing_is_asked_of_are_refused() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    for (url, authorities) in [
        ("smtps://user:secret@host", "no certificate"),
        ("smtps://user:secret@host", ""),
        ("smtp://user:secret@host", made.as_str()),
    ] {
        let error = Smtp::trusting(url, sender().from, authorities.as_bytes()).err().unwrap();
        let words = format!("{error:#?}");
        assert!(words.contains("SMTP_CA") && !words.contains("secret"), "{words}");
    }
    Smtp::trusting("smtp://host?tls=required", sender().from, made.as_bytes()).unwrap();
}

#[tokio::test]
async fn where_tls_is_asked_for_nothing_is_told_without_it() {
    let (url, conversation) = mail_server().await;
    let (_core, error) = send_over(&format!("{url}?tls=required")).await;
    assert_eq!(error.as_deref(), Some("the mail server could not be reached"));
    let heard = conversation.await.unwrap().join("\n");
    assert!(heard.starts_with("EHLO") && !heard.contains("ada@") && !heard.contains("MAIL"), "{heard}");
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let handshake = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        TlsAcceptor::from(Arc::new(config)).accept(stream).await.is_ok()
    });
    let (_core, error) = send_over(&format!("smtps://localhost:{port}")).await;
    assert_eq!(error.as_deref(), Some("the mail server could not be reached"));
    assert!(!handshake.await.unwrap(), "the client ends the handshake");
}
