//! An entry of the trail in words and figures, from its record and from the one before it.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::api::{AuditActorOut, AuditChangeOut, AuditDeviceOut, AuditOut, Context, PersonOut};
use protocol::event::{Actor, ActorKind, Event};
use protocol::order::Order;
use serde_json::{Map, Value, json};

use super::super::Hub;
use super::details::{Detail, facts, fields, of_order};
use super::known;
use crate::ledger::record::Record;
use crate::views::audit::{Entry, Found, Part, entry};
use crate::views::orders::ViewError;
use crate::views::{Catalogue, Devices};

/// Tells the entries of one answer, all by the same names.
pub(super) struct Teller<'hub> {
    hub: &'hub Hub,
    context: Context,
    catalogue: Arc<Catalogue>,
    devices: Arc<Devices>,
    /// Records before others: the rows of a page have many in common.
    wholes: HashMap<u64, Option<Arc<Record>>>,
}

impl<'hub> Teller<'hub> {
    pub(super) fn new(hub: &'hub Hub) -> Self {
        let (catalogue, devices) = {
            let state = hub.ledger.state();
            (Arc::clone(&state.catalogue), Arc::clone(&state.devices))
        };
        Self { hub, context: hub.context(), catalogue, devices, wholes: HashMap::new() }
    }

    /// What the actor and the subject of an entry were called.
    pub(super) fn names(&mut self, found: &Found) -> Result<Option<(String, String)>, ViewError> {
        let Some(record) = self.hub.views.record(found.seq)? else { return Ok(None) };
        let Some(entry) = entry(&record.envelope.event) else { return Ok(None) };
        let before = self.before(found)?;
        Ok(Some((record.envelope.actor.name.clone(), name(&entry, before.as_deref()))))
    }

    /// An entry; none where the ledger does not have it.
    pub(super) fn tell(&mut self, found: &Found) -> Result<Option<AuditOut>, ViewError> {
        let Some(record) = self.hub.views.record(found.seq)? else { return Ok(None) };
        let Some(entry) = entry(&record.envelope.event) else { return Ok(None) };
        let before = self.before(found)?;
        let mut facts = facts(&record.envelope.event);
        if entry.part == Part::Whole {
            facts.insert("is_new".to_owned(), json!(before.is_none()));
        }
        let changes = match &record.envelope.event {
            Event::OrderChanged(order, event) => {
                let before = self.hub.views.order_as_of(order.id, record.seq - 1)?;
                let after = self.hub.views.order_as_of(order.id, record.seq)?;
                let of = |order: Option<Arc<Order>>| order.map(|order| of_order(&order, event));
                differences(of(before), of(after).unwrap_or_default())
            }
            now if entry.part == Part::Whole => {
                let old = before.as_ref().map(|before| fields(&before.envelope.event, &self.catalogue));
                differences(old, fields(now, &self.catalogue))
            }
            _ => Vec::new(),
        };
        Ok(Some(self.out(&record, &entry, before.as_deref(), changes, facts)))
    }

    fn out(
        &self,
        record: &Record,
        entry: &Entry<'_>,
        before: Option<&Record>,
        changes: Vec<AuditChangeOut>,
        facts: Map<String, Value>,
    ) -> AuditOut {
        let envelope = &record.envelope;
        let device = envelope.device.map(|id| AuditDeviceOut {
            id,
            name: self.devices.by_id.get(&id).map(|device| device.name.clone()).unwrap_or_default(),
        });
        AuditOut {
            epoch: record.epoch,
            seq: record.seq,
            at: self.context.time(envelope.at_ms),
            area: entry.kind.area().word(),
            kind: entry.kind.word(),
            subject: known(entry.subject),
            subject_name: name(entry, before),
            actor: actor(&envelope.actor),
            device,
            approved_by: envelope
                .approval
                .as_ref()
                .map(|approval| PersonOut { id: approval.user, name: approval.name.clone() }),
            time_unverified: envelope.time_unverified,
            changes,
            facts,
        }
    }

    fn before(&mut self, found: &Found) -> Result<Option<Arc<Record>>, ViewError> {
        if found.before == 0 {
            return Ok(None);
        }
        if let Some(record) = self.wholes.get(&found.before) {
            return Ok(record.clone());
        }
        let record = self.hub.views.record(found.before)?.map(Arc::new);
        self.wholes.insert(found.before, record.clone());
        Ok(record)
    }
}

/// What the subject is called by its own record, or by the one before.
fn name(now: &Entry<'_>, before: Option<&Record>) -> String {
    let before = before.and_then(|before| entry(&before.envelope.event)).and_then(|entry| entry.name);
    now.name.or(before).unwrap_or_default().to_owned()
}

fn actor(actor: &Actor) -> AuditActorOut {
    let (kind, id) = match actor.kind {
        ActorKind::System => ("system", None),
        ActorKind::Lan => ("lan", None),
        ActorKind::User(id) => ("user", Some(id)),
        ActorKind::Device(id) => ("device", Some(id)),
    };
    AuditActorOut { kind, id, name: actor.name.clone() }
}

/// Fields that are others than they were; of what is new, those that say something. That a secret is another is told, and
/// nothing more of it.
fn differences(
    old: Option<Vec<(&'static str, Detail)>>,
    new: Vec<(&'static str, Detail)>,
) -> Vec<AuditChangeOut> {
    let is_new = old.is_none();
    let old: HashMap<&str, Detail> = old.into_iter().flatten().collect();
    let mut changes = Vec::new();
    for (field, detail) in new {
        let before = old.get(field);
        if before == Some(&detail) || is_new && detail.says_nothing() {
            continue;
        }
        let from = before.map_or(Value::Null, |before| before.clone().told());
        changes.push(AuditChangeOut { field, from, to: detail.told() });
    }
    changes
}
