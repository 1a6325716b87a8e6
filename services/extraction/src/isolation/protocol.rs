//! What parent and child say to each other: frames of a length (four bytes, little end first) and a message.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;

use super::counted;
use crate::{ExtractError, Extracted};

/// From the parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    Task(Task),
    /// In the order of [`Reply::Recognize`].
    Recognized(Vec<Result<String, ExtractError>>),
    Converted(Result<ByteBuf, ExtractError>),
}

/// Something to be done with a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    /// Read all of it.
    Extract {
        name: String,
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Draw a page, from 1, as a PNG of that width in pixels.
    Draw {
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        page: i32,
        width: u16,
    },
}

/// What became of a task.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Done {
    Extracted(Box<Result<Extracted, ExtractError>>),
    Drawn(Result<ByteBuf, ExtractError>),
}

/// From the child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Done(Done),
    /// Asks for the words in these images: the child may not start the program that finds them.
    Recognize(#[serde(deserialize_with = "counted::vec")] Vec<GrayImage>),
    /// Asks for a file in a format that can be read.
    Convert {
        from: OldOffice,
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Which page is read now, from 1, and how many there are.
    Progress {
        page: u32,
        pages: u32,
    },
}

/// Formats of the Office of 1997 that need a converter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OldOffice {
    Word,
    PowerPoint,
}

impl OldOffice {
    /// What people call such a file.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Word => "an old Word document".into(),
            Self::PowerPoint => "an old PowerPoint presentation".into(),
        }
    }

    /// Its own file ending, and that of the format it is converted into.
    pub(super) fn endings(self) -> (&'static str, &'static str) {
        match self {
            Self::Word => ("doc", "docx"),
            Self::PowerPoint => ("ppt", "pptx"),
        }
    }
}

/// Eight bits a pixel, row by row, 0 is black.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrayImage {
    pub width: u32,
    pub height: u32,
    /// Pixels per inch of paper.
    pub resolution: u32,
    #[serde(with = "serde_bytes")]
    pub pixels: Vec<u8>,
}

/// A message with its length before it.
pub(super) fn frame<T: Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    let mut frame = postcard::to_extend(message, vec![0u8; 4])?;
    let length = u32::try_from(frame.len() - 4).map_err(|_| postcard::Error::SerializeBufferFull)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    Ok(frame)
}

pub(super) fn message<T: DeserializeOwned>(body: &[u8]) -> Result<T, postcard::Error> {
    counted::within(|| postcard::from_bytes(body))
}
