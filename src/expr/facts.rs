//! What an expression may ask of the world: other documents, references, evidence, sign-offs.

use super::value::Value;
use crate::value::NodeRef;

/// The world outside one document, as the engine has it.
pub trait Facts: Sync {
    /// The documents of a kind: `docs("model-card")`.
    fn documents<'a>(&'a self, kind: &str) -> Result<Vec<NodeRef<'a>>, FactError>;

    /// The document that a path or an id means: `ref(item.card)`. `from` is the node that holds
    /// the reference, if it stands in a document: relative paths start at its file.
    fn reference<'a>(
        &'a self,
        target: &str,
        from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError>;

    /// A function that was declared to the [`Env`](super::env::Env).
    fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError>;
}

/// Why a fact cannot be given. None of them ever counts as false.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// What is asked for is not loaded yet. The engine loads it and evaluates again.
    #[error("what is referred to is not loaded yet")]
    Deferred,
    /// Nothing is what the reference means.
    #[error("`{target}` refers to nothing{}", .nearest.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Dangling {
        /// The reference as it was written.
        target: String,
        /// The id or path that was probably meant.
        nearest: Option<String>,
    },
    /// Several documents are what the reference means.
    #[error("`{target}` refers to several documents: {}", .candidates.join(", "))]
    Ambiguous {
        /// The reference as it was written.
        target: String,
        /// The documents' paths, sorted.
        candidates: Vec<String>,
    },
    /// Following references leads back to where it began.
    #[error("references go round in a circle: {}", .chain.join(" -> "))]
    Cyclic {
        /// The documents' paths; the first is also the last.
        chain: Vec<String>,
    },
    /// It is there and cannot be used.
    #[error("{message}")]
    Unreadable {
        /// Why not.
        message: String,
    },
}

/// A world without anything: every question is answered by an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacts;

impl NoFacts {
    fn refuse<T>(what: &str) -> Result<T, FactError> {
        Err(FactError::Unreadable {
            message: format!("{what} cannot be answered here"),
        })
    }
}

impl Facts for NoFacts {
    fn documents<'a>(&'a self, kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        Self::refuse(&format!("docs({kind:?})"))
    }

    fn reference<'a>(
        &'a self,
        target: &str,
        _from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        Self::refuse(&format!("ref({target:?})"))
    }

    fn call<'a>(&'a self, function: &str, _args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        Self::refuse(&format!("{function}()"))
    }
}
