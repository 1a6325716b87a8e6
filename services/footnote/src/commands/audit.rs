use std::process::ExitCode;

use anyhow::{Context, Result};
use catalog::{AuditFilter, AuditTrail, Clock, Fault};
use chrono::Duration;

use crate::{
    cli::{AuditCommand, OnOff},
    config::Config,
    output,
};

/// Records of one look.
const BATCH: u32 = 1000;

pub async fn run(config: &Config, command: AuditCommand) -> Result<ExitCode> {
    let trail = super::catalog(config).await?.trail();
    match command {
        AuditCommand::Verify { known, json } => return verify(&trail, known.as_deref(), json).await,
        AuditCommand::Export => {
            let mut last = 0;
            loop {
                let records = trail.after(&AuditFilter::default(), last, BATCH).await?;
                let Some(newest) = records.last() else { break };
                last = newest.seq;
                for record in &records {
                    output::json(record)?;
                }
            }
        }
        AuditCommand::Privacy { privacy } => {
            trail.set_pseudonymous(privacy == OnOff::On).await?;
            output::line(match privacy {
                OnOff::On => {
                    "what people do as users is written under pseudonyms from now on; two administrators open one together, in the portal"
                }
                OnOff::Off => "what people do is written under their names from now on; what was written before stays as it is",
            });
        }
        AuditCommand::Forget { keep } => {
            let before = Clock::system().now() - Duration::days(keep.into());
            let gone = trail.forget_before(before).await?;
            output::line(&format!("{gone} records from before {} are forgotten", before.format("%Y-%m-%d %H:%M UTC")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(trail: &AuditTrail, known: Option<&str>, json: bool) -> Result<ExitCode> {
    let known = known
        .map(|known| -> Result<(i64, &str)> {
            let (seq, hash) =
                known.split_once(':').context("--known takes NUMBER:HASH, as an earlier `footnote audit verify` printed it")?;
            Ok((seq.trim().parse().context("--known begins with the number of a record")?, hash.trim()))
        })
        .transpose()?;
    let found = trail.verify(known).await?;
    if json {
        output::json(&found)?;
    } else {
        for Fault { seq, reason } in &found.faults {
            output::line(&output::one_line(&format!("record {seq}: {reason}")));
        }
        let end = format!("{}:{}", found.last_seq, found.last_hash);
        if found.faults.is_empty() {
            output::line(&format!("{} records are what was written. Keep this elsewhere to compare with later: {end}", found.records));
        } else {
            output::line(&format!("{} records were looked at; the trail was changed, see above", found.records));
        }
    }
    Ok(if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
