//! The embedding model: token ids in, one pooled vector a text out.

use crate::{
    EmbedderConfig, Error, ModelSettings, Pooling, Result,
    onnx::{OnnxModel, Row},
};

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
    pub(crate) fn embed(&mut self, texts: &[&Row]) -> Result<Vec<Vec<f32>>> {
        let width = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let hidden = self.onnx.run(texts)?;
        let dimensions = match hidden.shape.as_slice() {
            &[rows, tokens, dimensions] if rows == texts.len() && tokens == width && dimensions > 0 => dimensions,
            other => return Err(Error::Inference(format!("expected [texts, tokens, dimensions] as first output, got {other:?}"))),
        };
        let rows = hidden.values.chunks_exact(width * dimensions).zip(texts);
        Ok(rows
            .map(|(row, text)| {
                let mut vector = pool(self.pooling, &row[..text.ids.len() * dimensions], dimensions);
                if self.normalize {
                    scale_to_length_one(&mut vector);
                }
                vector
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

fn scale_to_length_one(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= norm);
}
