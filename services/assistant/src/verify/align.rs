//! Words that a claim and its source have in the same order.

use crate::words::Word;

/// Places of them in both, as many as there are. Of each text only the words at the given places are looked at, in their order.
pub fn pairs((own, claim_words): (&[usize], &[Word]), (told, source_words): (&[usize], &[Word])) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| claim_words[own[a]].stem == source_words[told[b]].stem;
    let mut most = vec![vec![0_usize; told.len() + 1]; own.len() + 1];
    for a in (0..own.len()).rev() {
        for b in (0..told.len()).rev() {
            most[a][b] = if same(a, b) { most[a + 1][b + 1] + 1 } else { most[a + 1][b].max(most[a][b + 1]) };
        }
    }
    let (mut a, mut b, mut found) = (0, 0, Vec::new());
    while a < own.len() && b < told.len() {
        if same(a, b) {
            found.push((own[a], told[b]));
            (a, b) = (a + 1, b + 1);
        } else if most[a + 1][b] > most[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    found
}
