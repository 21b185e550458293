//! Who asks, and whether they may: the one place where rights are weighed, for REST and for live events alike.

use std::sync::Arc;

use protocol::device::Device;
use protocol::event::{Actor, Key};
use protocol::ids::Id;
use protocol::staff::{Approval, Permission, Role, User};

use super::tokens::TokenError;
use crate::ledger::command::{Command, Request};

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in.
    NotSignedIn,
    /// The token is not taken.
    Token(TokenError),
    /// The device's key is not taken.
    NotPaired,
    /// It is not theirs to ask.
    Forbidden,
    /// It is not theirs to ask alone.
    ApprovalNeeded,
    /// The approval does not hold.
    ApprovalRefused,
    /// It is theirs to ask where nobody can read along.
    HttpsNeeded,
}

/// Who asks.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// The person who is signed in.
    pub user: Option<Arc<User>>,
    /// Their session.
    pub session: Option<Id>,
    /// The paired device that they are on.
    pub device: Option<Arc<Device>>,
    /// Who has let them, by PIN.
    pub approver: Option<Arc<User>>,
    /// Whether rights that are worth stealing may be used on this connection.
    pub is_safe: bool,
}

impl Who {
    /// Whether they may do something.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        let by_person = self.user.as_ref().is_some_and(|user| self.role_may(user.role, permission));
        let by_device = self.device.as_ref().is_some_and(|device| device.role.may(permission));
        by_person || by_device || self.is_approved(permission)
    }

    /// Where others can read along, whoever is in charge may do no more than a cashier: a token that is stolen is worth no more.
    fn role_may(&self, role: Role, permission: Permission) -> bool {
        role.may(permission) && (self.is_safe || !role.is_in_charge() || Role::Cashier.may(permission))
    }

    fn is_approved(&self, permission: Permission) -> bool {
        let by = self.approver.as_ref().filter(|_| self.user.is_some() && permission.can_be_approved());
        by.is_some_and(|approver| self.role_may(approver.role, permission))
    }

    /// Turns them away where they may not, and says what would help.
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.may(permission) {
            return Ok(());
        }
        let Some(user) = &self.user else { return Err(Denied::NotSignedIn) };
        Err(if user.role.may(permission) {
            Denied::HttpsNeeded
        } else if permission.can_be_approved() {
            Denied::ApprovalNeeded
        } else {
            Denied::Forbidden
        })
    }

    /// For the ledger: a person, else their device, else somebody on the LAN.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match (&self.user, &self.device) {
            (Some(user), _) => Actor::user(user),
            (None, Some(device)) => Actor::device(device),
            (None, None) => Actor::lan("lan"),
        }
    }

    /// What they ask of the ledger.
    #[must_use]
    pub fn request(&self, keys: Vec<Key>, command: Command) -> Request {
        let approval = self.approver.as_ref();
        Request {
            actor: self.actor(),
            device: self.device.as_ref().map(|device| device.id),
            approval: approval.map(|user| Approval { user: user.id, name: user.name.clone() }),
            keys,
            command,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::device::DeviceRole;

    fn person(role: Role) -> Arc<User> {
        Arc::new(User {
            id: Id::from_u128(1),
            username: role.word().to_owned(),
            name: role.word().to_owned(),
            role,
            password: None,
            is_active: true,
        })
    }

    fn device(role: DeviceRole) -> Arc<Device> {
        Arc::new(Device {
            id: Id::from_u128(2),
            name: role.word().to_owned(),
            role,
            station: String::new(),
            key_hash: [0; 32],
            paired_ms: 0,
            paired_by: String::new(),
            revoked_ms: None,
        })
    }

    #[test]
    fn each_is_told_what_would_help() {
        use Permission as P;
        let of = |role| Who { user: Some(person(role)), is_safe: true, ..Who::default() };
        let on = |role| Who { device: Some(device(role)), is_safe: true, ..Who::default() };
        let unsafe_ = |who: Who| Who { is_safe: false, ..who };
        let approved = |who: Who, by| Who { approver: Some(person(by)), ..who };
        for (who, permission, answer) in [
            (Who::default(), P::SeeMenu, Err(Denied::NotSignedIn)),
            (of(Role::Cashier), P::Sell, Ok(())),
            (of(Role::Cashier), P::ChangeMenu, Err(Denied::Forbidden)),
            (of(Role::Cashier), P::Void, Err(Denied::ApprovalNeeded)),
            (of(Role::Manager), P::Void, Ok(())),
            (unsafe_(of(Role::Manager)), P::Void, Err(Denied::HttpsNeeded)),
            (unsafe_(of(Role::Owner)), P::ManageOwners, Err(Denied::HttpsNeeded)),
            (unsafe_(of(Role::Manager)), P::Sell, Ok(())),
            (unsafe_(of(Role::Cashier)), P::Sell, Ok(())),
            (approved(of(Role::Cashier), Role::Manager), P::Void, Ok(())),
            (approved(of(Role::Cashier), Role::Kitchen), P::Void, Err(Denied::ApprovalNeeded)),
            (approved(of(Role::Cashier), Role::Owner), P::ChangeMenu, Err(Denied::Forbidden)),
            (unsafe_(approved(of(Role::Cashier), Role::Manager)), P::Void, Err(Denied::ApprovalNeeded)),
            (approved(on(DeviceRole::Till), Role::Manager), P::Void, Err(Denied::NotSignedIn)),
            (on(DeviceRole::Kitchen), P::Cook, Ok(())),
            (on(DeviceRole::Till), P::Sell, Err(Denied::NotSignedIn)),
            (on(DeviceRole::Kiosk), P::SeeOrders, Err(Denied::NotSignedIn)),
            (unsafe_(on(DeviceRole::Kitchen)), P::Cook, Ok(())),
        ] {
            assert_eq!(who.require(permission), answer, "{who:?} {permission:?}");
        }
    }

    #[test]
    fn a_request_says_who_where_and_who_let_them() {
        let who = Who {
            user: Some(person(Role::Cashier)),
            device: Some(device(DeviceRole::Till)),
            approver: Some(person(Role::Manager)),
            ..Who::default()
        };
        let command = Command::Cancel { order: Id::nil(), reason: String::new() };
        let request = who.request(Vec::new(), command.clone());
        assert_eq!(request.actor, Actor::user(&person(Role::Cashier)));
        assert_eq!(request.device, Some(Id::from_u128(2)));
        assert_eq!(request.approval.unwrap().name, "manager");
        let alone = Who { user: None, approver: None, ..who }.request(Vec::new(), command);
        assert_eq!((alone.actor.name.as_str(), alone.approval), ("till", None));
    }
}
