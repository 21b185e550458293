//! Notes when the program was built, and makes sure that the pages have a folder to be embedded from.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() {
    // Reproducible where the packager says so.
    let built_ms = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => format!("{seconds}000"),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or_else(|_| "0".to_owned(), |since| since.as_millis().to_string()),
    };
    println!("cargo:rustc-env=OUTLET_HUB_BUILT_MS={built_ms}");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo:rerun-if-changed=build.rs");
    let pages = Path::new("../web-ui/build");
    println!("cargo:rerun-if-changed={}", pages.display());
    if !pages.join("index.html").exists() {
        println!("cargo:warning=web-ui is not built: `make web` builds it; this hub serves its API alone");
        std::fs::create_dir_all(pages).expect("a folder for the pages can be made");
    }
}
