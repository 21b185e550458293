//! What the audit trail says of each event: one table, without which a new event does not compile.

use protocol::event::{DeviceEvent, Event, GuestEvent, OrderEvent, OrderRef, PromotionEvent, StaffEvent};
use protocol::ids::{Id, derived_id};
use protocol::order::OrderStatus;

/// What an entry is about, for whoever looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// What is sold.
    Menu,
    /// What is taken off by itself or by code.
    Promotions,
    /// What was sold, where it did not go its ordinary way.
    Orders,
    /// Accounts, and who came in.
    Staff,
    /// What is paired.
    Devices,
    /// Whom the outlet knows by name.
    Guests,
    /// The outlet's settings.
    Outlet,
    /// What the hub does by itself.
    Work,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 8] = [
        Self::Menu,
        Self::Promotions,
        Self::Orders,
        Self::Staff,
        Self::Devices,
        Self::Guests,
        Self::Outlet,
        Self::Work,
    ];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Promotions => "promotions",
            Self::Orders => "orders",
            Self::Staff => "staff",
            Self::Devices => "devices",
            Self::Guests => "guests",
            Self::Outlet => "outlet",
            Self::Work => "work",
        }
    }

    /// The area of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.word() == word)
    }
}

/// What happened. Later ones are added at the end: the place of each is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The outlet's settings are others.
    OutletSet,
    /// A category was made or changed.
    CategoryPut,
    /// A category was taken off the menu.
    CategoryRemoved,
    /// A modifier group was made or changed.
    GroupPut,
    /// A modifier group was taken off.
    GroupRemoved,
    /// A modifier was made or changed.
    ModifierPut,
    /// A modifier was taken off.
    ModifierRemoved,
    /// A product was made or changed.
    ProductPut,
    /// A product was taken off the menu.
    ProductRemoved,
    /// A line of an order was called off.
    ItemVoided,
    /// An order was called off.
    OrderCancelled,
    /// An order's table, notes or kind were corrected.
    OrderEdited,
    /// Something was taken off an order.
    OrderDiscounted,
    /// An account was made or changed.
    UserPut,
    /// Somebody signed in.
    SessionBegan,
    /// A session ended.
    SessionEnded,
    /// Somebody did not know their password.
    SignInRefused,
    /// An account got a PIN, or lost it.
    PinSet,
    /// Somebody did not know their PIN.
    PinRefused,
    /// Somebody asked for what is not theirs to ask.
    AccessRefused,
    /// A device was paired or changed.
    DevicePut,
    /// A device lost its rights.
    DeviceRevoked,
    /// Somebody tried a code that pairs nothing.
    PairingRefused,
    /// A guest was written down or changed.
    GuestPut,
    /// A guest was forgotten.
    GuestForgotten,
    /// A promotion was made or changed.
    PromotionPut,
    /// A promotion was taken away.
    PromotionRemoved,
    /// A promotion has begun to run.
    PromotionStarted,
    /// A promotion does not run any more.
    PromotionEnded,
    /// The hub's own settings are others.
    SettingsSet,
    /// A business day was closed.
    DayClosed,
    /// Scheduled work did something, or failed.
    JobRan,
}

impl Kind {
    /// Every kind, in the order in which they are stored.
    pub const ALL: [Self; 32] = [
        Self::OutletSet,
        Self::CategoryPut,
        Self::CategoryRemoved,
        Self::GroupPut,
        Self::GroupRemoved,
        Self::ModifierPut,
        Self::ModifierRemoved,
        Self::ProductPut,
        Self::ProductRemoved,
        Self::ItemVoided,
        Self::OrderCancelled,
        Self::OrderEdited,
        Self::OrderDiscounted,
        Self::UserPut,
        Self::SessionBegan,
        Self::SessionEnded,
        Self::SignInRefused,
        Self::PinSet,
        Self::PinRefused,
        Self::AccessRefused,
        Self::DevicePut,
        Self::DeviceRevoked,
        Self::PairingRefused,
        Self::GuestPut,
        Self::GuestForgotten,
        Self::PromotionPut,
        Self::PromotionRemoved,
        Self::PromotionStarted,
        Self::PromotionEnded,
        Self::SettingsSet,
        Self::DayClosed,
        Self::JobRan,
    ];

