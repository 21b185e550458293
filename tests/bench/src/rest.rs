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
    tills: usize,
    orders: usize,
    made: &Arc<Orders>,
    run: RunId,
) -> io::Result<f64> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..tills)
        .map(|first| {
            let made = Arc::clone(made);
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(server).await?;
                stream.set_nodelay(true)?;
                for index in (first..orders).step_by(tills) {
                    let answered = timeout(PATIENCE, post(&mut stream, &made.body(run, index))).await;
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

/// Places one order; it must be answered with 201.
async fn post(stream: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let mut request = format!(
        "POST /api/orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
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
            let is_created = text.starts_with("http/1.1 201 ");
            let said = || io::Error::other(String::from_utf8_lossy(&answer).into_owned());
            return if is_created { Ok(()) } else { Err(said()) };
        }
    }
}
