//! Staff: who works here, what each role may do, and the sessions in which people are signed in.

use serde::{Deserialize, Serialize};

use crate::ids::Id;

/// Fewest digits of a PIN.
pub const PIN_DIGITS_MIN: usize = 4;
/// Most digits of a PIN.
pub const PIN_DIGITS_MAX: usize = 8;

/// Whether a text can be a PIN: digits, as many as fingers remember.
#[must_use]
pub fn is_pin(text: &str) -> bool {
    (PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Longest username, in characters.
pub const USERNAME_CHARS_MAX: usize = 60;

/// What somebody is in the outlet. Later ones are added at the end: the place of each is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the place: everything.
    Owner,
    /// Runs the shift.
    Manager,
    /// Sells.
    Cashier,
    /// Cooks.
    Kitchen,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Cashier, Self::Kitchen];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Cashier => "cashier",
            Self::Kitchen => "kitchen",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether somebody of this role may do something.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Owner => true,
            // Whoever could make an owner would be one.
            Self::Manager => permission != P::ManageOwners,
            Self::Cashier => {
                matches!(
                    permission,
                    P::SeeMenu
                        | P::SeeOrders
                        | P::SeeColleagues
                        | P::Sell
                        | P::Cook
                        | P::OpenDrawer
                        | P::SeeGuests
                )
            }
            Self::Kitchen => matches!(permission, P::SeeMenu | P::SeeOrders | P::SeeColleagues | P::Cook),
        }
    }

    /// Whether this is a role whose rights must not travel where others can read along.
    #[must_use]
    pub fn is_in_charge(self) -> bool {
        matches!(self, Self::Owner | Self::Manager)
    }
}

/// What may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read the menu and the outlet's settings.
    SeeMenu,
    /// Read orders and payments.
    SeeOrders,
    /// See who works here, by name: to sign in, or to ask one of them for leave.
    SeeColleagues,
    /// Place orders, add rounds, take payments.
    Sell,
    /// Move orders and lines through the kitchen.
    Cook,
    /// Call lines and orders off.
    Void,
    /// Give a guest money back.
    Refund,
    /// Take off more than the outlet lets a cashier take off.
    DiscountPastLimit,
    /// Open the drawer without a sale.
    OpenDrawer,
    /// See takings, and who did what.
    SeeReports,
    /// Change what is sold, and for how much.
    ChangeMenu,
    /// Pair, change and revoke devices.
    ManageDevices,
    /// See, make and change accounts.
    ManageStaff,
    /// Make and change owners' accounts.
    ManageOwners,
    /// See, make and change guests.
    SeeGuests,
    /// Hand out all that is known of a guest, and forget them.
    ManageGuests,
    /// Change the outlet's settings, and look after scheduled work.
    ManageOutlet,
    /// See who did what, and who came in.
    SeeAudit,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 18] = [
        Self::SeeMenu,
        Self::SeeOrders,
        Self::SeeColleagues,
        Self::Sell,
        Self::Cook,
        Self::Void,
        Self::Refund,
        Self::DiscountPastLimit,
        Self::OpenDrawer,
        Self::SeeReports,
        Self::ChangeMenu,
        Self::ManageDevices,
        Self::ManageStaff,
        Self::ManageOwners,
        Self::SeeGuests,
        Self::ManageGuests,
        Self::ManageOutlet,
        Self::SeeAudit,
    ];

    /// Its word in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SeeMenu => "see_menu",
            Self::SeeOrders => "see_orders",
            Self::SeeColleagues => "see_colleagues",
            Self::Sell => "sell",
            Self::Cook => "cook",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::DiscountPastLimit => "discount_past_limit",
            Self::OpenDrawer => "open_drawer",
            Self::SeeReports => "see_reports",
            Self::ChangeMenu => "change_menu",
            Self::ManageDevices => "manage_devices",
            Self::ManageStaff => "manage_staff",
            Self::ManageOwners => "manage_owners",
            Self::SeeGuests => "see_guests",
            Self::ManageGuests => "manage_guests",
            Self::ManageOutlet => "manage_outlet",
            Self::SeeAudit => "see_audit",
        }
    }

    /// Whether somebody who may not can be helped by a colleague who may, with their PIN.
    #[must_use]
    pub fn can_be_approved(self) -> bool {
        matches!(self, Self::Void | Self::Refund | Self::DiscountPastLimit | Self::OpenDrawer)
    }
}

