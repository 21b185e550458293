//! The API beside the backend that is replaced: what is asked, of both in turn, over the same data.
//!
//! Both run all the time, but only one of them is asked. What reads is measured in all rounds before anything is written, so that
//! both answer from as many orders.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::check::{check, check_count};
use crate::django::{Django, Parts};
use crate::http::{Client, request};
use crate::orders::{Orders, RunId};
use crate::proc;
use crate::rest;
use crate::rounds::Figures;
use crate::scratch::Scratch;
use crate::server::{Programs, Server, Side};
use crate::shop::{CASHIER, KINDS, Shop};
use crate::stats::Histogram;

/// A run number that no load of the live part comes to.
const RUN: usize = 0xe00;
/// Orders of the page that is measured.
pub(crate) const PAGE: usize = 20;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// Orders that are there before.
    pub(crate) orders: usize,
    pub(crate) warm_seconds: f64,
    /// How long each load lasts: the slower needs longer for as many answers.
    pub(crate) hub_seconds: f64,
    pub(crate) django_seconds: f64,
}

impl Plan {
    /// Everything, within three minutes.
    pub(crate) const FULL: Self =
        Self { rounds: 3, orders: 500, warm_seconds: 0.5, hub_seconds: 2.0, django_seconds: 4.0 };
    /// Whether everything works.
    pub(crate) const QUICK: Self =
        Self { rounds: 1, orders: 20, warm_seconds: 0.0, hub_seconds: 0.1, django_seconds: 0.2 };
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    List,
    Page,
    Order,
    /// The list as browsers ask for it.
    Compressed,
    /// The list, by a client that holds it.
    Held,
}

/// A load, and what its figures are called: CPU, p50, p99 and rate.
struct Load {
    what: What,
    clients: usize,
    figures: [&'static str; 4],
}

const READS: [Load; 4] = [
    Load {
        what: What::List,
        clients: 1,
        figures: ["list1_cpu_ms", "list1_p50_ms", "list1_p99_ms", "list1_rate"],
    },
    Load {
        what: What::List,
        clients: 16,
        figures: ["list16_cpu_ms", "list16_p50_ms", "list16_p99_ms", "list16_rate"],
    },
    Load {
        what: What::Page,
        clients: 1,
        figures: ["page1_cpu_ms", "page1_p50_ms", "page1_p99_ms", "page1_rate"],
    },
    Load {
        what: What::Page,
        clients: 16,
        figures: ["page16_cpu_ms", "page16_p50_ms", "page16_p99_ms", "page16_rate"],
    },
];
/// What the replaced backend does not do.
const HUB_READS: [Load; 2] = [
    Load {
        what: What::Compressed,
        clients: 1,
        figures: ["gzip_cpu_ms", "gzip_p50_ms", "gzip_p99_ms", "gzip_rate"],
    },
    Load {
        what: What::Held,
        clients: 1,
        figures: ["held_cpu_ms", "held_p50_ms", "held_p99_ms", "held_rate"],
    },
];
const WRITES: [Load; 2] = [
    Load {
        what: What::Order,
        clients: 1,
        figures: ["order1_cpu_ms", "order1_p50_ms", "order1_p99_ms", "order1_rate"],
    },
    Load {
        what: What::Order,
        clients: 16,
        figures: ["order16_cpu_ms", "order16_p50_ms", "order16_p99_ms", "order16_rate"],
    },
];

/// One of the two, ready to be asked.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) side: Side,
    pub(crate) http: SocketAddr,
    roots: Vec<u32>,
    token: String,
    shop: Arc<Shop>,
    orders: Arc<Orders>,
    /// Orders placed so far.
    pub(crate) placed: AtomicUsize,
    /// What names the list that a client holds.
    tag: String,
}

/// How it was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Where PostgreSQL's data are.
    pub(crate) file_system: String,
    pub(crate) took_s: f64,
}

