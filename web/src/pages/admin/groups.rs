use askama::Template;
use axum::{
    Form,
    extract::Path,
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::{Administration, Group, Person};
use serde::Deserialize;

use super::again;
use crate::{asker::Administrator, assets, error::PageError, frame::Frame};

#[derive(Template)]
#[template(path = "admin/groups.html")]
struct Groups<'a> {
    frame: &'a Frame,
    error: Option<String>,
    groups: Vec<(Group, Vec<Person>)>,
}

pub(crate) async fn list(admin: Administrator, frame: Frame) -> Result<Html<String>, PageError> {
    page(&admin.administration, &frame, None).await
}

async fn page(administration: &Administration, frame: &Frame, error: Option<String>) -> Result<Html<String>, PageError> {
    let mut groups = Vec::new();
    for group in administration.groups(None).await? {
        let members = if group.everyone { Vec::new() } else { administration.members(group.id).await? };
        groups.push((group, members));
    }
    Ok(Html(Groups { frame, error, groups }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Named {
    name: String,
}

pub(crate) async fn create(admin: Administrator, frame: Frame, Form(Named { name }): Form<Named>) -> Result<Response, PageError> {
    match admin.administration.create_group(&name).await.map_err(PageError::from) {
        Ok(_) => Ok(Redirect::to("/admin/groups").into_response()),
        Err(error) if error.is_of_form() => again(page(&admin.administration, &frame, Some(error.sentence(&frame))).await?),
        Err(error) => Err(error),
    }
}

pub(crate) async fn delete(admin: Administrator, Path(group): Path<String>) -> Result<Redirect, PageError> {
    let group = group.parse().map_err(|_| PageError::not_found("error-missing"))?;
    admin.administration.delete_group(group).await?;
    Ok(Redirect::to("/admin/groups"))
}
