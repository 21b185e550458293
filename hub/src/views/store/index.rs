//! Rows of fixed length under sorted keys, compressed by the hundred into one entry each.
//!
//! sled writes about four hundred bytes around every entry, however small, so that an entry for each id would cost more
//! than the order itself. Ids and keys begin with the time they were made at (`UUIDv7`), and so do the rows of the day:
//! rows that one checkpoint adds are neighbours. An entry's key is
//!
//! ```text
//! name [u8; 4] · bucket: the first bytes of the rows' keys · generation u64: the checkpoint's last record · last row's key
//! ```
//!
//! A look-up reads one entry of each generation in the key's bucket, the newest first. A bucket of ids spans 4.7 hours,
//! which a few checkpoints fall into. Keys without time, such as those derived from an old till's ids, are each
//! alone in their bucket, at the price of an entry each.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{StoreError, VALUE_BYTES_MAX, ZSTD_LEVEL, guarded};

/// Rows of an entry, before they are compressed to about a half.
const RAW_BYTES: usize = 12 << 10;
const NAME_BYTES: usize = 4;
const GENERATION_BYTES: usize = 8;

/// One index: its name in the tree, and how its rows are laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Index {
    /// Begins every key.
    pub(super) name: [u8; NAME_BYTES],
    /// Bytes of a row's key that rows of one bucket share.
    pub(super) bucket_bytes: usize,
    /// Bytes of a row's key.
    pub(super) key_bytes: usize,
    /// Bytes of a row behind its key.
    pub(super) value_bytes: usize,
}

/// Rows by key, the newest of each.
pub(super) type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

impl Index {
    fn row_bytes(&self) -> usize {
        self.key_bytes + self.value_bytes
    }

    /// Adds rows as one generation.
    pub(super) fn put(
        &self,
        batch: &mut sled::Batch,
        generation: u64,
        rows: &Rows,
    ) -> Result<(), StoreError> {
        let rows: Vec<(&[u8], &[u8])> = rows.iter().map(|(key, value)| (&key[..], &value[..])).collect();
        for bucket in rows.chunk_by(|(one, _), (next, _)| next.starts_with(&one[..self.bucket_bytes])) {
            for rows in bucket.chunks(RAW_BYTES / self.row_bytes()) {
                self.put_entry(batch, generation, rows)?;
            }
        }
        Ok(())
    }

    /// Adds rows of one bucket as one entry, or in halves where they do not fit into one.
    fn put_entry(
        &self,
        batch: &mut sled::Batch,
        generation: u64,
        rows: &[(&[u8], &[u8])],
    ) -> Result<(), StoreError> {
        let Some((last, _)) = rows.last() else { return Ok(()) };
        let raw: Vec<u8> = rows.iter().flat_map(|(key, value)| [*key, *value]).flatten().copied().collect();
        debug_assert_eq!(raw.len(), rows.len() * self.row_bytes());
        let value = zstd::bulk::compress(&raw, ZSTD_LEVEL)?;
        if value.len() > VALUE_BYTES_MAX {
            let (one, other) = rows.split_at(rows.len() / 2);
            self.put_entry(batch, generation, one)?;
            return self.put_entry(batch, generation, other);
        }
        let (bucket, rest) = last.split_at(self.bucket_bytes);
        batch.insert([&self.name[..], bucket, &generation.to_be_bytes(), rest].concat(), value);
        Ok(())
    }

    /// The newest row of a key.
    pub(super) fn get(&self, db: &sled::Db, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        guarded("reading", || {
            let (bucket, rest) = key.split_at(self.bucket_bytes);
            let bucket = [&self.name[..], bucket].concat();
            let generation_at = bucket.len()..bucket.len() + GENERATION_BYTES;
            let mut end = [&bucket[..], &[0xFF; GENERATION_BYTES]].concat();
            while let Some(entry) = db.range(&bucket[..]..&end[..]).next_back() {
                let (newest, _) = entry?;
                end.truncate(bucket.len());
                end.extend_from_slice(&newest[generation_at.clone()]);
                let from = [&end[..], rest].concat();
                if let Some(entry) = db.range(from..).next() {
                    let (found, rows) = entry?;
                    if found.starts_with(&end)
                        && let Some(row) = self.row(&rows, key)?
                    {
                        return Ok(Some(row));
                    }
                }
            }
            Ok(None)
        })
    }

