//! Looks whether the certificate of the pages still fits: its names, the box's addresses, and its time.

use protocol::work::{Fact, Job as Name};

use super::super::due::Rhythm;
use super::super::{By, Done, Tools};
use super::Job;

/// Renews the certificate.
pub(super) struct Certificate;

impl Job for Certificate {
    fn name(&self) -> Name {
        Name::Certificate
    }

    // A router that gives the box another address is noticed at once: until then the pages cannot be reached there.
    fn rhythm(&self, _tools: &Tools) -> Rhythm {
        Rhythm::Look
    }

    fn look(&mut self, tools: &Tools, _by: &By) -> Result<Option<Done>, String> {
        let Some(keeper) = &tools.keeper else { return Ok(None) };
        let renewed = keeper.look().map_err(|error| {
            format!("The certificate is not renewed: {error}. The one before is served on.")
        })?;
        Ok(renewed.map(|facts| {
            let addresses: Vec<String> = facts.addresses.iter().map(ToString::to_string).collect();
            Done {
                message: format!("A certificate was made for {}.", facts.names.join(", ")),
                facts: vec![
                    ("names", Fact::Text(facts.names.join(", "))),
                    ("addresses", Fact::Text(addresses.join(", "))),
                    ("expires", Fact::Number(facts.not_after)),
                ],
            }
        }))
    }
}