    /// Its word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.row().1
    }

    /// What it is about.
    #[must_use]
    pub fn area(self) -> Area {
        self.row().0
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    fn row(self) -> (Area, &'static str) {
        match self {
            Self::OutletSet => (Area::Outlet, "outlet.set"),
            Self::CategoryPut => (Area::Menu, "category.put"),
            Self::CategoryRemoved => (Area::Menu, "category.removed"),
            Self::GroupPut => (Area::Menu, "modifier_group.put"),
            Self::GroupRemoved => (Area::Menu, "modifier_group.removed"),
            Self::ModifierPut => (Area::Menu, "modifier.put"),
            Self::ModifierRemoved => (Area::Menu, "modifier.removed"),
            Self::ProductPut => (Area::Menu, "product.put"),
            Self::ProductRemoved => (Area::Menu, "product.removed"),
            Self::ItemVoided => (Area::Orders, "order.item_voided"),
            Self::OrderCancelled => (Area::Orders, "order.cancelled"),
            Self::OrderEdited => (Area::Orders, "order.edited"),
            Self::OrderDiscounted => (Area::Orders, "order.discounted"),
            Self::UserPut => (Area::Staff, "user.put"),
            Self::SessionBegan => (Area::Staff, "session.began"),
            Self::SessionEnded => (Area::Staff, "session.ended"),
            Self::SignInRefused => (Area::Staff, "sign_in.refused"),
            Self::PinSet => (Area::Staff, "pin.set"),
            Self::PinRefused => (Area::Staff, "pin.refused"),
            Self::AccessRefused => (Area::Staff, "access.refused"),
            Self::DevicePut => (Area::Devices, "device.put"),
            Self::DeviceRevoked => (Area::Devices, "device.revoked"),
            Self::PairingRefused => (Area::Devices, "pairing.refused"),
            Self::GuestPut => (Area::Guests, "guest.put"),
            Self::GuestForgotten => (Area::Guests, "guest.forgotten"),
            Self::PromotionPut => (Area::Promotions, "promotion.put"),
            Self::PromotionRemoved => (Area::Promotions, "promotion.removed"),
            Self::PromotionStarted => (Area::Promotions, "promotion.started"),
            Self::PromotionEnded => (Area::Promotions, "promotion.ended"),
            Self::SettingsSet => (Area::Outlet, "settings.set"),
            Self::DayClosed => (Area::Work, "day.closed"),
            Self::JobRan => (Area::Work, "job.ran"),
        }
    }
}

/// What a record is to later ones of the same subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It says all of the subject: the next one is compared with it.
    Whole,
    /// The subject is gone: under this id the next one begins anew.
    End,
    /// It says something of it.
    Aside,
}

/// What an event is in the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'event> {
    /// What happened.
    pub kind: Kind,
    /// To what; nil where it is to nothing in particular.
    pub subject: Id,
    /// What that is called, where the event says so.
    pub name: Option<&'event str>,
    /// What it is to later ones.
    pub part: Part,
}

