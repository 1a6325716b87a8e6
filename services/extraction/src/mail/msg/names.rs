//! Properties that a program defined for itself: their numbers differ from file to file, and are listed in each.

use std::{collections::HashMap, path::Path};

use super::properties::Container;

/// What the numbers of appointments, tasks and contacts are relative to.
pub(super) const APPOINTMENT: [u8; 4] = [0x02, 0x20, 0x06, 0x00];
pub(super) const TASK: [u8; 4] = [0x03, 0x20, 0x06, 0x00];
pub(super) const ADDRESS: [u8; 4] = [0x04, 0x20, 0x06, 0x00];

/// The property's number in this file, by set and number within the set.
pub(super) struct Names(HashMap<([u8; 4], u32), u16>);

impl Names {
    pub(super) fn read(container: &mut Container<'_>) -> Self {
        let folder = Path::new("/__nameid_version1.0");
        let sets = container.stream(&folder.join("__substg1.0_00020102")).unwrap_or_default();
        let entries = container.stream(&folder.join("__substg1.0_00030102")).unwrap_or_default();
        let mut numbers = HashMap::new();
        for (index, entry) in (0u16..0x7fff).zip(entries.as_chunks::<8>().0) {
            let [i0, i1, i2, i3, k0, k1, ..] = *entry;
            let kind = u16::from_le_bytes([k0, k1]);
            // The first three sets are fixed, and named properties are of no interest here.
            let set = usize::from(kind >> 1).checked_sub(3).and_then(|set| sets.as_chunks::<16>().0.get(set));
            if kind & 1 == 0
                && let Some([a, b, c, d, ..]) = set
            {
                numbers.insert(([*a, *b, *c, *d], u32::from_le_bytes([i0, i1, i2, i3])), 0x8000 + index);
            }
        }
        Self(numbers)
    }

    pub(super) fn number(&self, set: [u8; 4], number: u32) -> Option<u16> {
        self.0.get(&(set, number)).copied()
    }
}
