//! Reading an input: directly when it is good, with a list of problems when it is not.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, Visitor};
use serde_json::Value;

use super::{Field, FieldSpec, Problems, Scalar};

/// A struct that [`input!`](crate::input!) declared.
pub trait Input: Sized {
    /// Its name, for the OpenAPI document.
    const NAME: &'static str;
    /// Its fields in order.
    const FIELDS: &'static [FieldSpec];

    /// Reads a JSON object. Unknown keys are ignored; of a key that stands twice the last counts.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    fn from_json(json: &[u8]) -> Result<Self, Problems>;

    /// Reads pairs of names and values, such as those of a query string.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Problems>;
}

/// Reads each field through `pick`, or tells why not.
type Build<T> = fn(&dyn Fn(&FieldSpec) -> Option<Value>) -> Result<T, Vec<String>>;

/// The direct way; `build` is asked only when it fails.
pub fn read_json<T: DeserializeOwned>(json: &[u8], build: Build<T>) -> Result<T, Problems> {
    if let Ok(input) = serde_json::from_slice(json) {
        return Ok(input);
    }
    let Ok(Value::Object(object)) = serde_json::from_slice(json) else {
        return Err(Problems::unreadable());
    };
    let find = |spec: &FieldSpec| names(spec).find_map(|name| object.get(name)).cloned();
    build(&find).map_err(|lines| Problems::from_lines(lines).unwrap_or_else(Problems::unreadable))
}

/// The same for pairs, which are rare and short enough to go the one way only.
pub fn read_pairs<T>(pairs: &[(String, String)], build: Build<T>) -> Result<T, Problems> {
    let find = |spec: &FieldSpec| {
        let value = |name: &str| pairs.iter().rev().find(|(key, _)| key == name);
        names(spec).find_map(value).map(|(_, text)| Value::String(text.clone()))
    };
    build(&find).map_err(|lines| Problems::from_lines(lines).unwrap_or_else(Problems::unreadable))
}

fn names(spec: &FieldSpec) -> impl Iterator<Item = &'static str> {
    std::iter::once(spec.key).chain(spec.aliases.iter().copied())
}

/// One field of the second look: its value, or a further line in `problems`.
pub fn pick<T: Field>(
    spec: &FieldSpec,
    find: &dyn Fn(&FieldSpec) -> Option<Value>,
    problems: &mut Vec<String>,
) -> Option<T> {
    let read = match find(spec) {
        Some(value) => T::from_scalar(scalar(&value)),
        None => T::absent(),
    };
    read.map_err(|problem| problems.push(spec.line(problem))).ok()
}

fn scalar(value: &Value) -> Scalar<'_> {
    match value {
        Value::Null => Scalar::Null,
        Value::Bool(flag) => Scalar::Bool(*flag),
        Value::String(text) => Scalar::Text(text),
        Value::Number(number) => {
            let float = || if number.is_u64() { None } else { number.as_f64() };
            number
                .as_i64()
                .map(Scalar::Integer)
                .or_else(|| float().map(Scalar::Float))
                .unwrap_or(Scalar::Other)
        }
        Value::Array(_) | Value::Object(_) => Scalar::Other,
    }
}

/// A value on the direct way.
#[derive(Debug)]
pub struct Slot<T>(pub T);

impl<'de, T: Field> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SlotVisitor(std::marker::PhantomData))
    }
}

struct SlotVisitor<T>(std::marker::PhantomData<T>);

impl<T: Field> SlotVisitor<T> {
    /// The text of this error is never shown: the second look finds the words.
    fn take<E: Error>(self, value: Scalar<'_>) -> Result<Slot<T>, E> {
        T::from_scalar(value).map(Slot).map_err(|_| E::custom("bad value"))
    }
}

impl<T: Field> Visitor<'_> for SlotVisitor<T> {
    type Value = Slot<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }
    fn visit_unit<E: Error>(self) -> Result<Slot<T>, E> {
        self.take(Scalar::Null)
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Slot<T>, E> {
        self.take(Scalar::Bool(flag))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Slot<T>, E> {
        self.take(Scalar::Integer(number))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Slot<T>, E> {
        self.take(i64::try_from(number).map_or(Scalar::Other, Scalar::Integer))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Slot<T>, E> {
        self.take(Scalar::Float(number))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Slot<T>, E> {
        self.take(Scalar::Text(text))
    }
}

/// Finds out which field a key means, without keeping the key.
#[derive(Debug)]
pub struct Key(pub &'static [FieldSpec]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        let meant = |spec: &&FieldSpec| spec.key == key || spec.aliases.contains(&key);
        Ok(self.0.iter().find(meant).map(|spec| spec.key))
    }
}
