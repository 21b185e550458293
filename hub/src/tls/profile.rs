//! The configuration profile by which iPhones and iPads take in the authority.

use uuid::{Builder, Uuid};

use super::{Authority, pem};

const LINE_CHARS: usize = 68;

/// The profile, as XML. Its identities follow from the certificate, so that a second download replaces the first.
#[must_use]
pub fn xml(authority: &Authority) -> String {
    use sha2::{Digest as _, Sha256};
    let hash = Sha256::digest(authority.der());
    let identity = |from: usize| -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[from..from + 16]);
        Builder::from_custom_bytes(bytes).into_uuid()
    };
    let (profile, root) = (identity(0), identity(16));
    // Only letters, digits, spaces and hyphens: nothing that XML would read.
    let name = authority.name();
    let data = pem::base64_lines(authority.der(), LINE_CHARS).join("\n");
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key>
      <string>outlet-hub-ca.crt</string>
      <key>PayloadContent</key>
      <data>
{data}
      </data>
      <key>PayloadDescription</key>
      <string>Adds the certificate authority of this outlet's hub.</string>
      <key>PayloadDisplayName</key>
      <string>{name}</string>
      <key>PayloadIdentifier</key>
      <string>com.apple.security.root.{root}</string>
      <key>PayloadType</key>
      <string>com.apple.security.root</string>
      <key>PayloadUUID</key>
      <string>{root}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
    </dict>
  </array>
  <key>PayloadDescription</key>
  <string>Lets this device talk to the hub of its outlet without anybody reading along.</string>
  <key>PayloadDisplayName</key>
  <string>{name}</string>
  <key>PayloadIdentifier</key>
  <string>outlet-hub.{profile}</string>
  <key>PayloadRemovalDisallowed</key>
  <false/>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadUUID</key>
  <string>{profile}</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
</dict>
</plist>
"#
    )
}