    fn row(&self, value: &[u8], key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.rows(value)?;
        let row_at = |at: usize| &rows[at * self.row_bytes()..][..self.row_bytes()];
        let (mut low, mut high) = (0, rows.len() / self.row_bytes());
        while low < high {
            let middle = usize::midpoint(low, high);
            match row_at(middle)[..self.key_bytes].cmp(key) {
                Ordering::Equal => return Ok(Some(row_at(middle)[self.key_bytes..].to_vec())),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    /// An entry's rows, one behind the other.
    fn rows(&self, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        let rows = zstd::bulk::decompress(value, RAW_BYTES)?;
        if rows.len().is_multiple_of(self.row_bytes()) {
            return Ok(rows);
        }
        Err(StoreError::Entry(format!("{}: a row is cut off", String::from_utf8_lossy(&self.name))))
    }

    /// The newest row of every key, bucket by bucket, from the bucket of `from` to that of `to`.
    pub(super) fn buckets(
        &self,
        db: &sled::Db,
        from: &[u8],
        to: &[u8],
    ) -> impl Iterator<Item = Result<Rows, StoreError>> + use<> {
        let bucket_end = NAME_BYTES + self.bucket_bytes;
        let start = [&self.name[..], &from[..self.bucket_bytes]].concat();
        let end = [&self.name[..], &to[..self.bucket_bytes], &[0xFF; GENERATION_BYTES]].concat();
        let mut entries = db.range(start..end).peekable();
        let index = *self;
        std::iter::from_fn(move || {
            let next = guarded("reading", || {
                let Some(first) = entries.next() else { return Ok(None) };
                let (first, value) = first?;
                let mut rows = Rows::new();
                index.add(&mut rows, &value)?;
                let is_same = |(key, _): &(sled::IVec, sled::IVec)| key[..bucket_end] == first[..bucket_end];
                // Generations come in their order, so that a newer row takes the place of an older one.
                while let Some(entry) = entries.next_if(|next| next.as_ref().is_ok_and(is_same)) {
                    index.add(&mut rows, &entry?.1)?;
                }
                Ok(Some(rows))
            });
            next.transpose()
        })
    }

    /// The newest row of every key, bucket by bucket, from the bucket of `to` back to that of `from`.
    pub(super) fn buckets_back(
        &self,
        db: &sled::Db,
        from: &[u8],
        to: &[u8],
    ) -> impl Iterator<Item = Result<Rows, StoreError>> + use<> {
        let bucket_end = NAME_BYTES + self.bucket_bytes;
        let start = [&self.name[..], &from[..self.bucket_bytes]].concat();
        let end = [&self.name[..], &to[..self.bucket_bytes], &[0xFF; GENERATION_BYTES]].concat();
        let mut entries = db.range(start..end).rev().peekable();
        let index = *self;
        std::iter::from_fn(move || {
            let next = guarded("reading", || {
                let Some(last) = entries.next() else { return Ok(None) };
                let (last, value) = last?;
                let mut values = vec![value];
                let is_same = |(key, _): &(sled::IVec, sled::IVec)| key[..bucket_end] == last[..bucket_end];
                while let Some(entry) = entries.next_if(|next| next.as_ref().is_ok_and(is_same)) {
                    values.push(entry?.1);
                }
                let mut rows = Rows::new();
                for value in values.iter().rev() {
                    index.add(&mut rows, value)?;
                }
                Ok(Some(rows))
            });
            next.transpose()
        })
    }

    /// The newest row of every key, bucket by bucket.
    pub(super) fn all(&self, db: &sled::Db) -> impl Iterator<Item = Result<Rows, StoreError>> + use<> {
        self.buckets(db, &vec![0; self.key_bytes], &vec![0xFF; self.key_bytes])
    }

    fn add(&self, rows: &mut Rows, value: &[u8]) -> Result<(), StoreError> {
        for row in self.rows(value)?.chunks_exact(self.row_bytes()) {
            let (key, value) = row.split_at(self.key_bytes);
            rows.insert(key.to_vec(), value.to_vec());
        }
        Ok(())
    }
}
