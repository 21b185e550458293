#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write as _;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::*;

/// Red above, blue below; wider than high.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| Rgb(if y < height / 2 { [255, 0, 0] } else { [0, 0, 255] }))
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

/// A PNG whose header is this and whose rows are not there.
fn png_of_size(width: u32, height: u32, interlace: u8) -> Vec<u8> {
    let mut bytes = png(1, 1, png::ColorType::Grayscale, &[0]);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes[28] = interlace;
    bytes
}

/// A JPEG whose frame is this and whose scan is empty.
fn jpeg_of_size(frame: u8, width: u16, height: u16, scans: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, frame, 0, 11, 8];
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([1, 1, 0x11, 0]);
    for _ in 0..scans {
        bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34]);
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    bytes.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// With a segment behind the first marker.
fn with_segment(mut jpeg: Vec<u8>, marker: u8, content: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend((content.len() as u16 + 2).to_be_bytes());
    segment.extend(content);
    jpeg.splice(2..2, segment);
    jpeg
}

fn refusal(bytes: &[u8]) -> String {
    match finish(bytes) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn read(jpeg: &[u8]) -> RgbImage {
    decode::decode(Kind::Jpeg, &layout::of(Kind::Jpeg, jpeg).unwrap(), jpeg).unwrap()
}

fn is_near(one: Rgb<u8>, other: [u8; 3]) -> bool {
    one.0.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 12)
}

#[test]
fn each_kind_becomes_two_small_jpegs_that_look_the_same() {
    let flag = flag(1_200, 600);
    let png = png(1_200, 600, png::ColorType::Rgb, &flag);
    for (sent, kind) in [(jpeg(&flag), Kind::Jpeg), (png, Kind::Png), (webp(&flag), Kind::WebP)] {
        let layout = layout::of(kind, &sent).unwrap();
        assert_eq!((layout.width, layout.height, layout.end), (1_200, 600, sent.len()), "{kind:?}");
        let finished = finish(&sent).unwrap();
        for (bytes, size) in [(&finished.picture, (800, 400)), (&finished.thumbnail, (160, 80))] {
            let picture = read(bytes);
            assert_eq!(picture.dimensions(), size, "{kind:?}");
            assert!(is_near(*picture.get_pixel(5, 5), [255, 0, 0]), "{kind:?}");
            assert!(is_near(*picture.get_pixel(size.0 - 5, size.1 - 5), [0, 0, 255]), "{kind:?}");
        }
    }
}

#[test]
fn a_large_picture_keeps_its_shape_and_a_small_one_its_size() {
    for (size, wanted) in [
        ((3_300, 2_475), (800, 600)),
        ((1_201, 3_601), (267, 800)),
        ((20_000, 1), (800, 1)),
        ((1, 1), (1, 1)),
        ((799, 3), (799, 3)),
    ] {
        let pixels = vec![128; (size.0 * size.1) as usize];
        let sent = png(size.0, size.1, png::ColorType::Grayscale, &pixels);
        let picture = read(&finish(&sent).unwrap().picture);
        assert_eq!(picture.dimensions(), wanted);
        assert!(picture.pixels().all(|pixel| is_near(*pixel, [128; 3])), "{size:?}");
    }
    let large = flag(3_400, 1_700);
    assert_eq!(read(&finish(&jpeg(&large)).unwrap().picture).dimensions(), (800, 400));
}

#[test]
fn what_can_be_seen_through_lies_on_white() {
    for (alpha, wanted) in [(0, [255; 3]), (128, [127; 3]), (255, [0; 3])] {
        let pixels = [0, 0, 0, alpha].repeat(64);
        let picture = read(&finish(&png(8, 8, png::ColorType::Rgba, &pixels)).unwrap().picture);
        assert!(is_near(*picture.get_pixel(4, 4), wanted), "{alpha}");
    }
}

#[test]
fn a_picture_stands_upright_however_the_camera_was_held() {
    let plain = jpeg(&flag(64, 32));
    for (orientation, size, red) in [
        (0, (64, 32), (5, 5)),
        (1, (64, 32), (5, 5)),
        (3, (64, 32), (5, 27)),
        (4, (64, 32), (5, 27)),
        (6, (32, 64), (27, 5)),
        (8, (32, 64), (5, 5)),
        (9, (64, 32), (5, 5)),
    ] {
        let sent = with_segment(plain.clone(), 0xE1, &exif(orientation));
        let kept = finish(&sent).unwrap().picture;
        let picture = read(&kept);
        assert_eq!(picture.dimensions(), size, "{orientation}");
        assert!(is_near(*picture.get_pixel(red.0, red.1), [255, 0, 0]), "{orientation}");
        assert!(!kept.windows(4).any(|part| part == b"Exif"), "{orientation}");
    }
}

