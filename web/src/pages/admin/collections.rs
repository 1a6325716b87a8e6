use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::{CollectionId, DocumentFilter, GrantAccess, GroupId, Principal};
use serde::Deserialize;

use super::again;
use crate::{AppState, asker::Administrator, assets, error::PageError, frame::Frame};

#[derive(Template)]
#[template(path = "admin/collections.html")]
struct Collections<'a> {
    frame: &'a Frame,
    error: Option<String>,
    collections: Vec<Row>,
}

struct Row {
    id: CollectionId,
    name: String,
    documents: i64,
    grants: Vec<Given>,
}

/// What a group may do in a collection: "none", "read" or "edit".
struct Given {
    group: GroupId,
    name: String,
    access: &'static str,
}

pub(crate) async fn list(State(state): State<AppState>, admin: Administrator, frame: Frame) -> Result<Html<String>, PageError> {
    page(&state, &admin, &frame, None).await
}

async fn page(state: &AppState, admin: &Administrator, frame: &Frame, error: Option<String>) -> Result<Html<String>, PageError> {
    let groups = admin.administration.groups(None).await?;
    let reader = state.catalog.reader(&Principal::Person(admin.session.person().id), None).await?;
    let mut collections = Vec::new();
    for collection in admin.administration.collections().await? {
        let given = admin.administration.grants(collection.id).await?;
        let access = |group| given.iter().find(|grant| grant.group_id == group).map_or("none", |grant| grant.access.as_str());
        let name = |group: &catalog::Group| if group.everyone { frame.say("everyone") } else { group.name.clone() };
        let filter = DocumentFilter { collection: Some(collection.name.clone()), ..DocumentFilter::default() };
        collections.push(Row {
            id: collection.id,
            name: collection.name,
            documents: reader.document_count(&filter).await?,
            grants: groups.iter().map(|group| Given { group: group.id, name: name(group), access: access(group.id) }).collect(),
        });
    }
    Ok(Html(Collections { frame, error, collections }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Named {
    name: String,
}

pub(crate) async fn create(
    State(state): State<AppState>,
    admin: Administrator,
    frame: Frame,
    Form(Named { name }): Form<Named>,
) -> Result<Response, PageError> {
    match admin.administration.create_collection(&name).await.map_err(PageError::from) {
        Ok(_) => Ok(Redirect::to("/admin/collections").into_response()),
        Err(error) if error.is_of_form() => again(page(&state, &admin, &frame, Some(error.sentence(&frame))).await?),
        Err(error) => Err(error),
    }
}

/// One choice a group; only what changes is written into the trail.
pub(crate) async fn set_grants(
    admin: Administrator,
    Path(collection): Path<String>,
    Form(chosen): Form<HashMap<String, String>>,
) -> Result<Redirect, PageError> {
    let missing = || PageError::not_found("error-missing");
    let collection: CollectionId = collection.parse().map_err(|_| missing())?;
    let given = admin.administration.grants(collection).await?;
    for (group, access) in chosen {
        let group: GroupId = group.parse().map_err(|_| missing())?;
        let access = match access.as_str() {
            "read" => Some(GrantAccess::Read),
            "edit" => Some(GrantAccess::Edit),
            _ => None,
        };
        if given.iter().find(|grant| grant.group_id == group).map(|grant| grant.access) != access {
            admin.administration.set_grant(collection, group, access).await?;
        }
    }
    Ok(Redirect::to("/admin/collections"))
}