/// Somebody who let a colleague do what the colleague may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub user: Id,
    /// What they were called then.
    pub name: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Identity.
    pub id: Id,
    /// What is typed to sign in; lower case, one of its kind.
    pub username: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// argon2id of the password, as a PHC string; none where there is none.
    pub password: Option<String>,
    /// Whether they may sign in.
    pub is_active: bool,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionEnd {
    /// Signed out.
    SignedOut,
    /// A refresh token came a second time: one of the two who hold it has stolen it.
    Reused,
    /// The account was changed or closed.
    AccountChanged,
    /// The device on which it began lost its rights.
    DeviceRevoked,
}

/// A sign-in, and every token refreshed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Identity.
    pub id: Id,
    /// Whose.
    pub user: Id,
    /// How many times it was refreshed: only the refresh token of this number is taken.
    pub generation: u32,
    /// When its refresh token ends, in milliseconds since 1970.
    pub expires_ms: i64,
}

/// Wrong tries in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongTries {
    /// How many.
    pub count: u32,
    /// When the last was, in milliseconds since 1970.
    pub last_ms: i64,
}

/// Wrong tries that cost nothing: fingers slip.
const FREE_TRIES: u32 = 3;
/// How long the first try after those has to wait, in milliseconds; each further one twice as long.
const FIRST_DELAY_MS: i64 = 5_000;
/// The longest wait, in milliseconds.
const DELAY_MS_MAX: i64 = 15 * 60_000;

impl WrongTries {
    /// Seconds that the next try has to wait; none where it is listened to.
    #[must_use]
    pub fn wait_s(&self, now_ms: i64) -> Option<u64> {
        let wait_ms = u64::try_from(self.next_ms() - now_ms).ok()?;
        (wait_ms > 0).then(|| wait_ms.div_ceil(1_000))
    }

    /// When the next try is listened to, in milliseconds since 1970.
    #[must_use]
    pub fn next_ms(&self) -> i64 {
        let Some(beyond) = self.count.checked_sub(FREE_TRIES) else { return self.last_ms };
        let delay = FIRST_DELAY_MS.checked_shl(beyond.min(16)).unwrap_or(DELAY_MS_MAX);
        self.last_ms.saturating_add(delay.min(DELAY_MS_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights_is_what_was_agreed() {
        let rights = |role: Role| -> String {
            Permission::ALL.iter().map(|permission| if role.may(*permission) { 'x' } else { '.' }).collect()
        };
        // menu orders colleagues sell cook void refund discount drawer reports prices devices staff owners guests forget outlet audit
        assert_eq!(rights(Role::Owner), "xxxxxxxxxxxxxxxxxx");
        assert_eq!(rights(Role::Manager), "xxxxxxxxxxxxx.xxxx");
        assert_eq!(rights(Role::Cashier), "xxxxx...x.....x...");
        assert_eq!(rights(Role::Kitchen), "xxx.x.............");
    }

    #[test]
    fn what_changes_rights_cannot_be_approved_in_passing() {
        for permission in [Permission::ManageStaff, Permission::ManageOwners, Permission::ManageDevices] {
            assert!(!permission.can_be_approved(), "{permission:?}");
        }
    }

    #[test]
    fn the_wait_grows_with_each_wrong_try_and_ends_somewhere() {
        let wait = |count| WrongTries { count, last_ms: 1_000 }.next_ms() - 1_000;
        assert_eq!([0, 1, 2, 3, 4, 5].map(wait), [0, 0, 0, 5_000, 10_000, 20_000]);
        assert_eq!(wait(11), DELAY_MS_MAX);
        assert_eq!(wait(u32::MAX), DELAY_MS_MAX);
    }
}
