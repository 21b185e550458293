//! Pictures of products: taken in three kinds and two ways, made small, stripped, kept, served, and carried into backups.

mod kept;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::shop::plain_product;

use super::{assert_refused, demo, new_id};

/// A phone writes where it was.
const PLACE: &[u8] = b"GPS 6.1754S 106.8272E";

/// Two halves, one of them of the given shade, so that pictures can differ.
fn flag(width: u32, height: u32, shade: u8) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { [255, 0, 0] } else { [0, shade, 255] }))
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn png(width: u32, height: u32, colour: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    bytes
}

/// A JPEG of a camera that was held upright (orientation 6), with the place in its EXIF segment.
fn phone_picture() -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend(PLACE);
    let mut bytes = jpeg(&flag(400, 200, 0));
    let mut segment = vec![0xFF, 0xE1];
    segment.extend((exif.len() as u16 + 2).to_be_bytes());
    segment.extend(exif);
    bytes.splice(2..2, segment);
    bytes
}

fn path() -> String {
    format!("/api/products/{}/image/", plain_product().0)
}

async fn send(client: &Client, kind: &str, picture: &[u8]) -> Answer {
    send_to(client, &path(), kind, picture).await
}

async fn send_to(client: &Client, path: &str, kind: &str, picture: &[u8]) -> Answer {
    client.send(Method::POST, path, &[("content-type", kind)], Some(picture.to_vec())).await.unwrap()
}

/// As a browser's form does.
async fn send_form(client: &Client, field: &str, picture: &[u8]) -> Answer {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nnothing\r\n--edge\r\nContent-Disposition: form-data; \
         name=\"{field}\"; filename=\"../../etc/dish.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    let body = [head.as_bytes(), picture, b"\r\n--edge--\r\n"].concat();
    send(client, "multipart/form-data; boundary=edge", &body).await
}

/// Where a product's picture is.
#[track_caller]
fn address(product: &Value) -> &str {
    product["image"].as_str().unwrap_or_else(|| panic!("{product}"))
}

fn thumbnail_of(address: &str) -> String {
    address.replace(".jpg", ".thumb.jpg")
}

async fn shown(client: &Client, address: &str) -> (Vec<u8>, RgbImage) {
    let (status, _, bytes) = client.anonymous().download(address).await;
    assert_eq!(status, 200, "{address}");
    let picture = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
    (bytes, picture)
}

