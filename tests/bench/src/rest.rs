//! Tills that place orders by REST, each its next one when the last was answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::orders::{Orders, RunId};

/// How long one order may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Places orders from some tills at once; answers how long all took, in seconds.
pub(crate) async fn place(
    server: SocketAddr,
    token: &str,
    tills: usize,
    orders: usize,
    made: &Arc<Orders>,
    run: RunId,
) -> io::Result<f64> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..tills)
        .map(|first| {
            let (made, token) = (Arc::clone(made), token.to_owned());
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(server).await?;
                stream.set_nodelay(true)?;
                for index in (first..orders).step_by(tills) {
                    let answered = timeout(PATIENCE, async {
                        post(&mut stream, "/api/orders/", &token, &made.body(run, index), "201").await
                    })
                    .await;
                    answered.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "an order"))??;
                }
                io::Result::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await.map_err(io::Error::other)??;
    }
    Ok(began.elapsed().as_secs_f64())
}

/// Signs the demo's cashier in; answers the access token. A hub that has just begun may still be opening its accounts.
pub(crate) async fn sign_in(server: SocketAddr) -> io::Result<String> {
    let credentials = br#"{"username": "cashier", "password": "demo-cashier"}"#;
    let began = Instant::now();
    loop {
        let mut stream = TcpStream::connect(server).await?;
        match post(&mut stream, "/api/token/", "", credentials, "200").await {
            Ok(answer) => {
                let access = answer.split("\"access\":\"").nth(1).and_then(|rest| rest.split('"').next());
                return access.map(str::to_owned).ok_or_else(|| io::Error::other("no token"));
            }
            Err(error) if began.elapsed() > PATIENCE => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Posts; the answer must have the status that is expected.
async fn post(
    stream: &mut TcpStream,
    path: &str,
    token: &str,
    body: &[u8],
    status: &str,
) -> io::Result<String> {
    let length = body.len();
    let authorization =
        if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    stream.write_all(&request).await?;
    let mut answer = Vec::with_capacity(4_096);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let length: usize = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
        if answer.len() >= head + 4 + length {
            let said = String::from_utf8_lossy(&answer).into_owned();
            let is_as_expected = text.starts_with(&format!("http/1.1 {status} "));
            return if is_as_expected { Ok(said) } else { Err(io::Error::other(said)) };
        }
    }
}
