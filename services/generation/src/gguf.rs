//! The header of a GGUF file, read before llama.cpp sees the file: it may end the whole process on a bad one, and
//! its reasons are not meant for the person who chose the file.
//!
//! Layout: magic, version, counts; key-value pairs; tensor descriptions; then, aligned, the tensors' data.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use crate::{
    Error, Result,
    header::{Header, Tensors, Value},
};

/// Kept values: longer strings (vocabularies are arrays, so not among them) make no sense in a header.
const LONGEST_STRING: u64 = 16 << 20;
/// Longer arrays are not kept: one number a layer is what is of use.
const MOST_NUMBERS: u64 = 1024;
/// Tokens that are looked for in a vocabulary: they tell how a model marks its turns.
const MARKS: [&str; 2] = ["<|im_start|>", "<|im_end|>"];

/// Reads and checks the header, and that the file is long enough for all of its tensors.
///
/// # Errors
/// A file that is missing, unreadable, of another kind or version, damaged, incomplete, or one of several parts.
pub(crate) fn inspect(path: &Path) -> Result<Header> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing { path: path.into() },
        _ => Error::Unreadable { path: path.into(), reason: error.to_string() },
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Error::NotGguf { path: path.into() });
    }
    let length = metadata.len();
    let mut reader = Reader { input: BufReader::with_capacity(1 << 18, file), position: 0, length };
    reader.header().map_err(|problem| match problem {
        Problem::Io(error) => unreadable(error),
        Problem::Kind => Error::NotGguf { path: path.into() },
        Problem::Version(version) => Error::Version { path: path.into(), version },
        Problem::Short(expected) => Error::Truncated { path: path.into(), found: length, expected },
        Problem::Split => Error::Split { path: path.into() },
        Problem::Damaged(reason) => Error::Damaged { path: path.into(), reason: reason.into() },
    })
}

enum Problem {
    Io(io::Error),
    Kind,
    Version(u32),
    /// How many bytes there should be, at least.
    Short(u64),
    Split,
    Damaged(&'static str),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Reader {
    input: BufReader<File>,
    position: u64,
    length: u64,
}

type Parsed<T> = Result<T, Problem>;

impl Reader {
    fn header(&mut self) -> Parsed<Header> {
        if self.length < 4 || &self.bytes::<4>()? != b"GGUF" {
            return Err(Problem::Kind);
        }
        let version = self.u32()?;
        if !(2..=3).contains(&version) {
            return Err(Problem::Version(version));
        }
        let (tensors, pairs) = (self.u64()?, self.u64()?);
        let mut values = HashMap::new();
        for _ in 0..pairs {
            let key = self.string()?;
            let kind = self.u32()?;
            let value = self.value(kind, key == "tokenizer.ggml.tokens")?;
            values.insert(key, value);
        }
        if matches!(values.get("split.count"), Some(Value::Number(parts)) if *parts > 1) {
            return Err(Problem::Split);
        }
        if !matches!(values.get("general.architecture"), Some(Value::Text(_))) {
            return Err(Problem::Damaged("it doesn't name its architecture"));
        }
        let alignment = match values.get("general.alignment") {
            Some(Value::Number(alignment)) if alignment.is_power_of_two() => *alignment,
            Some(_) => return Err(Problem::Damaged("its alignment is not a power of two")),
            None => 32,
        };
        let tensors = self.check_tensors(tensors, alignment)?;
        let header = Header { values, tensors, file_bytes: self.length };
        // The kernels of RWKV write past the end of their memory otherwise.
        if header.number("wkv.head_size").is_some_and(|size| size == 0 || size % 64 != 0) {
            return Err(Problem::Damaged("the size of its heads is none that RWKV has"));
        }
        Ok(header)
    }

    fn check_tensors(&mut self, tensors: u64, alignment: u64) -> Parsed<Tensors> {
        let mut data = 0;
        let mut parameters = 0_u64;
        for _ in 0..tensors {
            self.string()?;
            let dimensions = self.u32()?;
            if dimensions > 4 {
                return Err(Problem::Damaged("a tensor has more than four dimensions"));
            }
            let mut elements = 1_u64;
            for _ in 0..dimensions {
                let size = self.u64()?;
                elements = elements.checked_mul(size).ok_or(Problem::Damaged("a tensor is larger than any memory"))?;
            }
            parameters = parameters.saturating_add(elements);
            let kind = self.u32()?;
            let offset = self.u64()?;
            let end = size_of_elements(kind, elements).and_then(|size| offset.checked_add(size));
            data = data.max(end.ok_or(Problem::Damaged("a tensor is larger than any memory"))?);
        }
        let expected = self.position.checked_next_multiple_of(alignment).and_then(|start| start.checked_add(data));
        match expected {
            Some(expected) if expected <= self.length => Ok(Tensors { parameters, bytes: data }),
            Some(expected) => Err(Problem::Short(expected)),
            None => Err(Problem::Damaged("a tensor is larger than any memory")),
        }
    }

