//! Tills that place orders by REST, each its next one when the last was answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{Client, request};
use crate::orders::{Orders, RunId};

/// How long a server that has just begun may take until it lets somebody in.
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
                let mut client = Client::new(server);
                for index in (first..orders).step_by(tills) {
                    let request = request("POST", "/api/orders/", &token, "", &made.body(run, index));
                    let answer = client.ask(&request).await?;
                    if answer.status != 201 {
                        return Err(io::Error::other(answer.text()));
                    }
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

/// Signs one of the demo's people in; answers the access token. A hub that has just begun may still be opening its accounts.
pub(crate) async fn sign_in(server: SocketAddr, username: &str) -> io::Result<String> {
    let password = format!("demo-{username}");
    let credentials = json!({"username": username, "password": password}).to_string();
    let request = request("POST", "/api/token/", "", "", credentials.as_bytes());
    let began = Instant::now();
    loop {
        let mut client = Client::new(server);
        match client.ask(&request).await.and_then(|answer| answer.json(200)) {
            Ok(answer) => {
                let access = answer["access"].as_str().map(str::to_owned);
                return access.ok_or_else(|| io::Error::other("no token"));
            }
            Err(error) if began.elapsed() > PATIENCE => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
