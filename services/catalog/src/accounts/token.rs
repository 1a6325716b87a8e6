use crate::{Error, Result};

/// What a cookie, a one-time link or a program carries: 256 random bits as hex. The catalog keeps its hash alone.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// # Errors
    /// The system has no random numbers.
    pub(crate) fn new() -> Result<Self> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|e| Error::Random(e.to_string()))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// With a beginning by which whoever finds one knows what it is.
    pub(crate) fn for_program() -> Result<Self> {
        Self::new().map(|token| Self(format!("footnote_{}", token.0)))
    }

    /// To be shown or sent once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What the catalog keeps of a token. No salt: there is nothing to guess in 256 random bits.
pub(crate) fn hash(token: &str) -> String {
    blake3::derive_key("footnote 2026 session and link tokens", token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
