//! Who may connect: credentials of hubs, and the codes that are exchanged for them.

pub mod claim_code;
pub mod credential;
pub mod revoked;
