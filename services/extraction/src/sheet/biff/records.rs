//! Records: a number, a length, and up to 8 KiB; what is longer continues in the next one.

/// The numbers of the records that are read.
pub(super) mod id {
    pub(in super::super) const FORMULA: u16 = 0x0006;
    pub(in super::super) const EOF: u16 = 0x000A;
    pub(in super::super) const NOTE: u16 = 0x001C;
    pub(in super::super) const DATE_MODE: u16 = 0x0022;
    pub(in super::super) const FILE_PASS: u16 = 0x002F;
    pub(in super::super) const FONT: u16 = 0x0031;
    pub(in super::super) const CONTINUE: u16 = 0x003C;
    pub(in super::super) const PANE: u16 = 0x0041;
    pub(in super::super) const CODE_PAGE: u16 = 0x0042;
    pub(in super::super) const OBJECT: u16 = 0x005D;
    pub(in super::super) const BOUND_SHEET: u16 = 0x0085;
    pub(in super::super) const MUL_RK: u16 = 0x00BD;
    pub(in super::super) const RSTRING: u16 = 0x00D6;
    pub(in super::super) const XF: u16 = 0x00E0;
    pub(in super::super) const MERGED: u16 = 0x00E5;
    pub(in super::super) const SHARED_STRINGS: u16 = 0x00FC;
    pub(in super::super) const LABEL_SHARED: u16 = 0x00FD;
    pub(in super::super) const TEXT_OBJECT: u16 = 0x01B6;
    pub(in super::super) const NUMBER: u16 = 0x0203;
    pub(in super::super) const LABEL: u16 = 0x0204;
    pub(in super::super) const BOOLEAN: u16 = 0x0205;
    pub(in super::super) const STRING: u16 = 0x0207;
    pub(in super::super) const WINDOW: u16 = 0x023E;
    pub(in super::super) const RK: u16 = 0x027E;
    pub(in super::super) const FORMULA_3: u16 = 0x0206;
    pub(in super::super) const FORMULA_4: u16 = 0x0406;
    pub(in super::super) const FORMAT: u16 = 0x041E;
    pub(in super::super) const BEGIN: u16 = 0x0809;
}

/// A record, and the ones that continue it.
#[derive(Clone, Debug)]
pub(super) struct Record<'s> {
    pub(super) id: u16,
    pub(super) data: &'s [u8],
    pub(super) continued: Vec<&'s [u8]>,
}

/// The records from there on. One that is cut off ends them.
pub(super) fn records(stream: &[u8], at: usize) -> Records<'_> {
    Records { left: stream.get(at..).unwrap_or_default() }
}

pub(super) struct Records<'s> {
    left: &'s [u8],
}

impl<'s> Records<'s> {
    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let (id, length) = (u16_at(self.left, 0)?, usize::from(u16_at(self.left, 2)?));
        let data = self.left.get(4..4 + length)?;
        self.left = self.left.get(4 + length..)?;
        Some((id, data))
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Self::Item> {
        let (id, data) = self.one()?;
        let mut continued = Vec::new();
        while u16_at(self.left, 0) == Some(id::CONTINUE) {
            continued.push(self.one()?.1);
        }
        Some(Record { id, data, continued })
    }
}

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..)?.first_chunk().map(|bytes| f64::from_le_bytes(*bytes))
}
