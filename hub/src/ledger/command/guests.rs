//! What may be asked about guests.

use protocol::guest::Sealed;
use protocol::ids::Id;

/// Guests. What is personal was encrypted before, so that it never is in the writer's queue in the clear.
#[derive(Debug, Clone)]
pub enum GuestCommand {
    /// A guest is new.
    Create(Id, Sealed),
    /// A guest is there and changes.
    Change(Id, Sealed),
    /// A guest is to be known no more.
    Forget(Id),
}