/// An event's entry; none for an order's ordinary life and for the refreshing of sessions.
#[must_use]
pub fn entry(event: &Event) -> Option<Entry<'_>> {
    Some(match event {
        Event::OutletSet(outlet) => whole(Kind::OutletSet, outlet.id, &outlet.name),
        Event::CategoryPut(category) => whole(Kind::CategoryPut, category.id, &category.name),
        Event::CategoryRemoved(id) => end(Kind::CategoryRemoved, *id),
        Event::ModifierGroupPut(group) => whole(Kind::GroupPut, group.id, &group.name),
        Event::ModifierGroupRemoved(id) => end(Kind::GroupRemoved, *id),
        Event::ModifierPut(modifier) => whole(Kind::ModifierPut, modifier.id, &modifier.name),
        Event::ModifierRemoved(id) => end(Kind::ModifierRemoved, *id),
        Event::ProductPut(product) => whole(Kind::ProductPut, product.id, &product.name),
        Event::ProductRemoved(id) => end(Kind::ProductRemoved, *id),
        Event::OrderPlaced(_) => return None,
        Event::OrderChanged(order, event) => return of_order(order, event),
        Event::Staff(event) => return of_staff(event),
        Event::Device(event) => match event {
            DeviceEvent::Put(device) => whole(Kind::DevicePut, device.id, &device.name),
            DeviceEvent::Revoked(id) => aside(Kind::DeviceRevoked, *id),
            DeviceEvent::PairingRefused => aside(Kind::PairingRefused, Id::nil()),
        },
        // What guests are called is nobody's to read here.
        Event::Guest(event) => match event {
            GuestEvent::Put { guest, .. } => aside(Kind::GuestPut, *guest),
            GuestEvent::Forgotten(guest) => aside(Kind::GuestForgotten, *guest),
        },
        Event::Promotion(event) => match event {
            PromotionEvent::Put(promotion) => whole(Kind::PromotionPut, promotion.id, &promotion.name),
            PromotionEvent::Removed(id) => end(Kind::PromotionRemoved, *id),
            PromotionEvent::Started(id) => aside(Kind::PromotionStarted, *id),
            PromotionEvent::Ended(id) => aside(Kind::PromotionEnded, *id),
        },
        // There is one of them, and it has no name.
        Event::SettingsSet(_) => whole(Kind::SettingsSet, derived_id("settings", ""), ""),
        Event::Day(_) => aside(Kind::DayClosed, Id::nil()),
        Event::Job(_) => aside(Kind::JobRan, Id::nil()),
    })
}

fn of_order<'event>(order: &'event OrderRef, event: &OrderEvent) -> Option<Entry<'event>> {
    let kind = match event {
        OrderEvent::ItemVoided { .. } => Kind::ItemVoided,
        OrderEvent::Status { status: OrderStatus::Cancelled, .. } => Kind::OrderCancelled,
        OrderEvent::Edited { .. } => Kind::OrderEdited,
        OrderEvent::Discounted { .. } => Kind::OrderDiscounted,
        OrderEvent::ItemsAdded { .. }
        | OrderEvent::ItemStatus { .. }
        | OrderEvent::Status { .. }
        | OrderEvent::Promoted { .. }
        | OrderEvent::Paid { .. } => return None,
    };
    Some(Entry { kind, subject: order.id, name: Some(&order.number), part: Part::Aside })
}

fn of_staff(event: &StaffEvent) -> Option<Entry<'_>> {
    Some(match event {
        StaffEvent::UserPut(user) => whole(Kind::UserPut, user.id, &user.name),
        StaffEvent::SessionBegan(session) => aside(Kind::SessionBegan, session.user),
        StaffEvent::SessionRefreshed(_) => return None,
        StaffEvent::SessionEnded { user, .. } => aside(Kind::SessionEnded, *user),
        StaffEvent::SignInRefused { user } => aside(Kind::SignInRefused, *user),
        StaffEvent::PinSet { user, .. } => aside(Kind::PinSet, *user),
        StaffEvent::PinRefused { user } => aside(Kind::PinRefused, *user),
        StaffEvent::AccessRefused { .. } => aside(Kind::AccessRefused, Id::nil()),
    })
}

fn whole(kind: Kind, subject: Id, name: &str) -> Entry<'_> {
    Entry { kind, subject, name: Some(name), part: Part::Whole }
}

fn end(kind: Kind, subject: Id) -> Entry<'static> {
    Entry { kind, subject, name: None, part: Part::End }
}

fn aside(kind: Kind, subject: Id) -> Entry<'static> {
    Entry { kind, subject, name: None, part: Part::Aside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_place_and_a_word_of_its_own() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        for area in Area::ALL {
            assert_eq!(Area::from_word(area.word()), Some(area));
        }
        assert_eq!((Kind::from_word("product"), Area::from_word("")), (None, None));
    }
}
