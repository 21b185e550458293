//! **Between a till and the hub nobody reads along, and nobody can keep others out**: HTTPS by the hub's own authority, as OpenSSL
//! sees it, and what becomes of connections that are slow, or too many.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tests::hub::{STOP_WITHIN, Setup, TestHub, until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// Beyond every limit of time that the hub has for a connection that says nothing useful.
const CUT_WITHIN: Duration = Duration::from_secs(40);

fn openssl(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("openssl is installed");
    // One that fails at once may not read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The authority as a device downloads it, in a file.
async fn authority(hub: &TestHub) -> PathBuf {
    let answer = hub.client().get("/trust/ca.pem").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let path = hub.beside("ca.pem");
    fs::write(&path, answer.text).unwrap();
    path
}

/// Asks whether the hub takes sales, encrypted, trusting that authority alone.
fn ask(hub: &TestHub, authority: &Path, arguments: &[&str]) -> Output {
    let address = hub.https().to_string();
    let ca = authority.to_str().unwrap();
    let given = ["s_client", "-connect", &address, "-CAfile", ca, "-verify_return_error", "-ign_eof"];
    openssl(
        &[&given, arguments].concat(),
        "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )
}

#[tokio::test]
async fn a_device_that_trusts_the_authority_reaches_the_hub_by_every_name_and_no_other() {
    let hub = Setup::demo().start().await;
    let ca = authority(&hub).await;
    for (host, is_reached) in [
        (&["-verify_hostname", "localhost"][..], true),
        (&["-verify_hostname", "outlet-hub.local"], true),
        (&["-verify_ip", "127.0.0.1"], true),
        (&["-verify_ip", "::1"], true),
        (&["-verify_hostname", "other.local"], false),
        (&["-verify_ip", "192.0.2.1"], false),
    ] {
        let output = ask(&hub, &ca, host);
        let words = said(&output);
        assert_eq!(output.status.success(), is_reached, "{host:?}: {words}");
        assert_eq!(
            words.contains("HTTP/1.1 200 OK") && words.contains("\"ready\":true"),
            is_reached,
            "{words}"
        );
    }
    // Who trusts another authority, or none, does not reach it.
    let other = Setup::demo().start().await;
    let others = authority(&other).await;
    assert!(!ask(&hub, &others, &[]).status.success());
    assert!(!ask(&hub, Path::new("/dev/null"), &[]).status.success());
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken_and_nothing_older() {
    let hub = Setup::demo().start().await;
    let ca = authority(&hub).await;
    for (version, shown) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let words = said(&ask(&hub, &ca, &[version, "-alpn", "h2,http/1.1"]));
        assert!(words.contains("HTTP/1.1 200 OK") && words.contains(shown), "{version}: {words}");
        assert!(words.contains("ALPN protocol: http/1.1"), "{version}: {words}");
    }
    for version in ["-tls1", "-tls1_1"] {
        // With its usual ciphers OpenSSL would refuse by itself; it is the hub that must.
        let output = ask(&hub, &ca, &[version, "-cipher", "DEFAULT:@SECLEVEL=0"]);
        let words = said(&output);
        assert!(!output.status.success() && words.contains("SSL alert number"), "{version}: {words}");
    }
}

#[tokio::test]
async fn a_stolen_authority_vouches_for_nothing_outside_the_lan() {
    let hub = Setup::demo().start().await;
    let ca = authority(&hub).await;
    let stolen = hub.data_dir().join("secrets/ca.pem");
    let verified = |name: &str, usage: &str, purpose: &str| {
        let file = |ending: &str| hub.beside(&format!("forged.{ending}")).display().to_string();
        let (key, request, forged, extensions) = (file("key"), file("csr"), file("crt"), file("ext"));
        let made = openssl(
            &[
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/O=x",
                "-keyout",
                &key,
                "-out",
                &request,
            ],
            "",
        );
        assert!(made.status.success(), "{}", said(&made));
        fs::write(&extensions, format!("subjectAltName={name}\nextendedKeyUsage={usage}\n")).unwrap();
        let stolen = stolen.to_str().unwrap();
        let signed = openssl(
            &[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                stolen,
                "-CAkey",
                stolen,
                "-days",
                "30",
                "-extfile",
                &extensions,
                "-out",
                &forged,
            ],
            "",
        );
        assert!(signed.status.success(), "{}", said(&signed));
        openssl(&["verify", "-CAfile", ca.to_str().unwrap(), "-purpose", purpose, &forged], "")
    };
    for name in ["DNS:outlet-hub.local", "DNS:kasir.local", "IP:192.168.1.5", "IP:10.1.2.3", "IP:fd00::5"] {
        let output = verified(name, "serverAuth", "sslserver");
        assert!(output.status.success(), "{name}: {}", said(&output));
    }
    for name in ["DNS:bank.example", "DNS:local.example", "DNS:outlet-hub", "IP:8.8.8.8", "IP:2001:db8::1"] {
        let output = verified(name, "serverAuth", "sslserver");
        assert!(!output.status.success(), "{name} is vouched for");
        assert!(said(&output).contains("permitted subtree violation"), "{name}: {}", said(&output));
    }
    // It is for servers, not for mail.
    assert!(!verified("email:owner@bank.example", "emailProtection", "smimesign").status.success());
}

#[tokio::test]
async fn the_authority_stays_and_a_certificate_that_is_gone_or_damaged_is_made_anew() {
    let mut hub = Setup::demo().start().await;
    let secrets = hub.data_dir().join("secrets");
    let (ca, certificate) = (secrets.join("ca.pem"), secrets.join("https.pem"));
    let trusted = authority(&hub).await;
    for file in [&ca, &certificate] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    let (first_ca, first) = (fs::read(&ca).unwrap(), fs::read(&certificate).unwrap());
    hub.restart().await;
    assert_eq!((fs::read(&ca).unwrap(), fs::read(&certificate).unwrap()), (first_ca.clone(), first.clone()));
    for damage in [None, Some("{}"), Some("no certificate")] {
        hub.terminate().await;
        match damage {
            None => fs::remove_file(&certificate).unwrap(),
            Some(text) => fs::write(&certificate, text).unwrap(),
        }
        hub.start_again().await;
        assert_ne!(fs::read(&certificate).unwrap(), first);
        assert!(ask(&hub, &trusted, &["-verify_hostname", "localhost"]).status.success(), "{damage:?}");
    }
    // The authority is nothing to be made anew: people trust it.
    hub.terminate().await;
    fs::write(&ca, "damaged").unwrap();
    hub.start_again().await;
    hub.assert_ready().await;
    assert!(!hub.has_https() && hub.logged().contains("ca.pem"), "{}", hub.logged());
    assert_eq!(hub.client().get("/trust/ca.pem").await.status, 404);
    hub.terminate().await;
    fs::write(&ca, first_ca).unwrap();
    hub.start_again().await;
    assert!(ask(&hub, &trusted, &["-verify_hostname", "localhost"]).status.success());
}

#[tokio::test]
async fn the_authority_is_offered_in_every_form_that_devices_take() {
    let hub = Setup::demo().start().await;
    let ca = authority(&hub).await;
    let shown = openssl(&["x509", "-in", ca.to_str().unwrap(), "-noout", "-fingerprint", "-sha256"], "");
    let sha256 = said(&shown).trim().split_once('=').unwrap().1.to_owned();
    assert!(hub.logged().contains(&sha256), "the log names {sha256}: {}", hub.logged());
    let about = hub.client().read("/api/hub/").await;
    assert_eq!(about["ca_sha256"], sha256, "{about}");
    assert_eq!(about["https_port"], hub.https().port(), "{about}");
    let der = hub.client().get("/trust/ca.crt").await;
    assert_eq!(der.headers["content-type"], "application/x-x509-ca-cert");
    assert_eq!(der.headers["content-disposition"], "attachment; filename=\"outlet-hub-ca.crt\"");
    let profile = hub.client().get("/trust/ca.mobileconfig").await;
    assert_eq!(profile.headers["content-type"], "application/x-apple-aspen-config");
    let data = profile.text.split("<data>").nth(1).unwrap().split("</data>").next().unwrap();
    let (bare, pem) =
        (|text: &str| text.split_whitespace().collect::<String>(), fs::read_to_string(&ca).unwrap());
    let inner: Vec<&str> = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    assert_eq!(bare(data), inner.concat());
}

#[tokio::test]
async fn a_port_that_is_taken_or_https_that_is_off_keeps_nobody_from_selling() {
    let first = Setup::demo().start().await;
    let taken = first.https().to_string();
    let hub = Setup::demo().variable("OUTLET_HUB_HTTPS__LISTEN", &taken).start().await;
    hub.assert_ready().await;
    assert!(!hub.has_https() && hub.logged().contains(&taken), "{}", hub.logged());
    assert_eq!(hub.client().get("/trust/ca.pem").await.status, 200);
    let hub = Setup::demo().variable("OUTLET_HUB_HTTPS__ENABLED", "false").start().await;
    hub.assert_ready().await;
    assert!(!hub.has_https() && !hub.data_dir().join("secrets/ca.pem").exists());
    let words = said(&hub.run_command(&["doctor"]));
    assert!(words.contains("HTTPS is off"), "{words}");
}

#[tokio::test]
async fn doctor_and_metrics_say_until_when() {
    let hub = Setup::demo().start().await;
    let words = said(&hub.run_command(&["doctor"]));
    assert!(words.contains("HTTPS: a certificate until 20") && words.contains("outlet-hub.local"), "{words}");
    let metrics = hub.client().get("/metrics").await.text;
    let ends = metrics.lines().find_map(|line| line.strip_prefix("outlet_hub_certificate_expires_seconds "));
    let now_s = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let days = (ends.unwrap().parse::<f64>().unwrap() - now_s) / 86_400.0;
    assert!((300.0..397.0).contains(&days), "{days}");
}

/// What comes until the hub ends the connection, and when it did.
async fn until_cut(mut stream: TcpStream) -> (String, Duration) {
    let (began, mut heard) = (Instant::now(), Vec::new());
    // A reset is an end too.
    let _ = timeout(CUT_WITHIN, stream.read_to_end(&mut heard)).await.expect("the hub ends the connection");
    (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
}

async fn connect(address: SocketAddr, say: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(say.as_bytes()).await.unwrap();
    stream
}

/// Says a byte now and then until nobody listens; what it gets to hear meanwhile.
async fn trickle(address: SocketAddr, first: &str) -> (String, Duration) {
    let stream = connect(address, first).await;
    let (mut hears, mut says) = stream.into_split();
    let talking = tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_millis(500));
        loop {
            every.tick().await;
            if says.write_all(b"x").await.is_err() {
                return;
            }
        }
    });
    let (began, mut heard) = (Instant::now(), Vec::new());
    let _ = timeout(CUT_WITHIN, hears.read_to_end(&mut heard)).await.expect("the hub ends the connection");
    talking.abort();
    (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
}

#[tokio::test]
async fn whoever_is_slow_on_purpose_is_cut_and_whoever_pauses_is_not() {
    let hub = Setup::demo().start().await;
    let (http, https) = (hub.http(), hub.https());
    // One that pauses between two requests, for longer than a head may take.
    let mut paused = connect(http, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let body = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let half = "GET /healthz HTTP/1.1\r\nHo";
    let (head, trickled, silent, slow_body) = tokio::join!(
        async { until_cut(connect(http, half).await).await },
        trickle(http, half),
        async { until_cut(connect(https, "").await).await },
        async { until_cut(connect(http, body).await).await },
    );
    let (least, most) = (Duration::from_secs(8), Duration::from_secs(20));
    for (case, (heard, took)) in [("head", head), ("trickled head", trickled), ("handshake", silent)] {
        assert!((least..most).contains(&took), "{case}: {took:?}");
        assert!(!heard.contains("200 OK"), "{case}: {heard}");
    }
    let (heard, took) = slow_body;
    assert!(heard.starts_with("HTTP/1.1 408 ") && took > least, "{took:?}: {heard}");
    paused.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let (heard, _) = until_cut(paused).await;
    assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 2, "{heard}");
    hub.assert_ready().await;
}

#[tokio::test]
async fn there_are_no_more_connections_than_are_allowed() {
    let hub = Setup::demo().variable("OUTLET_HUB_HTTP__CONNECTIONS_MAX", "12").start().await;
    let http = hub.http();
    let mut held = Vec::new();
    for _ in 0..40 {
        held.push(TcpStream::connect(http).await.unwrap());
    }
    // Those beyond are closed at once, those before are answered.
    let mut answered = 0;
    for stream in &mut held {
        let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        let mut start = [0; 12];
        let heard = timeout(CUT_WITHIN, stream.read_exact(&mut start)).await.expect("an answer or an end");
        answered += usize::from(asked.is_ok() && heard.is_ok() && &start == b"HTTP/1.1 200");
    }
    // The client that waited for the start may hold one.
    assert!((11..=12).contains(&answered), "{answered}");
    drop(held);
    hub.ready(Duration::from_secs(10)).await;
    let metrics = hub.client().get("/metrics").await.text;
    let refused = metrics.lines().find_map(|line| line.strip_prefix("outlet_hub_connections_refused_total "));
    assert!(refused.unwrap().parse::<usize>().unwrap() >= 40 - answered, "{metrics}");
}

#[tokio::test]
async fn connections_that_say_nothing_do_not_hold_up_a_stop() {
    let mut hub = Setup::demo().start().await;
    let (http, https) = (hub.http(), hub.https());
    let ca = authority(&hub).await;
    let mut idle = vec![connect(http, "").await, connect(https, "").await];
    // Encrypted, and idle behind an answer.
    let address = https.to_string();
    let mut encrypted = Command::new("openssl")
        .args(["s_client", "-connect", &address, "-quiet", "-CAfile", ca.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let asked =
        encrypted.stdin.as_mut().unwrap().write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    asked.unwrap();
    let connections = "outlet_hub_connections ";
    until(Duration::from_secs(10), "three connections and its own", || async {
        let metrics = hub.client().get("/metrics").await.text;
        let count = metrics.lines().find_map(|line| line.strip_prefix(connections))?.parse::<usize>().ok()?;
        (count >= 4).then_some(())
    })
    .await;
    hub.ask_to_stop();
    let took = hub.ended_well().await;
    assert!(took < STOP_WITHIN / 2, "{took:?}");
    for stream in &mut idle {
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap_or(0), 0);
    }
    let _ = kill_process(Pid::from_raw(encrypted.id().cast_signed()).unwrap(), Signal::TERM);
    encrypted.wait().unwrap();
}
