//! Requests that no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far beyond what any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);
const CHUNK: usize = 10_000;

/// Sends a text as it is; answers the head of what comes back, or nothing where the connection ends before.
pub async fn head(address: &str, request: &str) -> String {
    exchange(address, request.as_bytes().to_vec()).await
}

/// Posts a body of so many bytes, said beforehand or in chunks, and shows what `Authorization` is to be; answers like [`head`].
pub async fn body(address: &str, path: &str, shown: &str, bytes: usize, is_chunked: bool) -> String {
    let length =
        if is_chunked { "Transfer-Encoding: chunked".to_owned() } else { format!("Content-Length: {bytes}") };
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {shown}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    )
    .into_bytes();
    if is_chunked {
        for _ in 0..bytes / CHUNK {
            request.extend_from_slice(format!("{CHUNK:x}\r\n").as_bytes());
            request.resize(request.len() + CHUNK, b' ');
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"0\r\n\r\n");
    } else {
        request.resize(request.len() + bytes, b' ');
    }
    exchange(address, request).await
}

async fn exchange(address: &str, request: Vec<u8>) -> String {
    let stream = TcpStream::connect(address).await.expect("the hub listens");
    let (mut from, mut to) = stream.into_split();
    // Whoever is refused may find that nobody reads the rest.
    let writing = tokio::spawn(async move {
        let _ = to.write_all(&request).await;
        to
    });
    let mut heard = Vec::new();
    let reading = async {
        while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
            match from.read_buf(&mut heard).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
    };
    timeout(PATIENCE, reading).await.expect("an answer, or an end");
    writing.abort();
    String::from_utf8_lossy(&heard).into_owned()
}
