//! The smallest HTTP/1.1 client that measures: one kept-alive connection, blocking, no cleverness. It shares the
//! machine with what it measures, so it must cost little.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use uuid::Uuid;

/// A reply takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(30);

/// One kept-alive connection; opened again after a failure.
pub struct Client {
    addr: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

/// What came back.
#[derive(Default)]
pub struct Reply {
    pub status: u16,
    /// The first cookie set, without its attributes.
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

impl Reply {
    /// The reply itself, when it has the status expected.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        let body = String::from_utf8_lossy(&self.body);
        bail!("status {} instead of {status}: {}", self.status, body.chars().take(300).collect::<String>())
    }

    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Client {
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr, stream: None }
    }

    /// `GET`, which must be answered with 200.
    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.get_as(path, None)
    }

    /// The same of somebody with a cookie.
    pub fn get_as(&mut self, path: &str, cookie: Option<&str>) -> Result<Reply> {
        let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", self.addr))
            .and_then(|reply| reply.expect(200))
            .with_context(|| format!("GET {path}"))
    }

    /// `POST` of JSON under an idempotency key, which must be answered with `status`.
    pub fn post(
        &mut self,
        path: &str,
        key: Uuid,
        cookie: Option<&str>,
        json: &str,
        status: u16,
    ) -> Result<Reply> {
        let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
             {cookie}Content-Length: {}\r\n\r\n{json}",
            self.addr,
            json.len()
        );
        self.ask(&request).and_then(|reply| reply.expect(status)).with_context(|| format!("POST {path}"))
    }

    /// Any request with headers of one's own, each with the end of its line, and whatever it is answered with.
    pub fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Reply> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            self.addr,
            body.len()
        );
        self.ask(&request).with_context(|| format!("{method} {path}"))
    }

    fn ask(&mut self, request: &str) -> Result<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.addr)?,
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let (reply, keep) = read(&mut stream)?;
        self.stream = keep.then_some(stream);
        Ok(reply)
    }
}

fn connect(addr: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::with_capacity(64 * 1024, stream))
}

/// One reply, and whether the connection stays open.
fn read(stream: &mut BufReader<TcpStream>) -> Result<(Reply, bool)> {
    let (mut reply, mut length, mut chunked, mut keep) = (Reply::default(), 0, false, true);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    reply.status = line.get(9..12).and_then(|code| code.parse().ok()).context("this is no HTTP reply")?;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse()?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            keep = !value.eq_ignore_ascii_case("close");
        } else if name.eq_ignore_ascii_case("set-cookie") && reply.cookie.is_none() {
            reply.cookie = value.split(';').next().map(str::to_owned);
        }
    }
    if !chunked {
        take(stream, length, &mut reply.body)?;
        return Ok((reply, keep));
    }
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16).context("the size of a chunk")?;
        take(stream, size, &mut reply.body)?;
        line.clear();
        stream.read_line(&mut line)?;
        if size == 0 {
            return Ok((reply, keep));
        }
    }
}

fn take(stream: &mut BufReader<TcpStream>, length: usize, body: &mut Vec<u8>) -> Result<()> {
    let start = body.len();
    body.resize(start + length, 0);
    stream.read_exact(body.get_mut(start..).unwrap_or_default())?;
    Ok(())
}
