//! Who may read one document.

use askama::Template;
use axum::{
    extract::Path,
    response::{Html, Redirect},
};
use axum_extra::extract::Form;
use catalog::{Group, GroupId};
use serde::Deserialize;

use super::people::own_groups;
use crate::{
    asker::{Administrator, Asker},
    assets,
    error::PageError,
    frame::Frame,
    pages::document::find,
};

#[derive(Template)]
#[template(path = "admin/access.html")]
struct Access<'a> {
    frame: &'a Frame,
    error: Option<String>,
    title: String,
    collection: String,
    document: String,
    restricted: bool,
    groups: Vec<(Group, bool)>,
}

pub(crate) async fn show(admin: Administrator, asker: Asker, Path(id): Path<String>, frame: Frame) -> Result<Html<String>, PageError> {
    let (document, _) = find(&asker.reader, &id, None).await?;
    let restriction = admin.administration.restriction(document.id).await?;
    let may = |group: &Group| restriction.as_ref().is_some_and(|groups| groups.contains(&group.id));
    let groups = own_groups(&admin.administration).await?.into_iter().map(|group| (group.clone(), may(&group))).collect();
    let page = Access {
        frame: &frame,
        error: None,
        document: format!("/documents/{}", document.id),
        title: document.title,
        collection: document.collection,
        restricted: restriction.is_some(),
        groups,
    };
    Ok(Html(page.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    restricted: String,
    #[serde(default)]
    group: Vec<GroupId>,
}

pub(crate) async fn set(
    admin: Administrator,
    asker: Asker,
    Path(id): Path<String>,
    Form(Chosen { restricted, group }): Form<Chosen>,
) -> Result<Redirect, PageError> {
    let (document, _) = find(&asker.reader, &id, None).await?;
    let groups = (restricted == "yes").then_some(group.as_slice());
    admin.administration.restrict(document.id, groups).await?;
    Ok(Redirect::to(&format!("/documents/{}", document.id)))
}
