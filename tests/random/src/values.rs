//! What goes from step to step. A value is the number of what it was computed from; see [`crate::record::made`].

use serde::{Deserialize, Serialize};

use crate::record::made;

/// Can only be moved or borrowed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct V(pub u64);

/// Can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct C(pub u64);

/// Can be cloned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct K(pub u64);

/// Can be taken apart.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct P {
    /// One part.
    pub a: V,
    /// Another.
    pub b: V,
    /// One that can be copied.
    pub n: C,
}

/// Is one of several.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum E {
    /// With one value.
    One(V),
    /// With two.
    Two(V, C),
    /// With none.
    Zero,
}

impl C {
    /// Out of two.
    pub fn plus(self, other: Self) -> Self {
        Self(made(900_001, &[self.0, other.0]))
    }
    /// Out of text that holds a number.
    pub fn read(text: &str) -> Self {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let from = digits.parse().unwrap_or(0);
        Self(made(900_002, &[from]))
    }
    /// Out of a number.
    pub fn of(number: u64) -> Self {
        Self(made(900_003, &[number]))
    }
}

impl K {
    /// Out of one.
    pub fn of(from: &V) -> Self {
        Self(made(900_004, &[from.0]))
    }
    /// By value.
    pub fn into_v(self) -> V {
        V(made(900_005, &[self.0]))
    }
}

impl V {
    /// Out of nothing.
    pub fn new(number: u32) -> Self {
        Self(made(number, &[]))
    }
    /// Out of two, of which it takes one.
    pub fn with(self, other: &V) -> Self {
        Self(made(900_006, &[self.0, other.0]))
    }
}

/// A constant.
pub const BASE: C = C(77);

impl V {
    /// Borrows, though its name sounds otherwise.
    pub fn into_ref(&self) -> &Self {
        self
    }
    /// Takes, though its name sounds otherwise.
    pub fn peek(self) -> Self {
        Self(made(900_008, &[self.0]))
    }
}

impl P {
    /// Borrows, though its name sounds otherwise.
    pub fn finish(&self) -> &V {
        &self.b
    }
    /// Takes, though its name sounds otherwise.
    pub fn first_of_all(self) -> V {
        self.a
    }
    /// Borrows from it.
    pub fn first(&self) -> &V {
        &self.a
    }
    /// Does not.
    pub fn total(&self) -> C {
        C(made(900_007, &[self.a.0, self.b.0, self.n.0]))
    }
}
