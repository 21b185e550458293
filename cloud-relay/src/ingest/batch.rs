//! A batch as it waits: its records, what can be read of them, and the room that they take.

use protocol::chain::Cursor;
use protocol::event::{Envelope, Event};
use protocol::frame::{Batch, Stored};
use tokio::sync::OwnedSemaphorePermit;

use super::accept::Links;

/// The end of the year 9999: beyond, the database has no such day.
const AT_MS_MAX: i64 = 253_402_300_800_000;

/// A record on its way.
#[derive(Debug)]
pub struct Row {
    /// Its place.
    pub at: Cursor,
    /// Version of the body's encoding.
    pub version: u8,
    /// More of the same request follow.
    pub more: bool,
    /// As the ledger stores it.
    pub body: Vec<u8>,
    /// When, in milliseconds since 1970, and the kind of fact; or why that cannot be read.
    pub read: Result<(Option<i64>, i16), String>,
}

/// A batch on its way.
#[derive(Debug)]
pub struct Incoming {
    /// Its chain.
    pub links: Links,
    /// Its records, as many as the chain has.
    pub rows: Vec<Row>,
    /// The room that it takes.
    pub permit: Option<OwnedSemaphorePermit>,
}

impl Incoming {
    /// Checks and reads what a hub sent.
    pub fn of(batch: &Batch<'_>) -> Result<Self, &'static str> {
        let links = Links::of(batch)?;
        let rows =
            links.cursors.iter().zip(&batch.records).map(|(at, stored)| Row::of(*at, stored)).collect();
        Ok(Self { links, rows, permit: None })
    }

    /// Bytes of its records.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(|row| row.body.len() + size_of::<Row>()).sum()
    }
}

impl Row {
    fn of(at: Cursor, stored: &Stored<'_>) -> Self {
        let read = Envelope::decode(stored.version, stored.body).map_err(|error| error.to_string());
        let read = read.map(|envelope| {
            let at_ms = (0..AT_MS_MAX).contains(&envelope.at_ms).then_some(envelope.at_ms);
            (at_ms, kind(&envelope.event))
        });
        Self { at, version: stored.version, more: stored.more, body: stored.body.to_vec(), read }
    }
}

/// The number of an event's kind: with what its encoding begins. What follows is not written.
fn kind(event: &Event) -> i16 {
    let mut beginning = [0; 3];
    let _ = postcard::to_slice(event, &mut beginning);
    postcard::take_from_bytes::<u16>(&beginning).map_or(-1, |(kind, _)| kind.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::event::{Actor, DeviceEvent, EVENT_VERSION};
    use uuid::Uuid;

    fn envelope(at_ms: i64, event: Event) -> Vec<u8> {
        let actor = Actor::system("test");
        let envelope = Envelope {
            at_ms,
            time_unverified: false,
            actor,
            device: None,
            approval: None,
            keys: Vec::new(),
            event,
        };
        postcard::to_extend(&envelope, Vec::new()).unwrap()
    }

    fn read(version: u8, body: &[u8]) -> Result<(Option<i64>, i16), String> {
        let stored = Stored { version, more: false, epoch: 1, body };
        Row::of(Cursor::START.next(version, 1, body), &stored).read
    }

    #[test]
    fn time_and_kind_are_read_and_what_cannot_be_is_said() {
        let removed = envelope(1_700_000_000_000, Event::CategoryRemoved(Uuid::nil()));
        assert_eq!(read(EVENT_VERSION, &removed), Ok((Some(1_700_000_000_000), 2)));
        let device = envelope(-1, Event::Device(DeviceEvent::PairingRefused));
        assert_eq!(read(EVENT_VERSION, &device), Ok((None, 12)));
        assert_eq!(
            read(EVENT_VERSION, &envelope(AT_MS_MAX, Event::ProductRemoved(Uuid::nil()))),
            Ok((None, 8))
        );
        assert!(read(EVENT_VERSION, b"\xff\xff").unwrap_err().contains("cannot be read"));
        assert!(read(99, &removed).unwrap_err().contains("version 99"));
    }
}
