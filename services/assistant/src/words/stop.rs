//! Words that carry no subject of their own.

/// Articles, prepositions, pronouns, auxiliaries and question words. Modality and negation are here as well:
/// `verify::clause` looks at them far more closely than counting could.
const STOP_WORDS: &str = " a an the this that these those there here \
 i me my mine myself we us our ours ourselves you your yours yourself he him his she her hers it its itself they them their theirs themselves \
 one's someone somebody anyone anybody everyone everybody \
 am is are was were be been being do does did doing done have has had having \
 can could may might must shall should will would ought need needs not no nor never cannot \
 can't couldn't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't shouldn't mustn't needn't hasn't haven't hadn't \
 i'm you're we're they're it's that's there's what's i've you've we've i'd you'd i'll you'll \
 of in on at to from by for with about as into onto upon than then so such too very just also \
 and or but if while because though although however therefore thus \
 who whom whose which what when where why how whether \
 get gets got please tell know yes \
 s t re ve ll d m etc e.g i.e eg ie ";

/// Whether a lower-case word is left out when texts are compared by content.
pub fn is_stop_word(lower: &str) -> bool {
    if lower.is_empty() || lower.contains(' ') {
        return true;
    }
    let mut key = String::with_capacity(lower.len() + 2);
    key.push(' ');
    key.push_str(lower);
    key.push(' ');
    STOP_WORDS.contains(&key)
}
