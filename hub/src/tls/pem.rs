//! Certificates and keys as text (RFC 7468).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const LINE_CHARS: usize = 64;

/// A block of text.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64_lines(der, LINE_CHARS) {
        text.push_str(&line);
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

/// Base64 in lines.
pub(super) fn base64_lines(bytes: &[u8], chars: usize) -> Vec<String> {
    let text = STANDARD.encode(bytes);
    text.as_bytes().chunks(chars).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}
