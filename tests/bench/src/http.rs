//! HTTP by hand, over a connection that is kept: just what a till needs, and the same for both servers.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Room for a list of the menu.
const BUFFER_BYTES: usize = 128 << 10;

/// A connection to one server, opened when it is first needed and again where the server has closed it.
#[derive(Debug)]
pub(crate) struct Client {
    server: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// What was answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'buffer> {
    pub(crate) status: u16,
    /// As it came: where it is chunked, with the chunks' sizes.
    pub(crate) body: &'buffer [u8],
    head: &'buffer str,
}

impl Answer<'_> {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }

    /// The body, where the status is the one that is expected.
    pub(crate) fn json(&self, expected: u16) -> io::Result<serde_json::Value> {
        if self.status != expected {
            return Err(io::Error::other(format!("{} instead of {expected}: {}", self.status, self.text())));
        }
        Ok(serde_json::from_slice(self.body)?)
    }
}

impl Client {
    /// To this server.
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self { server, stream: None, buffer: Vec::with_capacity(BUFFER_BYTES) }
    }

    /// Sends a request, and waits for the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let exchange = timeout(PATIENCE, self.exchange(request)).await;
        let (head_end, body_end) =
            exchange.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "no answer"))??;
        let head = std::str::from_utf8(&self.buffer[..head_end]).map_err(io::Error::other)?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("not HTTP: {head}")))?;
        if header(head, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = None;
        }
        Ok(Answer { status, head, body: &self.buffer[head_end..body_end] })
    }

    /// Answers where head and body end in the buffer.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<(usize, usize)> {
        // Whatever ends this early leaves no half-read connection behind.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => TcpStream::connect(self.server).await?,
        };
        stream.set_nodelay(true)?;
        stream.write_all(request).await?;
        self.buffer.clear();
        let mut head_end = None;
        loop {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            head_end = head_end.or_else(|| {
                let at = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
                Some(at + 4)
            });
            if let Some(head_end) = head_end
                && let Some(body_end) = body_end(&self.buffer, head_end)?
            {
                self.stream = Some(stream);
                return Ok((head_end, body_end));
            }
        }
    }
}

/// Where the body ends, once all of it is there.
fn body_end(buffer: &[u8], head_end: usize) -> io::Result<Option<usize>> {
    let head = std::str::from_utf8(&buffer[..head_end]).map_err(io::Error::other)?;
    if head.starts_with("HTTP/1.1 304 ") || head.starts_with("HTTP/1.1 204 ") {
        return Ok(Some(head_end));
    }
    if let Some(length) = header(head, "content-length") {
        let length: usize = length.parse().map_err(io::Error::other)?;
        return Ok((buffer.len() >= head_end + length).then_some(head_end + length));
    }
    if header(head, "transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        return chunks_end(buffer, head_end);
    }
    Err(io::Error::other(format!("an answer without a length: {head}")))
}

/// Where the last chunk ends, once it is there.
fn chunks_end(buffer: &[u8], mut at: usize) -> io::Result<Option<usize>> {
    loop {
        let Some(line) = buffer[at..].windows(2).position(|two| two == b"\r\n") else { return Ok(None) };
        let size = std::str::from_utf8(&buffer[at..at + line]).map_err(io::Error::other)?;
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        at += line + 2 + size + 2;
        if at > buffer.len() {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(at));
        }
    }
}

fn header<'head>(head: &'head str, name: &str) -> Option<&'head str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A request's bytes; an empty token is none, and an empty body too.
pub(crate) fn request(method: &str, path: &str, token: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}");
    if !token.is_empty() {
        request.extend(["Authorization: Bearer ", token, "\r\n"]);
    }
    if !body.is_empty() {
        let length = body.len().to_string();
        request.extend(["Content-Type: application/json\r\nContent-Length: ", &length, "\r\n"]);
    }
    request += "\r\n";
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(answer: &str) -> Option<usize> {
        let head_end = answer.find("\r\n\r\n").unwrap() + 4;
        body_end(answer.as_bytes(), head_end).unwrap()
    }

    #[test]
    fn an_answer_ends_where_its_head_says() {
        for (whole, rest) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", ""),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", "HTTP"),
        ] {
            assert_eq!(end(&format!("{whole}{rest}")), Some(whole.len()), "{whole}");
        }
        assert_eq!(end("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab"), None);
        assert_eq!(end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"), None);
    }

    #[test]
    fn a_request_says_what_it_carries() {
        let bytes = request("POST", "/api/orders/", "t", "", b"{}");
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with("POST /api/orders/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n")
        );
        assert!(text.ends_with("Content-Length: 2\r\n\r\n{}"), "{text}");
        assert!(!String::from_utf8(request("GET", "/", "", "", b"")).unwrap().contains("Content-Length"));
    }
}
