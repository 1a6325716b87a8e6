//! Outlook's own files (MS-OXMSG): mail, appointments, tasks and contacts.

mod attachments;
mod body;
mod encapsulated;
mod kinds;
mod lzfu;
mod names;
mod properties;

use std::path::Path;

use catalog::Format;

use super::{
    entity,
    head::Head,
    header::{self, Header, MAX_ADDRESSES},
    smime,
};
use crate::{ExtractError, Extracted, ExtractedPage};
use names::Names;
use properties::{Container, MAX_READ, OTHER_HEADER, Properties, TOP_HEADER};

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut container = Container::open(bytes).ok_or_else(|| ExtractError::damaged("its container is cut off or broken"))?;
    let names = Names::read(&mut container);
    let root = Properties::read(&mut container, Path::new("/"), TOP_HEADER, None);
    let class = root.string(&mut container, 0x001a).unwrap_or_default();
    let mut header = shown(&mut container, &root);
    kinds::describe(&class, &mut container, &names, &root, &mut header);
    let files = attachments::read(&mut container, &root)?;
    if container.is_exhausted() {
        return Err(ExtractError::TooLarge { limit_mib: (MAX_READ >> 20) as usize });
    }
    if files.iter().any(|file| file.name.to_ascii_lowercase().ends_with(".rpmsg")) {
        return Err(ExtractError::Encrypted);
    }
    if class.to_ascii_lowercase().starts_with("ipm.note.smime")
        && let Some(sealed) = files.first()
    {
        let inner = smime::content(&sealed.bytes);
        // What is signed but not wrapped is a MIME message as it is.
        let content = match (inner, sealed.bytes.first()) {
            (Some(inner), _) => entity::read(&header, &inner),
            (None, Some(0x30)) => Err(ExtractError::Encrypted),
            (None, _) => entity::read(&header, &sealed.bytes),
        }?;
        return Ok(extracted(header, content.page, content.attachments));
    }
    let page = body::read(&mut container, &root, &header)?;
    Ok(extracted(header, page, files))
}

fn extracted(header: Header, page: ExtractedPage, attachments: Vec<crate::Attachment>) -> Extracted {
    Extracted { dated: header.dated, pages: vec![page], attachments, ..Extracted::empty(Format::Msg, header.title) }
}

/// From the properties; from the header that came with the mail where they say nothing.
fn shown(container: &mut Container<'_>, root: &Properties) -> Header {
    let transport = root.string(container, 0x007d).map(|text| Head::parse(text.as_bytes()).shown()).unwrap_or_default();
    let (on_the_way, transport) = (transport.dated, transport.to_string());
    let sent = |label: &str| transport.lines().find_map(|line| line.strip_prefix(label)).map(str::to_owned);
    let [to, cc, bcc] = recipients(container, root);
    let mut header = Header::default();
    header.from(sender(container, root).or_else(|| sent("From: ")));
    header.add("To", to.or_else(|| root.string(container, 0x0e04)).or_else(|| sent("To: ")));
    header.add("Cc", cc.or_else(|| root.string(container, 0x0e03)).or_else(|| sent("Cc: ")));
    header.add("Bcc", bcc.or_else(|| root.string(container, 0x0e02)));
    let time = [0x0039, 0x0e06].into_iter().find_map(|number| root.time(number));
    let created = || [0x3007, 0x3008].into_iter().find_map(|number| root.time(number));
    match (time, sent("Date: ")) {
        (None, Some(date)) => {
            header.add("Date", Some(date));
            header.dated = on_the_way;
        }
        (time, _) => time.or_else(created).iter().for_each(|time| header.sent(time)),
    }
    let subject = [0x0037, 0x0e1d, 0x0070].into_iter().find_map(|number| root.string(container, number));
    header.subject(subject.or_else(|| sent("Subject: ")));
    header
}

/// On whose behalf it was sent; that is whom Outlook shows.
fn sender(container: &mut Container<'_>, root: &Properties) -> Option<String> {
    [(0x0042, [0x5d02, 0x0065]), (0x0c1a, [0x5d01, 0x0c1f])]
        .into_iter()
        .find_map(|(name, addresses)| person(container, root, name, addresses))
}

/// A name, and the first of the addresses that is one of the Internet: Exchange's own tell people nothing.
fn person(container: &mut Container<'_>, properties: &Properties, name: u16, addresses: [u16; 2]) -> Option<String> {
    let name = properties.string(container, name).unwrap_or_default();
    let mut found = addresses.into_iter().filter_map(|number| properties.string(container, number));
    let address = found.find(|address| address.contains('@')).unwrap_or_default();
    let person = header::address(&name, &address);
    (!person.is_empty()).then_some(person)
}

/// To, Cc and Bcc.
fn recipients(container: &mut Container<'_>, root: &Properties) -> [Option<String>; 3] {
    let mut kinds: [(Vec<String>, usize); 3] = Default::default();
    for path in container.storages(Path::new("/"), "__recip_version1.0_") {
        let recipient = Properties::read(container, &path, OTHER_HEADER, root.encoding());
        let kind = usize::try_from(recipient.integer(0x0c15).unwrap_or(1) & 0xf).unwrap_or(0);
        let Some((shown, all)) = kind.checked_sub(1).and_then(|kind| kinds.get_mut(kind)) else {
            continue;
        };
        *all += 1;
        if shown.len() < MAX_ADDRESSES {
            shown.extend(person(container, &recipient, 0x3001, [0x39fe, 0x3003]));
        }
    }
    kinds.map(|(shown, all)| (!shown.is_empty()).then(|| header::listed(&shown, all)))
}

#[cfg(test)]
mod tests;