fn files(data_dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(data_dir.join("media")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn is_near(one: Rgb<u8>, other: [u8; 3]) -> bool {
    one.0.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 16)
}

#[tokio::test]
async fn each_kind_is_taken_raw_and_in_a_form_and_is_shown_small() {
    let (hub, client) = demo().await;
    let flag = flag(1_000, 500, 0);
    let clear = [[0, 0, 0, 0], [0, 0, 255, 255]].concat().repeat(32);
    for (kind, sent) in [
        ("image/jpeg", jpeg(&flag)),
        ("image/png", png(1_000, 500, png::ColorType::Rgb, &flag)),
        ("image/webp", webp(&flag)),
    ] {
        let raw = send(&client, kind, &sent).await.expect(200);
        let form = send_form(&client, "image", &sent).await.expect(200);
        assert_eq!(raw, form, "{kind}");
        assert_eq!(client.read(&format!("/api/products/{}/", plain_product().0)).await, form);
        let address = address(&raw);
        for (address, size) in [(address.to_owned(), (800, 400)), (thumbnail_of(address), (160, 80))] {
            let (_, picture) = shown(&client, &address).await;
            assert_eq!(picture.dimensions(), size, "{kind}");
            assert!(is_near(*picture.get_pixel(5, 5), [255, 0, 0]), "{kind}");
            assert!(is_near(*picture.get_pixel(size.0 - 5, 5), [0, 0, 255]), "{kind}");
        }
    }
    let seen_through = png(8, 8, png::ColorType::Rgba, &clear);
    let product = send(&client, "image/png", &seen_through).await.expect(200);
    let (_, picture) = shown(&client, address(&product)).await;
    assert_eq!(picture.dimensions(), (8, 8), "what is small is not enlarged");
    let blue: u32 = picture.pixels().map(|pixel| u32::from(pixel.0[2])).sum();
    assert!(blue > 64 * 240, "it lies on white");
    assert_eq!(files(hub.data_dir()).len(), 6, "PNG and WebP lose nothing: the same picture");
}

#[tokio::test]
async fn an_address_is_kept_for_good_by_browsers_and_no_other_file_has_one() {
    let (_hub, client) = demo().await;
    let product = send(&client, "image/jpeg", &jpeg(&flag(40, 20, 0))).await.expect(200);
    let address = address(&product).to_owned();
    let (status, headers, bytes) = client.anonymous().download(&address).await;
    assert_eq!(status, 200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-length", &bytes.len().to_string()),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let etag = headers["etag"].to_str().unwrap();
    let known = client.send(Method::GET, &address, &[("if-none-match", etag)], None).await.unwrap();
    assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", etag));
    let head = client.send(Method::HEAD, &address, &[], None).await.unwrap();
    assert_eq!((head.status, head.header("content-type")), (200, "image/jpeg"));
    for wrong in [
        "/media/",
        "/media/lock",
        "/media/..%2Flock",
        "/media/%2e%2e%2fsecrets%2ftokens",
        "/media/0123456789abcdef0123456789abcdef.jpg",
        "/media/0123456789abcdef0123456789abcdef.jpg.unfinished",
        &address.to_uppercase().replace("/MEDIA/", "/media/"),
        &address.replace(".jpg", ".png"),
    ] {
        assert_eq!(client.get(wrong).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_phones_picture_stands_upright_and_says_nothing_of_where_it_was() {
    let (hub, client) = demo().await;
    let product = send(&client, "image/jpeg", &phone_picture()).await.expect(200);
    let (bytes, picture) = shown(&client, address(&product)).await;
    assert_eq!(picture.dimensions(), (200, 400));
    assert!(is_near(*picture.get_pixel(100, 10), [255, 0, 0]), "what was left is above");
    assert!(is_near(*picture.get_pixel(100, 390), [0, 0, 255]));
    let (small, _) = shown(&client, &thumbnail_of(address(&product))).await;
    for bytes in [bytes, small] {
        assert!(!bytes.windows(2).any(|marker| marker == [0xFF, 0xE1]), "no EXIF segment");
        assert!(!bytes.windows(4).any(|part| part == b"Exif" || part == &PLACE[..4]));
    }
    assert_eq!(files(hub.data_dir()).len(), 2, "what was sent is kept nowhere");
}

#[tokio::test]
async fn what_is_not_taken_is_refused_by_name_and_leaves_nothing() {
    let (hub, client) = demo().await;
    let whole = jpeg(&flag(400, 200, 0));
    let mut huge = png(1, 1, png::ColorType::Grayscale, &[0]);
    huge[16..24].copy_from_slice(&[30_000_u32.to_be_bytes(), 30_000_u32.to_be_bytes()].concat());
    let mut spoilt = png(40, 20, png::ColorType::Rgb, &flag(40, 20, 0));
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    let script = [&whole[..], b"<script>alert(1)</script>"].concat();
    for (sent, word) in [
        (&whole[..whole.len() / 2], "JPEG file is broken"),
        (&spoilt, "PNG file is broken"),
        (&huge, "30000 × 30000"),
        (&script, "a text that does not belong"),
        (b"Nasi goreng", "no picture"),
        (b"", "empty"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x</script></svg>", "an SVG"),
        (b"GIF89a\x01\0\x01\0\0\0\0", "a GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Most Compatible"),
    ] {
        for answer in [send(&client, "image/jpeg", sent).await, send_form(&client, "image", sent).await] {
            let refused = answer.expect(400);
            let said = refused["image"][0].as_str().unwrap_or_else(|| panic!("{refused}"));
            assert!(said.contains(word), "{word}: {said}");
        }
    }
    for (kind, word) in [
        ("image/svg+xml", "JPEG, PNG or WebP"),
        ("image/gif", "JPEG, PNG or WebP"),
        ("image/heic", "Most Compatible"),
        ("application/json", "image/jpeg"),
        ("", "image/jpeg"),
    ] {
        let refused = send(&client, kind, &whole).await;
        assert_refused(&refused, 415, "unsupported_media_type");
        assert!(refused.text.contains(word), "{kind}: {}", refused.text);
    }
    let refused = send_form(&client, "photo", &whole).await.expect(400);
    assert_eq!(refused["image"][0], "No file was submitted.");
    assert_refused(&send(&client, "multipart/form-data", &whole).await, 400, "parse_error");
    let before = client.read(&format!("/api/products/{}/", plain_product().0)).await;
    assert!(address(&before).starts_with("/media/menu/"), "nothing was changed: {before}");
    assert_eq!(files(hub.data_dir()), BTreeSet::new());
}

#[tokio::test]
async fn a_picture_of_too_many_bytes_is_refused_and_one_below_is_read() {
    let (_hub, client) = demo().await;
    // A film behind the picture, as some phones append it.
    let mut sent = jpeg(&flag(40, 20, 0));
    sent.extend(b"\0\0\0\x18ftypmp42");
    sent.resize(12 << 20, 0);
    send(&client, "image/jpeg", &sent).await.expect(200);
    send_form(&client, "image", &sent).await.expect(200);
    sent.push(0);
    assert_refused(&send(&client, "image/jpeg", &sent).await, 413, "too_large");
    assert_refused(&send_form(&client, "image", &sent).await, 413, "too_large");
}

#[tokio::test]
async fn a_small_file_that_unpacks_to_two_hundred_megabytes_does_not_take_them() {
    let (hub, client) = demo().await;
    // 50 million pixels of four bytes, all the same: some 200 kB.
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 10_000, 5_000);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer().unwrap();
    for _ in 0..5_000 {
        std::io::Write::write_all(&mut rows, &vec![255; 40_000]).unwrap();
    }
    rows.finish().unwrap();
    drop(writer);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    send(&client, "image/png", &bomb).await.expect(200);
    let peak = hub.memory_peak_kb();
    assert!(peak < 150_000, "{peak} kB");
}

#[tokio::test]
async fn a_manager_gives_and_takes_pictures_and_a_cashier_does_not() {
    let (mut hub, client) = demo().await;
    let picture = jpeg(&flag(40, 20, 0));
    let cashier = client.signed_in("cashier").await;
    assert_refused(&send(&cashier, "image/jpeg", &picture).await, 403, "permission_denied");
    let taken = cashier.send(Method::DELETE, &path(), &[], None).await.unwrap();
    assert_refused(&taken, 403, "permission_denied");
    assert_refused(&send(&client.anonymous(), "image/jpeg", &picture).await, 401, "not_authenticated");
    let nowhere = format!("/api/products/{}/image/", new_id());
    assert_refused(&send_to(&client, &nowhere, "image/jpeg", &picture).await, 404, "not_found");
    assert_eq!(files(hub.data_dir()), BTreeSet::new(), "nobody's picture is not kept");

    let manager = client.signed_in("manager").await;
    let given = send(&manager, "image/jpeg", &picture).await.expect(200);
    let before = shown(&client, address(&given)).await.0;
    hub.kill9();
    hub.start_again().await;
    let product = format!("/api/products/{}/", plain_product().0);
    assert_eq!(client.read(&product).await, given, "a crash keeps it");
    assert_eq!(shown(&client, address(&given)).await.0, before);
    client.patch(&product, &json!({"name": "Lain"})).await.expect(200);
    assert_eq!(client.read(&product).await["image"], given["image"], "other changes leave it");

    let taken = client.send(Method::DELETE, &path(), &[], None).await.unwrap().expect(200);
    assert_eq!(taken["image"], Value::Null);
    let again = client.send(Method::DELETE, &path(), &[], None).await.unwrap().expect(200);
    assert_eq!(again, taken);
}
