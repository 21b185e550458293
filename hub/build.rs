//! Notes when the program was built, and lays out the pages to be embedded: the front end's build and the Socket.IO client
//! that old pages load from the hub, texts compressed once here rather than at each request.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Endings of files that compress well.
const TEXTS: [&str; 9] = ["html", "js", "css", "json", "svg", "txt", "webmanifest", "map", "xml"];

fn main() -> io::Result<()> {
    // Reproducible where the packager says so.
    let built_ms = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => format!("{seconds}000"),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or_else(|_| "0".to_owned(), |since| since.as_millis().to_string()),
    };
    println!("cargo:rustc-env=HUB_BUILT_MS={built_ms}");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo:rerun-if-changed=build.rs");

    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("pages");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    println!("cargo:rustc-env=HUB_PAGES={}", out.display());
    let front_end = Path::new("../web-ui/build");
    println!("cargo:rerun-if-changed={}", front_end.display());
    if front_end.join("index.html").exists() {
        lay_out(front_end, &out)?;
    } else {
        println!("cargo:warning=web-ui is not built (`make web` does it): this hub answers its API alone");
    }
    let client = Path::new("../web-ui/node_modules/socket.io-client/dist");
    println!("cargo:rerun-if-changed={}/socket.io.js", client.display());
    fs::create_dir_all(out.join("socketio"))?;
    for name in ["socket.io.js", "socket.io.min.js"] {
        if client.join(name).exists() {
            place(&client.join(name), &out.join("socketio").join(name))?;
        }
    }
    Ok(())
}

fn lay_out(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            lay_out(&entry.path(), &target)?;
        } else {
            place(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Copies a file, compressed where it is a text and that is smaller.
fn place(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = fs::read(from)?;
    let is_text = from.extension().is_some_and(|ending| TEXTS.iter().any(|text| ending == *text));
    if is_text {
        let mut encoder = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::best());
        encoder.write_all(&bytes)?;
        let compressed = encoder.finish()?;
        if compressed.len() < bytes.len() {
            let mut name = to.as_os_str().to_owned();
            name.push(".gz");
            return fs::write(name, compressed);
        }
    }
    fs::write(to, bytes)
}
