//! From rows to types, without a panic on the way.

use std::{any::type_name, fmt};

use mysql_async::{Value, prelude::FromValue};

use crate::DecodeError;

/// A type that is made from a row.
///
/// Tuples of up to twelve columns have it, in the order of the columns; a type of your own reads by name:
///
/// ```
/// use kseekers_db_pool::{DecodeError, FromRow, Row};
///
/// struct User {
///     id: i32,
///     email: Option<String>,
/// }
///
/// impl FromRow for User {
///     fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
///         Ok(Self { id: row.get("id")?, email: row.get("email")? })
///     }
/// }
/// ```
pub trait FromRow: Sized {
    /// Takes the columns out of the row.
    ///
    /// # Errors
    /// The first column that is missing, or is not what the type expects.
    fn from_row(row: &mut Row) -> Result<Self, DecodeError>;
}

/// One row of a result.
pub struct Row {
    row: mysql_async::Row,
    /// The column behind the one that was read last: where a reader in the order of the columns finds the next.
    next: usize,
}

impl Row {
    pub(crate) fn new(row: mysql_async::Row) -> Self {
        Self { row, next: 0 }
    }

    /// Takes the value of the column with this name, as the statement calls it. Each column can be taken once.
    ///
    /// # Errors
    /// If there is no such column, it was taken already, it is NULL and `T` is no `Option`, or it is something else
    /// than `T`.
    pub fn get<T: FromValue>(&mut self, column: &str) -> Result<T, DecodeError> {
        let index =
            self.index(column).ok_or_else(|| DecodeError::NoSuchColumn { column: column.to_owned() })?;
        self.next = index + 1;
        self.take(index)
    }

    /// Takes the value of the column at this place, from 0.
    ///
    /// # Errors
    /// As for [`get`](Self::get).
    pub fn get_at<T: FromValue>(&mut self, index: usize) -> Result<T, DecodeError> {
        if index >= self.row.len() {
            return Err(DecodeError::NoSuchColumn { column: format!("#{index}") });
        }
        self.take(index)
    }

    fn index(&self, column: &str) -> Option<usize> {
        let columns = self.row.columns_ref();
        let is_it = |index: &usize| {
            columns.get(*index).is_some_and(|column_there| column_there.name_ref() == column.as_bytes())
        };
        Some(self.next).filter(is_it).or_else(|| (0..columns.len()).find(is_it))
    }

    fn take<T: FromValue>(&mut self, index: usize) -> Result<T, DecodeError> {
        // Not the driver's own error: it would carry the value.
        let problem = match self.row.take::<Value, _>(index) {
            None => Problem::Taken,
            Some(value) => match T::from_value_opt(value) {
                Ok(value) => return Ok(value),
                Err(error) => Problem::Other(kind(&error.0)),
            },
        };
        let column =
            self.row.columns_ref().get(index).map_or_else(String::new, |c| c.name_str().into_owned());
        Err(match problem {
            Problem::Taken => DecodeError::AlreadyTaken { column },
            Problem::Other("NULL") => DecodeError::Null { column, expected: type_name::<T>() },
            Problem::Other(found) => DecodeError::Mismatch { column, found, expected: type_name::<T>() },
        })
    }
}

/// The names of the columns, never the values.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.row.columns_ref().iter().map(|column| column.name_str())).finish()
    }
}

enum Problem {
    Taken,
    Other(&'static str),
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::NULL => "NULL",
        Value::Bytes(_) => "text or bytes",
        Value::Int(_) | Value::UInt(_) => "an integer",
        Value::Float(_) | Value::Double(_) => "a floating point number",
        Value::Date(..) => "a date",
        Value::Time(..) => "a time",
    }
}

macro_rules! tuples {
    ($($count:literal: $($type:ident $index:literal),+;)+) => {$(
        impl<$($type: FromValue),+> FromRow for ($($type,)+) {
            fn from_row(row: &mut Row) -> Result<Self, DecodeError> {
                let found = row.row.len();
                if found != $count {
                    return Err(DecodeError::ColumnCount { expected: $count, found });
                }
                Ok(($(row.take::<$type>($index)?,)+))
            }
        }
    )+};
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}
