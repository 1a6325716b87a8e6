use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use catalog::{Administration, Group, GroupId, Link, NewPerson, Person, PersonId, Role};
use serde::Deserialize;

use super::again;
use crate::{
    AppState,
    asker::{Administrator, Visitor},
    assets,
    error::PageError,
    frame::Frame,
};

#[derive(Template)]
#[template(path = "admin/people.html")]
struct People<'a> {
    frame: &'a Frame,
    error: Option<String>,
    link: Option<Shown>,
    people: Vec<Person>,
    groups: Vec<Group>,
    roles: [Role; 4],
    name: &'a str,
    email: &'a str,
}

/// A link, to be handed over by whoever made it.
struct Shown {
    name: String,
    address: String,
    until: String,
}

#[derive(Deserialize)]
pub(crate) struct Invited {
    name: String,
    email: String,
    role: String,
    #[serde(default)]
    group: Vec<GroupId>,
}

pub(crate) async fn list(admin: Administrator, frame: Frame) -> Result<Html<String>, PageError> {
    page(&admin.administration, &frame, None, None, None).await
}

async fn page(
    administration: &Administration,
    frame: &Frame,
    error: Option<String>,
    link: Option<Shown>,
    typed: Option<&Invited>,
) -> Result<Html<String>, PageError> {
    let page = People {
        frame,
        error,
        link,
        people: administration.people().await?,
        groups: own_groups(administration).await?,
        roles: Role::ALL,
        name: typed.map_or("", |typed| &typed.name),
        email: typed.map_or("", |typed| &typed.email),
    };
    Ok(Html(page.render()?))
}

/// All but the one that everybody is in.
pub(super) async fn own_groups(administration: &Administration) -> Result<Vec<Group>, PageError> {
    let mut groups = administration.groups(None).await?;
    groups.retain(|group| !group.everyone);
    Ok(groups)
}

fn role(written: &str) -> Result<Role, PageError> {
    Role::named(written).ok_or_else(|| PageError::invalid(format!("There is no role \"{written}\".")))
}

fn shown(state: &AppState, frame: &Frame, name: &str, link: &Link) -> Shown {
    Shown {
        name: name.to_owned(),
        address: format!("{}/join/{}", state.address(), link.token.reveal()),
        until: frame.moment(link.expires_at),
    }
}

pub(crate) async fn invite(
    State(state): State<AppState>,
    admin: Administrator,
    frame: Frame,
    Form(typed): Form<Invited>,
) -> Result<Response, PageError> {
    let new = NewPerson { email: typed.email.clone(), name: typed.name.clone(), role: role(&typed.role)?, groups: typed.group.clone() };
    match admin.administration.invite(&new).await.map_err(PageError::from) {
        Ok((_, link)) => {
            let link = shown(&state, &frame, &new.name, &link);
            Ok(page(&admin.administration, &frame, None, Some(link), None).await?.into_response())
        }
        Err(error) if error.is_of_form() => {
            again(page(&admin.administration, &frame, Some(error.sentence(&frame)), None, Some(&typed)).await?)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "admin/person.html")]
struct OnePerson<'a> {
    frame: &'a Frame,
    error: Option<String>,
    link: Option<Shown>,
    person: Person,
    groups: Vec<(Group, bool)>,
    roles: [Role; 4],
}

fn id(written: &str) -> Result<PersonId, PageError> {
    written.parse().map_err(|_| PageError::not_found("error-missing"))
}

pub(crate) async fn show(admin: Administrator, Path(person): Path<String>, frame: Frame) -> Result<Html<String>, PageError> {
    person_page(&admin.administration, &frame, id(&person)?, None, None).await
}

async fn person_page(
    administration: &Administration,
    frame: &Frame,
    id: PersonId,
    error: Option<String>,
    link: Option<Shown>,
) -> Result<Html<String>, PageError> {
    let person = administration.person(id).await?;
    let of_theirs: Vec<GroupId> = administration.groups(Some(id)).await?.into_iter().map(|group| group.id).collect();
    let groups = own_groups(administration).await?.into_iter().map(|group| (group.clone(), of_theirs.contains(&group.id))).collect();
    Ok(Html(OnePerson { frame, error, link, person, groups, roles: Role::ALL }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Changed {
    name: String,
    role: String,
    #[serde(default)]
    group: Vec<GroupId>,
}

pub(crate) async fn change(
    admin: Administrator,
    Path(person): Path<String>,
    frame: Frame,
    Form(Changed { name, role: chosen, group }): Form<Changed>,
) -> Result<Response, PageError> {
    let id = id(&person)?;
    match admin.administration.change(id, &name, role(&chosen)?).await.map_err(PageError::from) {
        Ok(()) => {}
        Err(error) if error.is_of_form() => {
            return again(person_page(&admin.administration, &frame, id, Some(error.sentence(&frame)), None).await?);
        }
        Err(error) => return Err(error),
    }
    admin.administration.set_groups(id, &group).await?;
    Ok(Redirect::to(&format!("/admin/people/{id}")).into_response())
}

pub(crate) async fn link(
    State(state): State<AppState>,
    admin: Administrator,
    Path(person): Path<String>,
    frame: Frame,
) -> Result<Html<String>, PageError> {
    let id = id(&person)?;
    let link = admin.administration.new_link(id).await?;
    let name = admin.administration.person(id).await?.name;
    person_page(&admin.administration, &frame, id, None, Some(shown(&state, &frame, &name, &link))).await
}

pub(crate) async fn end_sessions(admin: Administrator, Path(person): Path<String>) -> Result<Redirect, PageError> {
    let id = id(&person)?;
    admin.administration.end_sessions(id).await?;
    Ok(Redirect::to(&format!("/admin/people/{id}")))
}

#[derive(Deserialize)]
pub(crate) struct Enabled {
    enabled: String,
}

pub(crate) async fn set_enabled(
    admin: Administrator,
    Path(person): Path<String>,
    frame: Frame,
    Form(Enabled { enabled }): Form<Enabled>,
) -> Result<Response, PageError> {
    let id = id(&person)?;
    match admin.administration.set_enabled(id, enabled == "yes").await.map_err(PageError::from) {
        Ok(()) => Ok(Redirect::to(&format!("/admin/people/{id}")).into_response()),
        Err(error) if error.is_of_form() => {
            again(person_page(&admin.administration, &frame, id, Some(error.sentence(&frame)), None).await?)
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub(crate) struct ViewAs {
    /// Whose view to take on; without it the administrator's own again.
    person: Option<String>,
}

pub(crate) async fn view_as(Visitor(session): Visitor, Form(ViewAs { person }): Form<ViewAs>) -> Result<Redirect, PageError> {
    let other = person.as_deref().map(id).transpose()?;
    session.view_as(other).await?;
    Ok(Redirect::to(if other.is_some() { "/" } else { "/admin/people" }))
}
