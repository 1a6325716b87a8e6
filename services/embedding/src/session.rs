//! The embedding model: token ids in, one pooled vector a text out; where wanted, one for each token, too.

use crate::{
    EmbedderConfig, Error, ModelSettings, Pooling, Result,
    onnx::{OnnxModel, Row},
};

/// What the model makes of a text.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    pub(crate) vector: Vec<f32>,
    /// Of each token, special ones included, one after the other, each of length 1; empty unless wanted.
    pub(crate) tokens: Vec<f32>,
}

pub(crate) struct Model {
    onnx: OnnxModel,
    pooling: Pooling,
    normalize: bool,
}

impl Model {
    pub(crate) fn load(config: &EmbedderConfig, settings: &ModelSettings) -> Result<Self> {
        let onnx = OnnxModel::load(&config.model_path()?, &config.runtime_library, config.threads)?;
        Ok(Self { onnx, pooling: settings.pooling, normalize: settings.normalize })
    }

    /// Vectors of texts, in their order.
    pub(crate) fn embed(&mut self, texts: &[&Row]) -> Result<Vec<Embedded>> {
        let width = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let hidden = self.onnx.run(texts)?;
        let dimensions = match hidden.shape.as_slice() {
            &[rows, tokens, dimensions] if rows == texts.len() && tokens == width && dimensions > 0 => dimensions,
            other => return Err(Error::Inference(format!("expected [texts, tokens, dimensions] as first output, got {other:?}"))),
        };
        let rows = hidden.values.chunks_exact(width * dimensions).zip(texts);
        Ok(rows
            .map(|(row, text)| {
                let own = &row[..text.ids.len() * dimensions];
                let mut vector = pool(self.pooling, own, dimensions);
                if self.normalize {
                    scale_to_length_one(&mut vector);
                }
                let mut tokens = if text.detailed { own.to_vec() } else { Vec::new() };
                tokens.chunks_exact_mut(dimensions).for_each(scale_to_length_one);
                Embedded { vector, tokens }
            })
            .collect())
    }
}

/// `tokens` holds the vectors of one text's own tokens, padding left out.
fn pool(pooling: Pooling, tokens: &[f32], dimensions: usize) -> Vec<f32> {
    match pooling {
        Pooling::Cls => tokens[..dimensions].to_vec(),
        Pooling::Mean => {
            let mut mean = vec![0f32; dimensions];
            for token in tokens.chunks_exact(dimensions) {
                mean.iter_mut().zip(token).for_each(|(m, t)| *m += t);
            }
            let count = (tokens.len() / dimensions) as f32;
            mean.iter_mut().for_each(|m| *m /= count);
            mean
        }
    }
}

pub(crate) fn scale_to_length_one(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= norm);
}
