//! What Outlook keeps besides mail: appointments, tasks, contacts.

use super::{
    names::{ADDRESS, APPOINTMENT, Names, TASK},
    properties::{Container, Properties},
};
use crate::mail::header::{self, Header};

/// Adds the lines that make up an item of this class.
pub(super) fn describe(class: &str, container: &mut Container<'_>, names: &Names, properties: &Properties, header: &mut Header) {
    let class = class.to_ascii_lowercase();
    if class.starts_with("ipm.appointment") || class.starts_with("ipm.schedule.meeting") {
        appointment(container, names, properties, header);
    } else if class.starts_with("ipm.task") {
        task(container, names, properties, header);
    } else if class.starts_with("ipm.contact") {
        contact(container, names, properties, header);
    }
}

fn appointment(container: &mut Container<'_>, names: &Names, properties: &Properties, header: &mut Header) {
    let time = |number: u32, instead: u16| {
        let named = names.number(APPOINTMENT, number).and_then(|number| properties.time(number));
        named.or_else(|| properties.time(instead)).map(|time| header::date(&time))
    };
    header.add("Start", time(0x820d, 0x0060));
    header.add("End", time(0x820e, 0x0061));
    let place = names.number(APPOINTMENT, 0x8208).and_then(|number| properties.string(container, number));
    header.add("Location", place);
    let pattern = names.number(APPOINTMENT, 0x8232).and_then(|number| properties.string(container, number));
    header.add("Recurrence", pattern);
}

fn task(container: &mut Container<'_>, names: &Names, properties: &Properties, header: &mut Header) {
    // The time of day is only there to mark midnight in the writer's time zone.
    let day = |number: u32| Some(properties.time(names.number(TASK, number)?)?.format("%-d %B %Y").to_string());
    header.add("Start", day(0x8104));
    header.add("Due", day(0x8105));
    let status = names.number(TASK, 0x8101).and_then(|number| properties.integer(number));
    let status = status.and_then(|status| match status {
        0 => Some("not started"),
        1 => Some("in progress"),
        2 => Some("complete"),
        3 => Some("waiting on someone else"),
        4 => Some("deferred"),
        _ => None,
    });
    header.add("Status", status.map(str::to_owned));
    let done = names.number(TASK, 0x8102).and_then(|number| properties.float(number)).filter(|done| (0.0..=1.0).contains(done));
    header.add("Complete", done.map(|done| format!("{:.0} %", done * 100.0)));
    let owner = names.number(TASK, 0x811f).and_then(|number| properties.string(container, number));
    header.add("Owner", owner);
}

fn contact(container: &mut Container<'_>, names: &Names, properties: &Properties, header: &mut Header) {
    const LINES: &[(&str, u16)] = &[
        ("Name", 0x3001),
        ("Job title", 0x3a17),
        ("Department", 0x3a18),
        ("Company", 0x3a16),
        ("Business phone", 0x3a08),
        ("Mobile phone", 0x3a1c),
        ("Home phone", 0x3a09),
        ("Fax", 0x3a24),
        ("Web page", 0x3a51),
    ];
    for (label, number) in LINES {
        header.add(label, properties.string(container, *number));
    }
    for number in [0x8083, 0x8093, 0x80a3] {
        let address = names.number(ADDRESS, number).and_then(|number| properties.string(container, number));
        header.add("E-mail", address);
    }
    for (label, number) in [("Business address", 0x801b), ("Home address", 0x801a), ("Other address", 0x801c)] {
        let address = names.number(ADDRESS, number).and_then(|number| properties.string(container, number));
        header.add(label, address.map(|address| address.replace("\r\n", ", ")));
    }
}