/// Measures both.
pub(crate) async fn measure(
    plan: Plan,
    programs: &Programs,
    parts: &Parts,
    scratch: &Path,
    orders: &Arc<Orders>,
    figures: &mut Figures,
) -> io::Result<Measured> {
    let began = Instant::now();
    let shop = Arc::new(Shop::new());
    let scratch = Scratch::new(&scratch.join("api"))?;
    let django = Django::start(parts, scratch.path(), &shop, plan.orders)?;
    eprintln!("bench: django answers, {:.0} s", began.elapsed().as_secs_f64());
    let data = scratch.path().join("hub");
    std::fs::create_dir(&data)?;
    let hub = Server::start_hub(programs, &data)?;
    let hub_target = Target::new(Side::Hub, hub.http, vec![hub.pid()], &shop, orders).await?;
    hub_target.fill(plan.orders).await?;
    let django_target = Target::new(Side::Django, django.http, django.roots(), &shop, orders).await?;
    django_target.placed.store(plan.orders, Ordering::Relaxed);
    check(&hub_target, &django_target, plan.orders.min(KINDS)).await?;
    let mut targets = Vec::new();
    for mut target in [django_target, hub_target] {
        target.look(figures).await?;
        target.memory(figures, "api_idle_pss_mb")?;
        targets.push(Arc::new(target));
    }
    let hub_only: &[Load] = &HUB_READS;
    for (loads, hub_loads) in [(&READS[..], hub_only), (&WRITES[..], &[])] {
        for round in 0..plan.rounds {
            for target in &targets {
                let own = if target.side == Side::Hub { hub_loads } else { &[] };
                for load in loads.iter().chain(own) {
                    target.load(load, plan, figures).await?;
                }
                let took = began.elapsed().as_secs();
                eprintln!(
                    "bench: {} API, round {} of {}, {took} s",
                    target.side.name(),
                    round + 1,
                    plan.rounds
                );
            }
        }
    }
    for target in &targets {
        check_count(target).await?;
        target.memory(figures, "api_end_pss_mb")?;
    }
    let file_system = proc::file_system(django.dir())?;
    hub.stop()?;
    drop(django);
    Ok(Measured { file_system, took_s: began.elapsed().as_secs_f64() })
}

impl Target {
    async fn new(
        side: Side,
        http: SocketAddr,
        roots: Vec<u32>,
        shop: &Arc<Shop>,
        orders: &Arc<Orders>,
    ) -> io::Result<Self> {
        let token = rest::sign_in(http, CASHIER).await?;
        let (shop, orders) = (Arc::clone(shop), Arc::clone(orders));
        Ok(Self { side, http, roots, token, shop, orders, placed: AtomicUsize::new(0), tag: String::new() })
    }

    /// Takes the hub's menu down to the shop's, and places the orders that Django was filled with.
    async fn fill(&self, orders: usize) -> io::Result<()> {
        let owner = rest::sign_in(self.http, "owner").await?;
        let mut client = Client::new(self.http);
        for product in &self.shop.left_out {
            let answer =
                client.ask(&request("DELETE", &format!("/api/products/{product}/"), &owner, "", b"")).await?;
            if answer.status != 204 {
                return Err(io::Error::other(answer.text()));
            }
        }
        for _ in 0..orders {
            client.ask(&self.request(What::Order)).await?.json(201)?;
        }
        Ok(())
    }

    /// What a list says about itself.
    async fn look(&mut self, figures: &mut Figures) -> io::Result<()> {
        let mut client = Client::new(self.http);
        let answer = client.ask(&self.request(What::List)).await?;
        figures.add("list_bytes", self.side, answer.body.len() as f64);
        answer.header("etag").unwrap_or_default().clone_into(&mut self.tag);
        if self.side == Side::Hub {
            let answer = client.ask(&self.request(What::Compressed)).await?;
            if answer.header("content-encoding") != Some("gzip") {
                return Err(io::Error::other("the hub's list is not compressed"));
            }
            figures.add("gzip_bytes", self.side, answer.body.len() as f64);
        }
        let answer = client.ask(&self.request(What::Page)).await?;
        figures.add("page_bytes", self.side, answer.body.len() as f64);
        Ok(())
    }

