use std::sync::Arc;

use jiff::SignedDuration;
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

use crate::{World, confirmed, receive, run, sender};

/// A mail server for one conversation; gives back every line it was told. Refuses recipients when asked to.
async fn mail_server(refuse: bool) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let conversation = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        converse(stream, refuse).await
    });
    (url, conversation)
}

async fn converse(stream: TcpStream, refuse: bool) -> Vec<String> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut heard = Vec::new();
    let mut in_data = false;
    writer.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            _ if in_data && line != "." => "",
            "." => "250 taken\r\n",
            "EHLO" | "HELO" | "MAIL" => "250 yes\r\n",
            "RCPT" if refuse => "550 <ada@example.org> lives here no more\r\n",
            "RCPT" => "250 yes\r\n",
            "DATA" => "354 go on\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "500 what\r\n",
        };
        in_data = (in_data || answer.starts_with("354")) && line != ".";
        heard.push(line);
        // Whoever refuses may find the other side gone already.
        if writer.write_all(answer.as_bytes()).await.is_err() {
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
async fn a_message_reaches_the_mail_server_whole() {
    let (url, conversation) = mail_server(false).await;
    let (core, error) = send_over(&url).await;
    assert_eq!(error, None);
    let status: String =
        sqlx::query_scalar("select status from notifications.message").fetch_one(&core.pool).await.unwrap();
    assert_eq!(status, "sent");
    let heard = conversation.await.unwrap().join("\n");
    for part in [
        "MAIL FROM:<no-reply@example.org>",
        "RCPT TO:<ada@example.org>",
        "Subject: Appointment confirmed: Tuesday 24 November, 9:15 am",
        "BEGIN:VCALENDAR",
    ] {
        assert!(heard.contains(part), "{part:?} was not heard:\n{heard}");
    }
}

/// C-50: over a real conversation, since a mail program acts on what arrives.
#[tokio::test]
async fn a_reminder_arrives_with_its_way_out_and_its_answers() {
    let (url, conversation) = mail_server(false).await;
    let mail: Arc<dyn Mail> = Arc::new(Smtp::new(&url, sender().from).unwrap());
    let (_database, core, service) = World::with(mail).await;
    receive(&core, &service, &confirmed(&core, 1)).await;
    // Only the reminder is sent here.
    sqlx::query("delete from notifications.message").execute(&core.pool).await.unwrap();
    // The evening before, 8:30 pm in Sydney.
    core.clock.advance(SignedDuration::from_mins(33 * 60 + 30));
    assert_eq!(run(&service, "notifications.write_reminders").await, 1);
    assert_eq!(run(&service, "notifications.send_messages").await, 1);
    let heard = conversation.await.unwrap();
    let header = |name: &str| heard.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let link = header("List-Unsubscribe: <https://hellomapper.example/api/v1/notifications/unsubscribe/");
    assert_eq!(link.len(), 33, "{heard:#?}");
    assert_eq!(header("List-Unsubscribe-Post: "), "List-Unsubscribe=One-Click");
    // Quoted-printable breaks long lines.
    let words = heard.join("\n").replace("=\n", "");
    for link in [
        "hellomapper.example/reply/yes/",
        "hellomapper.example/reply/no/",
        "hellomapper.example/unsubscribe/",
    ] {
        assert!(words.contains(link), "{link}:\n{words}");
    }
}

#[tokio::test]
async fn a_refusal_is_remembered_without_whom_it_names() {
    let (url, conversation) = mail_server(true).await;
    let (_core, error) = send_over(&url).await;
    assert_eq!(error.as_deref(), Some("the mail server refused with 550"));
    conversation.abort();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failed_try() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    drop(listener);
    let (_core, error) = send_over(&url).await;
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
async fn where_tls_is_asked_for_nothing_is_told_without_it() {
    let (url, conversation) = mail_server(false).await;
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
