//! A network that fails on demand: a TCP proxy between two programs, at an address that stays.
//!
//! It has a thread of its own: a test that waits for a program holds up nothing here.
//!
//! **Promise.** What it is told holds from that moment on, for connections that are open and for those to come. `Drop` closes everything.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::thread::JoinHandle;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::client::Address;

/// Bytes that are passed on at once: less than a batch, so that a cut may fall into one.
const CHUNK_BYTES: usize = 8 << 10;

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Fair,
    /// Connections stand, and nothing passes in either direction: nobody is told.
    Silent,
    /// There are no connections, and there will be none.
    Cut,
}

/// The proxy.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: Option<watch::Sender<(Weather, u64)>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Passes everything on to wherever an address is.
    ///
    /// # Panics
    /// Where nothing can listen on the loopback.
    #[must_use]
    pub fn to(target: &Address) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("the loopback has ports");
        let address = listener.local_addr().expect("it listens");
        listener.set_nonblocking(true).expect("it listens");
        let (weather, mut seen) = watch::channel((Weather::Fair, 0));
        let target = target.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = TcpListener::from_std(listener).expect("it listens");
                let passed = seen.clone();
                let serve = async {
                    while let Ok((near, _)) = listener.accept().await {
                        tokio::spawn(pass(near, target.clone(), passed.clone()));
                    }
                };
                tokio::select! {
                    () = serve => {}
                    // The proxy is gone.
                    () = async { while seen.changed().await.is_ok() {} } => {}
                }
            });
        });
        Self { address, weather: Some(weather), thread: Some(thread) }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The network is so from here on.
    pub fn turn(&self, weather: Weather) {
        self.tell(|now| now.0 = weather);
    }

    /// Every connection that is open breaks; others may come.
    pub fn hang_up(&self) {
        self.tell(|(_, generation)| *generation += 1);
    }

    fn tell(&self, change: impl FnOnce(&mut (Weather, u64))) {
        self.weather.as_ref().expect("it runs until it is dropped").send_modify(change);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.weather.take();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            eprintln!("the proxy has panicked");
        }
    }
}

async fn pass(near: TcpStream, target: Address, seen: watch::Receiver<(Weather, u64)>) {
    let began = seen.borrow().1;
    if seen.borrow().0 == Weather::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(target.get()).await else { return };
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    let mut watched = seen.clone();
    let broken = watched.wait_for(|(weather, generation)| *weather == Weather::Cut || *generation != began);
    // An end in one direction ends both: what is passed here speaks both ways or not at all.
    tokio::select! {
        _ = broken => {}
        () = carry(near_in, far_out, seen.clone()) => {}
        () = carry(far_in, near_out, seen.clone()) => {}
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut seen: watch::Receiver<(Weather, u64)>) {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let Ok(read @ 1..) = from.read(&mut chunk).await else { return };
        if seen.wait_for(|(weather, _)| *weather != Weather::Silent).await.is_err() {
            return;
        }
        if to.write_all(&chunk[..read]).await.is_err() {
            return;
        }
    }
}
