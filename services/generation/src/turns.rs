//! Whose turn it is: requests of different askers take turns, those of one asker keep their order. Start-time fair queueing (Goyal, Vin and
//! Cheng, 1996), each request counting the same: who asks ten things at once waits for the ninth behind whoever asks one, and nobody waits
//! for ever.

use std::collections::HashMap;

#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// Of the request that began last.
    now: u64,
    /// The turn that each asker's last request has, where that is not over.
    last: HashMap<String, u64>,
}

impl Turns {
    /// The turn of a new request; the lowest begins first, of equals the one that came first. Whoever has no name is somebody else each time.
    pub(crate) fn take(&mut self, asker: Option<&str>) -> u64 {
        let now = self.now;
        self.last.retain(|_, last| *last >= now);
        let Some(asker) = asker else { return now };
        let turn = self.last.get(asker).map_or(now, |last| last + 1);
        self.last.insert(asker.to_owned(), turn);
        turn
    }

    /// A request has left that was never begun; `waiting` is the highest turn of those that its asker still has. Whoever stops and asks again is
    /// not put back for it.
    pub(crate) fn leave(&mut self, asker: &str, waiting: Option<u64>) {
        match waiting {
            Some(turn) => _ = self.last.insert(asker.to_owned(), turn),
            None => _ = self.last.remove(asker),
        }
    }

    /// A request of that turn begins.
    pub(crate) fn begin(&mut self, turn: u64) {
        self.now = self.now.max(turn);
    }
}

/// Requests that one asker may have where there are so many places, those under way among them: there is room for a second asker.
pub(crate) const fn share(places: usize) -> usize {
    places.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn askers_take_turns_and_nobody_waits_for_ever() {
        let mut turns = Turns::default();
        let mut waiting: Vec<(u64, usize, &str)> = Vec::new();
        let mut came = 0;
        let mut ask = |turns: &mut Turns, waiting: &mut Vec<_>, who: &'static str| {
            came += 1;
            waiting.push((turns.take(Some(who)), came, who));
            waiting.sort_unstable();
        };
        for who in ["a", "a", "a", "a", "b", "c", "b"] {
            ask(&mut turns, &mut waiting, who);
        }
        assert_eq!(waiting.iter().map(|known| known.2).collect::<String>(), "abcabaa");
        // Others who keep coming pass the rest of whoever asked much, but each request only a few times.
        let mut order = String::new();
        while let Some((turn, _, who)) = (!waiting.is_empty()).then(|| waiting.remove(0)) {
            turns.begin(turn);
            order.push_str(who);
            if order.len() < 30 {
                ask(&mut turns, &mut waiting, "d");
            }
        }
        assert!(order[..12].matches('a').count() == 4, "{order}");
        // Who leaves before it is their turn is where they were.
        let before = turns.take(Some("e"));
        assert_eq!(turns.take(Some("e")), before + 1);
        turns.leave("e", Some(before));
        assert_eq!(turns.take(Some("e")), before + 1);
        turns.leave("e", None);
        assert_eq!(turns.take(Some("e")), before);
        // What is over is forgotten.
        turns.begin(before + 1);
        turns.take(None);
        assert!(turns.last.len() <= 1, "{turns:?}");
    }
}
