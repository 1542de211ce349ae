//! Numbers that name a row.

use std::{cmp::Ordering, fmt, hash::Hash, marker::PhantomData};

use serde::{Serialize, Serializer};

use super::{Field, Kind, Problem, Scalar};

/// The number of a row of `T`, so that the number of a user cannot pass for the number of a file.
///
/// ```
/// use kseekers_envelope::input::Id;
///
/// struct Shelf;
/// type ShelfId = Id<Shelf>;
/// assert_eq!(ShelfId::new(7).get(), 7);
/// ```
pub struct Id<T>(i32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id with this number, as an INT column holds it.
    pub const fn new(id: i32) -> Self {
        Self(id, PhantomData)
    }

    /// The number.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl<T> Field for Id<T> {
    const KIND: Kind = <i32 as Field>::KIND;

    fn from_scalar(value: Scalar<'_>) -> Result<Self, Problem> {
        i32::from_scalar(value).map(Self::new)
    }
}

// By hand, because a derive would ask the same of `T`, which is only a name here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.0)
    }
}
