//! What clients send: read once at the edge, into types that cannot hold anything wrong.
//!
//! [`input!`](crate::input!) declares a struct together with the JSON keys that it is read from. Input is read in one
//! pass, without a tree of values; lines of text are only made of what is wrong with it, every problem in the words of
//! the contract and in the order of the fields.
//!
//! ```
//! use kseekers_envelope::input::{Change, Input, Int, Text};
//!
//! kseekers_envelope::input! {
//!     /// A new shelf.
//!     pub struct NewShelf {
//!         /// What it is called.
//!         pub name: Text<1, 20> => "Name is required",
//!         /// Where it stands; front ends send `room` or the older `place`.
//!         pub room as "room" | "place": Option<Text<1, 50>>,
//!         /// How many boards it has, 3 if nothing is said.
//!         pub boards: Change<Int<1, 9>>,
//!     }
//! }
//!
//! let shelf = NewShelf::from_json(br#"{"name": " A ", "place": "cellar", "boards": "4"}"#).unwrap();
//! assert_eq!((shelf.name.as_str(), shelf.boards.0.unwrap().get()), ("A", 4));
//!
//! let problems = NewShelf::from_json(br#"{"name": "  ", "boards": 10}"#).unwrap_err();
//! assert_eq!(problems.lines(), ["Name is required", "boards data incorrect"]);
//! ```

mod field;
mod id;
mod number;
mod page;
mod problem;
mod read;
mod text;

pub use field::{Change, Field, FieldSpec, Kind, Patch, Scalar};
pub use id::Id;
pub use number::{Flag, Int};
pub use page::PageQuery;
pub use problem::{Problem, Problems};
#[doc(hidden)]
pub use read::Given;
pub use read::Input;
pub use text::{LongText, Text};
