//! What the hub makes of other machines on the network: the same requests, from where no loopback test can send them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod outlet;
mod plain_http;
mod rates;
