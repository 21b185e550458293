//! `outlet-hub export`: the ledger as lines of JSON.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::hex::hex;
use crate::ledger::disk::{Disk, RealDisk};
use crate::ledger::record::{Cursor, Record};
use crate::ledger::recover;
use crate::store::Folders;

/// Writes every record from `from` on.
pub fn run(folders: &Folders, from: u64) -> Result<ExitCode, String> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let found = recover::find(&disk, &folders.ledger).map_err(|error| error.to_string())?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = None;
    let scanned = found.files.scan(Cursor::START, |record| {
        if record.seq < from {
            return ControlFlow::Continue(());
        }
        match serde_json::to_writer(&mut out, &line(&record))
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    let flushed = out.flush();
    match failed.or(flushed.err()) {
        // Whoever reads has read enough.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        Some(error) => return Err(error.to_string()),
        None => {}
    }
    for damage in &found.damage {
        eprintln!("{damage}");
    }
    scanned.map_err(|error| error.to_string())?;
    Ok(if found.damage.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A record as JSON; what an old client sent is shown as it was sent.
fn line(record: &Record) -> Value {
    let mut envelope = serde_json::to_value(&record.envelope).unwrap_or_default();
    show_raw(&mut envelope);
    json!({"epoch": record.epoch, "seq": record.seq, "hash": hex(&record.hash), "record": envelope})
}

fn show_raw(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), &value) {
                    ("raw", Value::Array(bytes)) => {
                        let bytes: Vec<u8> =
                            bytes.iter().filter_map(Value::as_u64).map(|byte| byte as u8).collect();
                        let sent = rmpv::decode::read_value(&mut &bytes[..]).ok();
                        *value = sent.and_then(|sent| serde_json::to_value(sent).ok()).unwrap_or_default();
                    }
                    _ => show_raw(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(show_raw),
        _ => {}
    }
}
