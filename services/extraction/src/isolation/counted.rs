//! Lists out of a child's message: all of them together may have so many elements, however little each takes on the way.

use std::{cell::Cell, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// A book of ten thousand pages has some five million words.
const MOST: usize = 16 << 20;

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Reads a message with the limit in force.
pub(super) fn within<T>(read: impl FnOnce() -> T) -> T {
    LEFT.set(MOST);
    let message = read();
    LEFT.set(usize::MAX);
    message
}

pub(crate) fn vec<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(Counted(PhantomData))
}

struct Counted<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Counted<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = elements.next_element()? {
            LEFT.set(LEFT.get().checked_sub(1).ok_or_else(|| A::Error::custom("too many elements"))?);
            read.push(element);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Message {
        #[serde(deserialize_with = "vec")]
        list: Vec<()>,
    }

    #[test]
    fn elements_that_take_no_room_on_the_way_are_counted() {
        let message = |elements: usize| postcard::to_stdvec(&elements).unwrap();
        let read = |bytes: &[u8]| within(|| postcard::from_bytes::<Message>(bytes)).map(|m| m.list.len()).ok();
        assert_eq!(read(&message(MOST)), Some(MOST));
        assert_eq!(read(&message(MOST + 1)), None);
    }
}
