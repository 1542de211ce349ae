//! Reading an input: one pass over the JSON that keeps what the fields need, then each field in turn.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Field, FieldSpec, Problems, Scalar};

/// A struct that [`input!`](crate::input!) declared.
pub trait Input: Sized {
    /// Its name, for the OpenAPI document.
    const NAME: &'static str;
    /// Its fields in order.
    const FIELDS: &'static [FieldSpec];

    /// Makes it of what was given, or says in a line for each problem why not.
    #[doc(hidden)]
    fn build(given: &Given<'_>) -> Result<Self, Vec<String>>;

    /// Reads a JSON object. Unknown keys are ignored; of a key that stands twice the last counts; a field's own key
    /// counts before its other names.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    fn from_json(json: &[u8]) -> Result<Self, Problems> {
        let text = std::str::from_utf8(json).map_err(|_| Problems::unreadable())?;
        let mut given = Given::nothing(Self::FIELDS);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_map(&mut given).map_err(|_| Problems::unreadable())?;
        deserializer.end().map_err(|_| Problems::unreadable())?;
        made(Self::build(&given))
    }

    /// Reads pairs of names and values, such as those of a query string, by the same rules.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Problems> {
        let mut given = Given::nothing(Self::FIELDS);
        for (name, value) in pairs {
            if let Some(place) = given.place(name) {
                given.put(place, Value::Text(value));
            }
        }
        made(Self::build(&given))
    }
}

fn made<T>(built: Result<T, Vec<String>>) -> Result<T, Problems> {
    built.map_err(|lines| Problems::from_lines(lines).unwrap_or_else(Problems::unreadable))
}

/// What was given for each field, not yet looked at.
#[derive(Debug)]
pub struct Given<'a> {
    fields: &'static [FieldSpec],
    /// For each field the value and the rank of the name that it came under.
    values: Vec<Option<(usize, Value<'a>)>>,
}

#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    Json(&'a RawValue),
    Text(&'a str),
}

/// Which field a key means, and under its how manieth name.
#[derive(Debug, Clone, Copy)]
struct Place {
    field: usize,
    rank: usize,
}

impl<'a> Given<'a> {
    fn nothing(fields: &'static [FieldSpec]) -> Self {
        Self { fields, values: vec![None; fields.len()] }
    }

    fn place(&self, key: &str) -> Option<Place> {
        self.fields.iter().enumerate().find_map(|(field, spec)| {
            let rank = spec.names().position(|name| name == key)?;
            Some(Place { field, rank })
        })
    }

    fn put(&mut self, place: Place, value: Value<'a>) {
        if let Some(slot) = self.values.get_mut(place.field)
            && slot.is_none_or(|(rank, _)| place.rank <= rank)
        {
            *slot = Some((place.rank, value));
        }
    }

    /// The value of one field, or a further line in `problems`.
    pub fn take<T: Field>(&self, field: usize, problems: &mut Vec<String>) -> Option<T> {
        let spec = self.fields.get(field)?;
        let read = match self.values.get(field).copied().flatten() {
            Some((_, Value::Json(json))) => from_json(json.get()),
            Some((_, Value::Text(text))) => T::from_scalar(Scalar::Text(text)),
            None => T::absent(),
        };
        read.map_err(|problem| problems.push(spec.line(problem))).ok()
    }
}

/// Reads one value, of which is known that its syntax is right.
fn from_json<T: Field>(json: &str) -> Result<T, super::Problem> {
    match json.as_bytes().first() {
        Some(b'n') => T::from_scalar(Scalar::Null),
        Some(b't') => T::from_scalar(Scalar::Bool(true)),
        Some(b'f') => T::from_scalar(Scalar::Bool(false)),
        Some(b'"') => match text(json) {
            Some(text) => T::from_scalar(Scalar::Text(&text)),
            // An unpaired surrogate.
            None => T::from_scalar(Scalar::Other),
        },
        Some(b'-' | b'0'..=b'9') => T::from_scalar(number(json)),
        _ => T::from_scalar(Scalar::Other),
    }
}

/// Text without escapes is not copied.
fn text(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

fn number(json: &str) -> Scalar<'static> {
    if let Ok(integer) = json.parse() {
        return Scalar::Integer(integer);
    }
    // Integers too large for 64 bits are not rounded to one that fits.
    let fraction = json.contains(['.', 'e', 'E']);
    match json.parse::<f64>() {
        Ok(float) if fraction && float.is_finite() => Scalar::Float(float),
        _ => Scalar::Other,
    }
}

impl<'a> Visitor<'a> for &mut Given<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Key(self))? {
            match place {
                Some(place) => self.put(place, Value::Json(map.next_value()?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Finds out what a key means, without keeping the key.
struct Key<'g, 'a>(&'g Given<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<Place>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<Place>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.place(key))
    }
}
