//! A text's vector and those of its tokens, each with its place in the text.

use std::ops::Range;

use crate::session::Embedded;

/// What the model makes of a text and of each of its tokens, in the light of the others.
#[derive(Clone, Debug, Default)]
pub struct Detailed {
    /// Of the whole text; of length 1 where the model's settings say so.
    pub vector: Vec<f32>,
    dimensions: usize,
    /// One after the other, each of length 1.
    values: Vec<f32>,
    places: Vec<Range<usize>>,
}

impl Detailed {
    /// `skipped` are the bytes of a prefix that is no part of the text.
    pub(crate) fn new(embedded: Embedded, places: &[Option<Range<usize>>], skipped: usize) -> Self {
        let Embedded { vector, tokens } = embedded;
        let dimensions = vector.len().max(1);
        let own = |place: &Option<Range<usize>>| place.clone().filter(|place| place.start >= skipped && place.start < place.end);
        let mut detailed = Self { vector, dimensions, values: Vec::new(), places: Vec::new() };
        for (token, place) in tokens.chunks_exact(dimensions).zip(places) {
            if let Some(place) = own(place) {
                detailed.values.extend_from_slice(token);
                detailed.places.push(place.start - skipped..place.end - skipped);
            }
        }
        detailed
    }

    /// Vectors of the text's own tokens, in their order, each of length 1.
    pub fn tokens(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.dimensions.max(1))
    }

    /// The vector of a word, given its bytes: the mean of its tokens', of length 1. None where the model did not read it.
    #[must_use]
    pub fn word(&self, bytes: &Range<usize>) -> Option<Vec<f32>> {
        let within = self.tokens().zip(&self.places).filter(|(_, place)| place.start < bytes.end && bytes.start < place.end);
        let mut sum = vec![0.0; self.dimensions];
        let mut met = false;
        for (token, _) in within {
            met = true;
            sum.iter_mut().zip(token).for_each(|(sum, value)| *sum += value);
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        (met && length > 0.0).then(|| sum.into_iter().map(|value| value / length).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_keep_their_places_without_prefix_and_special_ones() {
        let embedded = Embedded { vector: vec![1.0, 0.0], tokens: vec![9.0, 9.0, 8.0, 8.0, 1.0, 0.0, 0.0, 1.0, 7.0, 7.0] };
        // [CLS] "q:" "sick" "ness" [SEP]
        let detailed = Detailed::new(embedded, &[None, Some(0..2), Some(3..7), Some(7..11), None], 3);
        assert_eq!(detailed.tokens().collect::<Vec<_>>(), [[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(detailed.word(&(0..4)), Some(vec![1.0, 0.0]));
        let whole = detailed.word(&(0..8)).unwrap();
        assert!((whole[0] - whole[1]).abs() < 1e-6 && (whole[0] - 0.5_f32.sqrt()).abs() < 1e-6);
        assert_eq!(detailed.word(&(20..25)), None);
    }
}
