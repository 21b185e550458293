//! What a file is, by its content: names and headers are what somebody says of it.

/// Which are taken, for whoever sends another.
const TAKEN: &str = "Send a JPEG, PNG or WebP picture.";
const HEIC: &str = "This is a HEIC picture, which the hub does not take. An iPhone sends JPEG instead when Settings > Camera > Formats \
                    says \"Most Compatible\". Send a JPEG, PNG or WebP picture.";

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    WebP,
}

impl Kind {
    /// What a file is; what to tell whoever sent another.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, String> {
        let brand = bytes.get(8..12).unwrap_or_default();
        let other = match bytes {
            [0xFF, 0xD8, 0xFF, ..] => return Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => return Ok(Self::Png),
            [b'R', b'I', b'F', b'F', ..] if brand == b"WEBP" => return Ok(Self::WebP),
            [] => return Err(format!("The file is empty. {TAKEN}")),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => match brand {
                b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
                    return Err(HEIC.to_owned());
                }
                b"avif" | b"avis" => "an AVIF picture",
                _ => "a film",
            },
            [b'G', b'I', b'F', b'8', ..] => "a GIF",
            [b'B', b'M', ..] => "a BMP picture",
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a TIFF picture",
            [b'%', b'P', b'D', b'F', ..] => "a PDF",
            _ if is_svg(bytes) => "an SVG drawing",
            _ => "no picture that the hub knows",
        };
        Err(format!("This is {other}. {TAKEN}"))
    }

    /// As people call it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
        }
    }
}

/// What to tell whoever says that it sends this.
pub fn refusal_of_type(media_type: &str) -> String {
    match media_type {
        "image/heic" | "image/heif" | "image/heic-sequence" | "image/heif-sequence" => HEIC.to_owned(),
        _ => format!(
            "{TAKEN} Its Content-Type is image/jpeg, image/png or image/webp; a form has it in its field `image`."
        ),
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]).to_ascii_lowercase();
    head.contains("<svg")
}
