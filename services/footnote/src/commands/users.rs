use std::process::ExitCode;

use anyhow::{Context, Result};
use catalog::{Administration, Link, NewPerson, Person};
use serde_json::json;

use crate::{
    cli::{Role, UsersCommand},
    config::Config,
    output,
};

pub async fn run(config: &Config, command: UsersCommand) -> Result<ExitCode> {
    let administration = super::catalog(config).await?.administration();
    match command {
        UsersCommand::List { json } => list(&administration, json).await?,
        UsersCommand::Invite { email, name, role, groups } => {
            let mut ids = Vec::new();
            for group in groups.iter().filter(|group| !group.trim().is_empty()) {
                ids.push(administration.ensure_group(group).await?);
            }
            let (_, link) = administration.invite(&NewPerson { email, name, role: role.into(), groups: ids }).await?;
            print(config, &link);
        }
        UsersCommand::Reset { email } => {
            let link = administration.new_link(find(&administration, &email).await?.id).await?;
            print(config, &link);
        }
        UsersCommand::Disable { email } => administration.set_enabled(find(&administration, &email).await?.id, false).await?,
        UsersCommand::Enable { email } => administration.set_enabled(find(&administration, &email).await?.id, true).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(administration: &Administration, email: &str) -> Result<Person> {
    administration
        .person_with_email(email)
        .await
        .with_context(|| format!("nobody signs in with {email}: `footnote users list` shows who there is"))
}

async fn list(administration: &Administration, json: bool) -> Result<()> {
    for person in administration.people().await? {
        let groups: Vec<String> =
            administration.groups(Some(person.id)).await?.into_iter().filter(|group| !group.everyone).map(|group| group.name).collect();
        if json {
            let mut value = serde_json::to_value(&person)?;
            value["groups"] = json!(groups);
            output::json(&value)?;
            continue;
        }
        let state = match (person.disabled_at, person.joined) {
            (Some(_), _) => "disabled",
            (None, true) => "active",
            (None, false) => "invited",
        };
        let Person { email, name, role, .. } = person;
        output::line(&output::one_line(&format!("{email}  {name}  {}  {state}  {}", role.as_str(), groups.join(", "))));
    }
    Ok(())
}

fn print(config: &Config, link: &Link) {
    let portal = config.portal(config.serve.listen);
    output::line(&format!("{}/join/{}", portal.address, link.token.reveal()));
    output::note(&format!(
        "footnote: hand this link over; it works once, until {}. It opens the portal, so `footnote serve` must run",
        link.expires_at.format("%Y-%m-%d %H:%M UTC")
    ));
}

impl From<Role> for catalog::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Reader => Self::Reader,
            Role::Editor => Self::Editor,
            Role::Auditor => Self::Auditor,
            Role::Administrator => Self::Administrator,
        }
    }
}