    /// The bytes of a request; each order is another.
    fn request(&self, what: What) -> Vec<u8> {
        let get = |path: &str, headers: &str| request("GET", path, &self.token, headers, b"");
        match what {
            What::List => get("/api/products/", ""),
            What::Page => get(&format!("/api/orders/?page_size={PAGE}"), ""),
            What::Compressed => get("/api/products/", "Accept-Encoding: gzip\r\n"),
            What::Held => get("/api/products/", &format!("If-None-Match: {}\r\n", self.tag)),
            What::Order => {
                let index = self.placed.fetch_add(1, Ordering::Relaxed);
                let body = match self.side {
                    Side::Hub => self.shop.hub_body(index, &self.orders.id(RunId::new(RUN), index)),
                    _ => self.shop.django_body(index).to_string().into_bytes(),
                };
                request("POST", "/api/orders/", &self.token, "", &body)
            }
        }
    }

    /// Reads something.
    pub(crate) async fn get(&self, path: &str) -> io::Result<Value> {
        Client::new(self.http).ask(&request("GET", path, &self.token, "", b"")).await?.json(200)
    }

    /// Places the next order.
    pub(crate) async fn place(&self) -> io::Result<Value> {
        Client::new(self.http).ask(&self.request(What::Order)).await?.json(201)
    }

    fn memory(&self, figures: &mut Figures, figure: &'static str) -> io::Result<()> {
        figures.add(figure, self.side, proc::tree_memory(&self.roots)?.pss as f64 / 1e6);
        Ok(())
    }

    /// Gives a load: first to warm up, then measured.
    async fn load(self: &Arc<Self>, load: &Load, plan: Plan, figures: &mut Figures) -> io::Result<()> {
        let seconds = if self.side == Side::Hub { plan.hub_seconds } else { plan.django_seconds };
        self.run(load, plan.warm_seconds).await?;
        let (cpu, start) = (proc::tree_cpu_seconds(&self.roots)?, Instant::now());
        let latency = self.run(load, seconds).await?;
        let (cpu, wall) = (proc::tree_cpu_seconds(&self.roots)? - cpu, start.elapsed().as_secs_f64());
        let answers = latency.count() as f64;
        let values =
            [cpu / answers * 1_000.0, latency.quantile_ms(0.50), latency.quantile_ms(0.99), answers / wall];
        for (figure, value) in load.figures.into_iter().zip(values) {
            figures.add(figure, self.side, value);
        }
        Ok(())
    }

    /// Each client asks again when it was answered, until the time is up.
    async fn run(self: &Arc<Self>, load: &Load, seconds: f64) -> io::Result<Histogram> {
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        let clients: Vec<_> = (0..load.clients)
            .map(|_| {
                let (target, what) = (Arc::clone(self), load.what);
                tokio::spawn(async move { target.ask_until(what, until).await })
            })
            .collect();
        let mut all = Histogram::default();
        for client in clients {
            all.add(&client.await.map_err(io::Error::other)??);
        }
        Ok(all)
    }

    async fn ask_until(&self, what: What, until: Instant) -> io::Result<Histogram> {
        let expected = match what {
            What::Order => 201,
            What::Held => 304,
            What::List | What::Page | What::Compressed => 200,
        };
        let mut latency = Histogram::default();
        let mut client = Client::new(self.http);
        while Instant::now() < until {
            let request = self.request(what);
            let asked = Instant::now();
            let answer = client.ask(&request).await?;
            latency.record(asked.elapsed().as_micros() as u64);
            if answer.status != expected {
                let text = answer.text();
                let name = self.side.name();
                return Err(io::Error::other(format!(
                    "{name} answers {what:?} with {}: {text}",
                    answer.status
                )));
            }
        }
        Ok(latency)
    }
}