#[test]
fn what_says_that_it_is_huge_or_nothing_is_not_decoded() {
    for (sent, word) in [
        (png_of_size(30_000, 30_000, 0), "50 million"),
        (png_of_size(6_000, 6_000, 1), "25 million"),
        (png_of_size(20_001, 1, 0), "1 to 20000"),
        (png_of_size(0, 5, 0), "1 to 20000"),
        (png_of_size(u32::MAX, u32::MAX, 0), "50 million"),
        (jpeg_of_size(0xC0, 30_000, 30_000, 1), "50 million"),
        (jpeg_of_size(0xC2, 6_000, 6_000, 1), "25 million"),
        (jpeg_of_size(0xC0, 6_000, 6_000, 2), "25 million"),
        (jpeg_of_size(0xC0, 10, 0, 1), "1 to 20000"),
        (jpeg_of_size(0xC2, 10, 10, 65), "JPEG file is broken"),
        (jpeg_of_size(0xC0, 10, 10, 0), "JPEG file is broken"),
        (jpeg_of_size(0xC0, 10, 10, 1), "JPEG file is broken"),
    ] {
        assert!(refusal(&sent).contains(word), "{word}: {}", refusal(&sent));
    }
}

#[test]
fn what_is_cut_off_or_changed_is_refused_at_any_place() {
    let flag = flag(40, 30);
    let (png, jpeg, webp) = (png(40, 30, png::ColorType::Rgb, &flag), jpeg(&flag), webp(&flag));
    for (whole, word) in [(&png, "PNG"), (&jpeg, "JPEG"), (&webp, "WebP")] {
        for len in 16..whole.len() {
            assert!(
                refusal(&whole[..len]).contains(word),
                "{word} of {len} bytes: {}",
                refusal(&whole[..len])
            );
        }
    }
    // Any byte: nothing panics; of a PNG each is under a checksum.
    for at in 8..png.len() {
        let mut changed = png.clone();
        changed[at] ^= 0x55;
        assert_ne!(refusal(&changed), "taken", "byte {at}");
    }
    for whole in [&jpeg, &webp] {
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = finish(&changed);
        }
    }
}

#[test]
fn rows_beyond_what_the_header_says_are_not_unpacked() {
    // 64 MB of zeros behind a header that says eight rows.
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let rows = packer.finish().unwrap();
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(content);
        let len = (content.len() as u32).to_be_bytes();
        [&len[..], kind, content, &crc.sum().to_be_bytes()].concat()
    };
    let header = [&8_u32.to_be_bytes()[..], &8_u32.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", &rows), chunk(b"IEND", &[])].concat();
    let bomb = [&b"\x89PNG\r\n\x1a\n"[..], &parts].concat();
    // Either way it ends at once; no more than its rows are kept.
    let _ = finish(&bomb);
}

#[test]
fn texts_behind_a_picture_are_refused_and_what_phones_append_is_left_behind() {
    let plain = jpeg(&flag(40, 30));
    let thumbnail = jpeg(&flag(8, 8));
    for (tail, is_taken) in [
        (&b"<script>alert(1)</script>"[..], false),
        (b"\0\0\0\0<SCRIPT>alert(1)</SCRIPT>", false),
        (b"#!/bin/sh\nrm", false),
        (b"\n", false),
        (b"\0\0\0\0\0\0\0\0", true),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", true),
        (&thumbnail, true),
    ] {
        let sent = [&plain[..], tail].concat();
        match finish(&sent) {
            Ok(finished) => {
                assert!(is_taken, "{tail:?}");
                assert_eq!(finished.picture, finish(&plain).unwrap().picture);
            }
            Err(PictureError::Stowaway(_)) => assert!(!is_taken, "{tail:?}"),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn what_is_no_picture_is_called_by_its_name() {
    for (sent, word) in [
        (&b""[..], "empty"),
        (b"hello", "no picture"),
        (b"GIF89a........", "a GIF"),
        (b"<?xml version=\"1.0\"?>\n<SVG onload=\"x\"></SVG>", "an SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "Most Compatible"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
        (b"%PDF-1.7", "a PDF"),
        (b"BM......", "a BMP"),
    ] {
        let said = refusal(sent);
        assert!(said.contains(word) && said.contains("Send a JPEG, PNG or WebP"), "{said}");
    }
}

#[test]
fn only_names_that_the_hub_gives_are_opened() {
    let name = "0123456789abcdef0123456789abcdef";
    assert!(keep::is_name(&format!("{name}.jpg")) && keep::is_name(&format!("{name}.thumb.jpg")));
    for wrong in [
        "",
        ".jpg",
        "x.jpg",
        "../lock",
        "0123456789ABCDEF0123456789ABCDEF.jpg",
        "0123456789abcdef0123456789abcdef",
    ] {
        assert!(!keep::is_name(wrong), "{wrong}");
    }
    assert_eq!(keep::files("/media/menu/x.svg"), None);
    assert_eq!(keep::files(&format!("/media/{name}.thumb.jpg")), None);
    assert_eq!(keep::files(&format!("/media/{name}.jpg")).unwrap()[1], format!("{name}.thumb.jpg"));
}

#[test]
fn the_same_picture_is_one_file_and_a_spoilt_one_is_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    let media = dir.path().join("media");
    let finished = finish(&jpeg(&flag(40, 30))).unwrap();
    let address = keep::write(&media, &finished).unwrap();
    assert_eq!(keep::write(&media, &finished).unwrap(), address);
    let [picture, thumbnail] = keep::files(&address).unwrap();
    assert_eq!(std::fs::read_dir(&media).unwrap().count(), 2);
    std::fs::write(media.join(&picture), b"spoilt").unwrap();
    keep::write(&media, &finished).unwrap();
    assert_eq!(std::fs::read(media.join(picture)).unwrap(), finished.picture);
    assert_eq!(std::fs::read(media.join(thumbnail)).unwrap(), finished.thumbnail);
}
