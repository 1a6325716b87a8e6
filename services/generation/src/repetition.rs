//! Small models fall into loops under greedy decoding. A penalty would bend numbers and citations that rightly come
//! twice, so the words are left alone and a loop ends the answer.

/// Longest loop that is looked for, about two sentences.
const LONGEST: usize = 64;
/// What is shorter than this may repeat itself for a reason: a row of dashes, "ha ha ha".
const SHORTEST_RUN: usize = 24;

/// Whether the end of `tokens` says the same thing at least twice in a row.
pub(crate) fn repeats<T: PartialEq>(tokens: &[T]) -> bool {
    (1..=LONGEST).any(|period| {
        let run = SHORTEST_RUN.max(2 * period);
        tokens.len() >= run && {
            let tail = &tokens[tokens.len() - run..];
            tail.iter().zip(&tail[period..]).all(|(earlier, later)| earlier == later)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn a_sentence_said_twice_is_a_loop() {
        let sentence: Vec<u32> = (0..20).collect();
        let once = [&[99, 98], &sentence[..]].concat();
        assert!(!repeats(&once));
        assert!(repeats(&[&once[..], &sentence[..]].concat()));
    }

    #[test]
    fn a_short_run_is_not() {
        assert!(!repeats(&[7; 23]));
        assert!(repeats(&[7; 24]));
        assert!(!repeats(&[1, 2, 3, 1, 2, 3, 1, 2, 3]));
    }
}