    fn value(&mut self, kind: u32, is_vocabulary: bool) -> Parsed<Value> {
        Ok(match kind {
            2..=5 | 10 | 11 => Value::Number(self.number(kind)?),
            8 => Value::Text(self.string()?),
            9 => {
                let (element, count) = (self.u32()?, self.u64()?);
                match element {
                    8 => self.strings(count, is_vocabulary)?,
                    2..=5 | 10 | 11 if count <= MOST_NUMBERS => {
                        Value::Numbers((0..count).map(|_| self.number(element)).collect::<Parsed<_>>()?)
                    }
                    _ => {
                        let size = size_of_scalar(element)?.checked_mul(count);
                        self.skip(size.ok_or(Problem::Damaged("an array is longer than any file"))?)?;
                        Value::Other
                    }
                }
            }
            _ => {
                self.skip(size_of_scalar(kind)?)?;
                Value::Other
            }
        })
    }

    fn number(&mut self, kind: u32) -> Parsed<u64> {
        Ok(match kind {
            2 | 3 => u16::from_le_bytes(self.bytes()?).into(),
            4 | 5 => self.u32()?.into(),
            _ => self.u64()?,
        })
    }

    /// Strings are passed over; of a vocabulary it is noted how many there are and which of the marks are among them.
    fn strings(&mut self, count: u64, is_vocabulary: bool) -> Parsed<Value> {
        let mut marks = Vec::new();
        for _ in 0..count {
            let length = self.u64()?;
            if is_vocabulary && MARKS.iter().any(|mark| mark.len() as u64 == length) {
                let token = self.raw(length)?;
                marks.extend(MARKS.iter().copied().find(|mark| mark.as_bytes() == token));
            } else {
                self.skip(length)?;
            }
        }
        Ok(if is_vocabulary { Value::Vocabulary { tokens: count, marks } } else { Value::Other })
    }

    fn string(&mut self) -> Parsed<String> {
        let length = self.u64()?;
        if length > LONGEST_STRING {
            return Err(Problem::Damaged("a name is longer than any name"));
        }
        String::from_utf8(self.raw(length)?).map_err(|_| Problem::Damaged("a name is not valid text"))
    }

    fn raw(&mut self, length: u64) -> Parsed<Vec<u8>> {
        self.need(length)?;
        let mut bytes = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        self.position += length;
        Ok(bytes)
    }

    fn skip(&mut self, count: u64) -> Parsed<()> {
        self.need(count)?;
        let distance = i64::try_from(count).map_err(|_| Problem::Damaged("an array is longer than any file"))?;
        // Stays in the buffer where it can: a vocabulary is 100,000 short strings.
        if self.input.fill_buf()?.is_empty() && count > 0 {
            return Err(Problem::Short(self.position + count));
        }
        self.input.seek_relative(distance)?;
        self.position += count;
        Ok(())
    }

    fn u32(&mut self) -> Parsed<u32> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    fn u64(&mut self) -> Parsed<u64> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    fn bytes<const N: usize>(&mut self) -> Parsed<[u8; N]> {
        self.need(N as u64)?;
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.position += N as u64;
        Ok(bytes)
    }

    fn need(&self, count: u64) -> Parsed<()> {
        match self.position.checked_add(count) {
            Some(end) if end <= self.length => Ok(()),
            Some(end) => Err(Problem::Short(end)),
            None => Err(Problem::Damaged("a length is longer than any file")),
        }
    }
}

fn size_of_scalar(kind: u32) -> Parsed<u64> {
    match kind {
        0 | 1 | 7 => Ok(1),
        2 | 3 => Ok(2),
        4..=6 => Ok(4),
        10..=12 => Ok(8),
        _ => Err(Problem::Damaged("a value is of an unknown kind")),
    }
}

/// Bytes of a tensor. Kinds that are newer than this table count as nothing: llama.cpp judges them.
fn size_of_elements(kind: u32, elements: u64) -> Option<u64> {
    // (elements of a block, bytes of a block), as in ggml.h and ggml-common.h.
    let (block, bytes) = match kind {
        24 => (1, 1),
        1 | 25 | 30 => (1, 2),
        0 | 26 => (1, 4),
        27 | 28 => (1, 8),
        39 => (32, 17),
        2 | 20 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        19 => (256, 50),
        34 => (256, 54),
        29 => (256, 56),
        16 | 35 => (256, 66),
        17 => (256, 74),
        22 => (256, 82),
        10 => (256, 84),
        18 => (256, 98),
        11 | 21 => (256, 110),
        23 => (256, 136),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        _ => (1, 0),
    };
    (elements / block).checked_mul(bytes)
}
