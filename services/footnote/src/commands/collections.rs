use std::process::ExitCode;

use anyhow::{Context, Result};
use catalog::{Grant, GrantAccess};
use serde_json::json;

use crate::{
    cli::{Access, CollectionsCommand},
    config::Config,
    output,
};

pub async fn run(config: &Config, command: CollectionsCommand) -> Result<ExitCode> {
    let catalog = super::catalog(config).await?;
    let administration = catalog.administration();
    match command {
        CollectionsCommand::List { json } => {
            for collection in administration.collections().await? {
                let grants = administration.grants(collection.id).await?;
                let rights: Vec<String> =
                    grants.iter().map(|Grant { group, access, .. }| format!("{group}: {}", access.as_str())).collect();
                if json {
                    let grants: Vec<_> =
                        grants.iter().map(|grant| json!({ "group": grant.group, "access": grant.access.as_str() })).collect();
                    output::json(&json!({ "id": collection.id, "name": collection.name, "grants": grants }))?;
                } else {
                    let rights = if rights.is_empty() { "administrators only".to_owned() } else { rights.join(", ") };
                    output::line(&output::one_line(&format!("{}  ({rights})", collection.name)));
                }
            }
        }
        CollectionsCommand::Grant { collection, group, access } => {
            let id = catalog.system().ensure_collection(collection.trim()).await?.id;
            let group = administration.ensure_group(&group).await.context("the group")?;
            let access = match access {
                Access::None => None,
                Access::Read => Some(GrantAccess::Read),
                Access::Edit => Some(GrantAccess::Edit),
            };
            administration.set_grant(id, group, access).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
