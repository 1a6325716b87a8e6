//! Guesses at what comes next, looked up in the prompt (prompt lookup decoding, Saxena 2023): an answer from sources
//! repeats runs of their words. The model checks several guesses in one step, in little more time than it writes one token
//! in, as long as reading its weights takes the time. A wrong guess is dropped, so the answer stays what it would have been, up to rounding.

/// Tokens that must have come before in a row, for what followed them then to be a guess now.
const CLUE: usize = 2;
/// Rows longer than this aren't told apart.
const LONGEST_CLUE: usize = 8;
/// Tokens guessed at once to begin with, and at most.
const FIRST: usize = 2;
const MOST: usize = 8;

/// Prompt and answer, and how well guesses have done.
pub(crate) struct Lookup<T> {
    tokens: Vec<T>,
    width: usize,
}

impl<T: PartialEq + Copy> Lookup<T> {
    pub(crate) fn new(prompt: &[T]) -> Self {
        Self { tokens: prompt.to_vec(), width: FIRST }
    }

    pub(crate) fn push(&mut self, token: T) {
        self.tokens.push(token);
    }

    /// Up to `most` tokens that followed when the longest row of tokens that the text now ends with came before; of equally long ones
    /// the latest.
    pub(crate) fn guess(&self, most: usize) -> &[T] {
        let end = self.tokens.len();
        if most == 0 {
            return &[];
        }
        let clue = |at: &usize| {
            let before = self.tokens[..*at].iter().rev();
            before.zip(self.tokens.iter().rev()).take(LONGEST_CLUE).take_while(|(a, b)| a == b).count()
        };
        let best = (CLUE..end).map(|at| (clue(&at), at)).filter(|(length, _)| *length >= CLUE).max();
        let Some((_, from)) = best else { return &[] };
        &self.tokens[from..end.min(from + most.min(self.width))]
    }

    /// Guesses more after all were right, and fewer after one was wrong.
    pub(crate) fn learn(&mut self, guessed: usize, right: usize) {
        if guessed == 0 {
            return;
        }
        self.width = if right == guessed { (self.width * 2).min(MOST) } else { right.max(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(tokens: &[u32]) -> Lookup<u32> {
        Lookup::new(tokens)
    }

    #[test]
    fn what_followed_the_longest_row_is_guessed_and_of_equals_the_latest() {
        assert_eq!(lookup(&[1, 2, 3, 4, 9, 1, 2]).guess(8), [3, 4]);
        assert_eq!(lookup(&[1, 2, 3, 4, 8, 2, 7, 7, 9, 1, 2]).guess(8), [3, 4]);
        assert_eq!(lookup(&[5, 1, 2, 3, 0, 6, 1, 2, 4, 0, 5, 1, 2]).guess(1), [3]);
        assert_eq!(lookup(&[1, 2, 3, 0, 1, 2, 4, 0, 1, 2]).guess(1), [4]);
        assert_eq!(lookup(&[7, 7, 7]).guess(8), [7]);
    }

    #[test]
    fn nothing_is_guessed_without_a_clue() {
        for tokens in [&[] as &[u32], &[1], &[1, 2], &[1, 2, 3, 2], &[1, 2, 3, 4, 5]] {
            assert_eq!(lookup(tokens).guess(8), [] as [u32; 0], "{tokens:?}");
        }
        assert_eq!(lookup(&[1, 2, 3, 1, 2]).guess(0), [] as [u32; 0]);
    }

    #[test]
    fn right_guesses_widen_and_wrong_ones_narrow() {
        let mut lookup = lookup(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2]);
        let mut widths = vec![lookup.guess(99).len()];
        for (guessed, right) in [(2, 2), (4, 4), (8, 8), (8, 3), (3, 0), (1, 1), (0, 0)] {
            lookup.learn(guessed, right);
            widths.push(lookup.guess(99).len());
        }
        assert_eq!(widths, [2, 4, 8, 8, 3, 1, 2, 2]);
    }
}
