//! What names mean in an expression: variables, the gate's own functions, kinds of documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::types::Type;

/// Which variable of an [`Env`]: an index from 0 in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

impl Slot {
    /// The index, from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A function that the gate adds to the language, called as `name(a, b)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: Arc<str>,
    /// The types of its arguments.
    pub params: Vec<Type>,
    /// How many of the arguments must be given; the others may be left out from the right.
    pub required: usize,
    /// The type of its result.
    pub result: Type,
}

impl Signature {
    /// A function that takes all of its arguments.
    pub fn new(
        name: impl Into<Arc<str>>,
        params: impl IntoIterator<Item = Type>,
        result: Type,
    ) -> Self {
        let params: Vec<_> = params.into_iter().collect();
        Self {
            name: name.into(),
            required: params.len(),
            params,
            result,
        }
    }

    /// The same function with its last `count` arguments optional.
    #[must_use]
    pub fn with_optional(mut self, count: usize) -> Self {
        self.required = self.params.len().saturating_sub(count);
        self
    }
}

/// What names mean in an expression.
#[derive(Clone, Debug, Default)]
pub struct Env {
    variables: BTreeMap<Arc<str>, (Slot, Type)>,
    functions: BTreeMap<Arc<str>, Signature>,
    kinds: BTreeMap<Arc<str>, Type>,
}

impl Env {
    /// An environment with the language's own functions and no variable.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a variable. Declaring it again gives it a new type and leaves its slot.
    pub fn declare(&mut self, name: &str, ty: Type) -> Slot {
        let next = Slot(u32::try_from(self.variables.len()).unwrap_or(u32::MAX));
        let entry = self
            .variables
            .entry(name.into())
            .or_insert((next, Type::Dyn));
        entry.1 = ty;
        entry.0
    }

    /// Declares a function beside the language's own; one of the same name is replaced.
    pub fn declare_function(&mut self, signature: Signature) {
        self.functions
            .insert(Arc::clone(&signature.name), signature);
    }

    /// Declares a kind of documents, which `docs("kind")` gives a list of.
    pub fn declare_kind(&mut self, name: &str, ty: Type) {
        self.kinds.insert(name.into(), ty);
    }

    /// The variable of this name.
    pub fn variable(&self, name: &str) -> Option<(Slot, &Type)> {
        self.variables.get(name).map(|(slot, ty)| (*slot, ty))
    }

    /// The names of the variables, sorted.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(|name| &**name)
    }

    /// How many variables there are; slots run from 0 below it.
    pub fn slots(&self) -> usize {
        self.variables.len()
    }

    /// The declared function of this name.
    pub fn function(&self, name: &str) -> Option<&Signature> {
        self.functions.get(name)
    }

    /// The declared functions, sorted by name.
    pub fn functions(&self) -> impl Iterator<Item = &Signature> {
        self.functions.values()
    }

    /// The type of the documents of a kind.
    pub fn kind(&self, name: &str) -> Option<&Type> {
        self.kinds.get(name)
    }

    /// The names of the kinds, sorted. None: `docs` takes any.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_follow_the_order_of_declaration() {
        let mut env = Env::new();
        let doc = env.declare("doc", Type::Dyn);
        let item = env.declare("item", Type::Int);
        assert_eq!(env.declare("doc", Type::Bool), doc);
        assert_eq!((doc.index(), item.index(), env.slots()), (0, 1, 2));
        assert_eq!(env.variable("doc"), Some((doc, &Type::Bool)));
        assert_eq!(env.variables().collect::<Vec<_>>(), ["doc", "item"]);
    }
}
