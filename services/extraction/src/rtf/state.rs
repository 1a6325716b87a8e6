//! What holds within a group, and where its text goes.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Body,
    /// The mark of a list's item, as it was written last.
    Mark,
    FontTable,
    StyleSheet,
    Title,
    /// Pictures, instructions of fields, what is not the document's text.
    Nowhere,
}

/// Properties of the group; one within it begins with the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) destination: Destination,
    pub(super) font: i32,
    pub(super) bold: bool,
    /// Hidden, struck out or deleted.
    pub(super) hidden: bool,
    pub(super) struck: bool,
    pub(super) deleted: bool,
    /// How many characters stand in for one of Unicode.
    pub(super) stand_ins: usize,
    pub(super) style: i32,
    /// 0 to 8.
    pub(super) outline: Option<u8>,
    pub(super) in_table: bool,
    /// The group is a note or text box: the paragraph around it goes on after it.
    pub(super) inserted: Option<Inserted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    Note,
    Box,
}

impl Default for State {
    fn default() -> Self {
        Self {
            destination: Destination::Body,
            font: 0,
            bold: false,
            hidden: false,
            struck: false,
            deleted: false,
            stand_ins: 1,
            style: 0,
            outline: None,
            in_table: false,
            inserted: None,
        }
    }
}

impl State {
    pub(super) fn is_visible(&self) -> bool {
        !self.hidden && !self.struck && !self.deleted
    }

    pub(super) fn plain(&mut self, font: i32) {
        (self.bold, self.hidden, self.struck, self.deleted, self.font) = (false, false, false, false, font);
    }

    pub(super) fn new_paragraph(&mut self) {
        (self.style, self.outline, self.in_table) = (0, None, false);
    }
}

/// Where a group's text goes that begins with that word; `None` for words that begin none.
pub(super) fn destination(word: &str) -> Option<Destination> {
    Some(match word {
        "fonttbl" => Destination::FontTable,
        "stylesheet" => Destination::StyleSheet,
        "title" => Destination::Title,
        "listtext" | "pntext" => Destination::Mark,
        "colortbl" | "filetbl" | "revtbl" | "listtable" | "listoverridetable" | "rsidtbl" | "generator" | "pict" | "objdata"
        | "fldinst" | "nonshppict" | "shprslt" | "sp" | "sn" | "sv" | "header" | "headerl" | "headerr" | "headerf" | "footer"
        | "footerl" | "footerr" | "footerf" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "xe" | "tc" | "tcn"
        | "rxe" | "bkmkstart" | "bkmkend" | "annotation" | "atnid" | "atnauthor" | "template" | "nonesttables" | "themedata"
        | "datastore" | "author" | "operator" | "subject" | "keywords" | "comment" | "doccomm" | "company" | "manager" | "category"
        | "hlinkbase" | "creatim" | "revtim" | "printim" | "buptim" | "private" | "falt" | "panose" | "pntxta" | "pntxtb" | "do"
        | "objclass" | "objname" | "mmathPict" | "picprop" => Destination::Nowhere,
        _ => return None,
    })
}

/// Groups that old readers skip, and that hold text of the document all the same.
pub(super) fn is_read_though_new(word: &str) -> bool {
    matches!(word, "shpinst" | "shpgrp" | "moMath" | "moMathPara" | "mmath" | "ud")
        || destination(word).is_some_and(|d| d == Destination::Mark)
}
