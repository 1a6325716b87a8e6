//! Words whose full stop does not end a sentence. Compared in lower case, without the last full stop.

/// Nothing ends after these: a name, a number or an explanation follows.
pub(crate) const NEVER_LAST: &[&str] = &[
    "e.g", "eg", "i.e", "ie", "cf", "vs", "viz", "approx", "ca", "resp", "incl", "excl", "mr", "mrs", "ms", "mx", "dr", "prof",
    "hon", "rev", "gen", "col", "sgt", "st", "mt", "messrs", "fr", "z.b", "d.h", "u.a", "vgl", "bzw", "ggf", "evtl", "inkl",
    "sog", "gem", "p.ex", "mme", "mlle", "sr", "sra",
];

/// Nothing ends after these when a number follows: "No. 5", "Art. 12", "Sept. 3". Otherwise "No." is an answer.
pub(crate) const BEFORE_NUMBER: &[&str] = &[
    "no", "nos", "nr", "art", "arts", "sec", "secs", "sect", "fig", "figs", "eq", "ch", "chap", "vol", "vols", "p", "pp", "pg",
    "para", "paras", "par", "cl", "reg", "regs", "sch", "app", "ex", "ed", "tab", "abs", "ziff", "rn", "kap", "bd", "s", "ss", "r",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "tel", "ext", "ver", "v", "rs", "usd", "eur",
];

/// These end a sentence only when the next word clearly begins one: "Acme Inc. Board", but "at Acme Inc. The board".
pub(crate) const SOMETIMES_LAST: &[&str] = &[
    "inc", "ltd", "co", "corp", "llc", "plc", "bros", "etc", "al", "jr", "dept", "est", "usw", "ph.d", "m.d", "a.m", "p.m", "gov",
];

/// Words that begin a sentence when they are written with a capital.
pub(crate) const STARTERS: &[&str] = &[
    "a", "after", "all", "an", "and", "any", "as", "at", "because", "before", "both", "but", "by", "contact", "do", "each", "either",
    "employees", "every", "everyone", "for", "from", "given", "he", "her", "his", "how", "however", "i", "if", "in", "is", "it",
    "its", "most", "my", "no", "nobody", "not", "on", "once", "one", "only", "or", "other", "our", "please", "she", "since", "so",
    "some", "such", "that", "the", "their", "then", "there", "these", "they", "this", "those", "to", "under", "until", "we", "what",
    "when", "where", "whether", "which", "while", "who", "with", "you", "your", "der", "die", "das", "ein", "eine", "es", "wir",
    "sie", "im", "bei", "le", "la", "les", "un", "une", "il", "elle", "nous", "vous",
];

/// Months as they follow a German ordinal: "am 3. Mai".
pub(crate) const GERMAN_MONTHS: &[&str] = &[
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember",
];
