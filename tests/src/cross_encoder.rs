//! A cross-encoder that can be checked by hand: its score is the number of equal pairs of tokens of question and passage. An ONNX file like
//! those of trained ones, written here because none can be fetched.

use std::{fs, path::Path};

/// Writes it as `model.onnx` into a folder, with the tokenizer of the embedding model.
///
/// # Panics
/// The files cannot be written.
pub fn cross_encoder(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let models = std::env::var_os("FOOTNOTE_MODELS_DIR").map_or_else(|| crate::root().join("models"), Into::into);
    fs::copy(models.join("minilm/tokenizer.json"), folder.join("tokenizer.json")).expect("the tokenizer");
    fs::write(folder.join("model.onnx"), model()).expect("the model");
}

const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// The tensors are named by what they hold; `q` and `p` are 1 where a token is the question's or the passage's.
fn model() -> Vec<u8> {
    let mut graph = Message::default();
    for (operator, inputs, output, cast) in [
        ("Unsqueeze", &["input_ids", "two"][..], "down", None),
        ("Unsqueeze", &["input_ids", "one"], "across", None),
        ("Equal", &["down", "across"], "same", None),
        ("Cast", &["same"], "equal", Some(FLOAT)),
        ("Cast", &["attention_mask"], "mask", Some(FLOAT)),
        ("Cast", &["token_type_ids"], "second", Some(FLOAT)),
        ("Mul", &["mask", "second"], "p", None),
        ("Sub", &["mask", "p"], "q", None),
        ("Unsqueeze", &["q", "two"], "q_down", None),
        ("Unsqueeze", &["p", "one"], "p_across", None),
        ("Mul", &["equal", "q_down"], "of_q", None),
        ("Mul", &["of_q", "p_across"], "pairs", None),
        ("ReduceSum", &["pairs", "both"], "sums", None),
        ("Unsqueeze", &["sums", "one"], "logits", None),
    ] {
        let mut node = Message::default();
        inputs.iter().for_each(|input| node.bytes(1, input.as_bytes()));
        node.bytes(2, output.as_bytes());
        node.bytes(4, operator.as_bytes());
        match (operator, cast) {
            (_, Some(to)) => node.attribute("to", to),
            ("ReduceSum", _) => node.attribute("keepdims", 0),
            _ => {}
        }
        graph.message(1, &node);
    }
    graph.bytes(2, b"overlap");
    for (name, values) in [("one", &[1u64][..]), ("two", &[2]), ("both", &[1, 2])] {
        let mut tensor = Message::default();
        tensor.number(1, values.len() as u64);
        tensor.number(2, INT64);
        tensor.bytes(8, name.as_bytes());
        tensor.bytes(9, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
        graph.message(5, &tensor);
    }
    for name in ["input_ids", "attention_mask", "token_type_ids"] {
        graph.message(11, &value(name, INT64, &["rows", "tokens"]));
    }
    graph.message(12, &value("logits", FLOAT, &["rows", "score"]));
    let mut operators = Message::default();
    operators.number(2, 13);
    let mut model = Message::default();
    model.number(1, 8);
    model.message(7, &graph);
    model.message(8, &operators);
    model.0
}

fn value(name: &str, of: u64, sizes: &[&str]) -> Message {
    let (mut shape, mut tensor, mut kind, mut value) = (Message::default(), Message::default(), Message::default(), Message::default());
    for size in sizes {
        let mut dimension = Message::default();
        dimension.bytes(2, size.as_bytes());
        shape.message(1, &dimension);
    }
    tensor.number(1, of);
    tensor.message(2, &shape);
    kind.message(1, &tensor);
    value.bytes(1, name.as_bytes());
    value.message(2, &kind);
    value
}

/// A message of protocol buffers, by the numbers of its fields.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u64, value: u64) {
        self.varint(field << 3);
        self.varint(value);
    }

    fn bytes(&mut self, field: u64, value: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    fn message(&mut self, field: u64, message: &Self) {
        self.bytes(field, &message.0);
    }

    /// Of a node, an integer.
    fn attribute(&mut self, name: &str, value: u64) {
        let mut attribute = Self::default();
        attribute.bytes(1, name.as_bytes());
        attribute.number(3, value);
        attribute.number(20, 2);
        self.message(5, &attribute);
    }

    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}
