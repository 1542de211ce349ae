//! The JSON answer itself.

use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{ApiError, Status};

/// Whether the log writer takes lines, as the envelope reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Lines are written.
    Success,
    /// The last line was dropped or could not be written, and none has been written since.
    Failed,
}

/// The standard answer: every JSON answer of the service has this shape.
///
/// It serialises straight into the output; there is no value tree in between.
#[derive(Debug, Clone, Serialize)]
pub struct Envelope<T> {
    /// `success`, `created`, or the word of a [`Code`](crate::Code).
    pub status: &'static str,
    /// Seconds from the request head read to the answer built.
    pub fetch_time: f64,
    /// Number of records in the payload: a list's length, 1 for an object, 0 for an error.
    pub row_count: u64,
    /// Payload, causes and message.
    pub result: Outcome<T>,
    /// Health of the request log when the answer is built.
    pub request_logging: Health,
    /// Health of the response log when the answer is built.
    pub response_logging: Health,
}

/// The `result` of an [`Envelope`].
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome<T> {
    /// What was asked for; an empty list for an error.
    pub payload: T,
    /// One line for each cause of an error.
    pub error_stack: Vec<String>,
    /// The one sentence that a person should read.
    pub message: Cow<'static, str>,
}

impl<T> Envelope<T> {
    /// A good answer with `row_count` records.
    pub fn success(
        status: Status,
        payload: T,
        row_count: u64,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let result = Outcome { payload, error_stack: Vec::new(), message: message.into() };
        Self::new(status.status(), row_count, result)
    }

    fn new(status: &'static str, row_count: u64, result: Outcome<T>) -> Self {
        let logging = Health::Success;
        Self {
            status,
            fetch_time: 0.0,
            row_count,
            result,
            request_logging: logging,
            response_logging: logging,
        }
    }

    /// The same answer with the time that it took, in seconds.
    pub fn took(mut self, seconds: f64) -> Self {
        self.fetch_time = seconds;
        self
    }

    /// The same answer with the health of the log; one writer takes the lines of requests and of responses.
    pub fn logged(mut self, health: Health) -> Self {
        self.request_logging = health;
        self.response_logging = health;
        self
    }
}

impl Envelope<[(); 0]> {
    /// The answer for an error: an empty payload, its causes and its message.
    pub fn error(error: &ApiError) -> Self {
        let result = Outcome {
            payload: [],
            error_stack: error.stack().to_vec(),
            message: error.message().to_owned().into(),
        };
        Self::new(error.code().status(), 0, result)
    }
}

/// A payload of type `T` that is JSON already, such as one kept in a cache: it passes into the answer byte for byte.
///
/// Cloning shares the bytes.
///
/// ```
/// use kseekers_envelope::{Envelope, RawJson, Status};
///
/// let kept = RawJson::list(&["b", "a"]).unwrap();
/// let answer = Envelope::success(Status::Success, kept.clone(), kept.row_count(), "Success");
/// assert!(serde_json::to_string(&answer).unwrap().contains(r#""payload":["b","a"]"#));
/// ```
pub struct RawJson<T> {
    json: Arc<RawValue>,
    row_count: u64,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> RawJson<Vec<T>> {
    /// Serialises a list once; its length is the row count.
    ///
    /// # Errors
    /// When an item's `Serialize` fails, such as a map with keys that are not text.
    pub fn list(items: &[T]) -> serde_json::Result<Self> {
        Ok(Self::new(serde_json::value::to_raw_value(items)?, items.len() as u64))
    }
}

impl<T: Serialize> RawJson<T> {
    /// Serialises one record once; its row count is 1.
    ///
    /// # Errors
    /// As [`RawJson::list`].
    pub fn record(item: &T) -> serde_json::Result<Self> {
        Ok(Self::new(serde_json::value::to_raw_value(item)?, 1))
    }
}

impl<T> RawJson<T> {
    fn new(json: Box<RawValue>, row_count: u64) -> Self {
        Self { json: json.into(), row_count, of: PhantomData }
    }

    /// Takes text that is JSON already, after checking that it is. That it is a `T` is the caller's word.
    ///
    /// # Errors
    /// When the text is not one JSON value.
    pub fn parse(json: String, row_count: u64) -> serde_json::Result<Self> {
        Ok(Self::new(RawValue::from_string(json)?, row_count))
    }

    /// Number of records in it.
    pub fn row_count(&self) -> u64 {
        self.row_count
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.json.get()
    }
}

// By hand, because a derive would ask the same of `T`, which is only a name here.
impl<T> Clone for RawJson<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), row_count: self.row_count, of: PhantomData }
    }
}

impl<T> fmt::Debug for RawJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawJson").field(&self.json).finish()
    }
}

impl<T> Serialize for RawJson<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_good_answer_has_the_promised_shape() {
        let answer = Envelope::success(Status::Created, serde_json::json!({"id": 7}), 1, "Made").took(0.25);
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            concat!(
                r#"{"status":"created","fetch_time":0.25,"row_count":1,"#,
                r#""result":{"payload":{"id":7},"errorStack":[],"message":"Made"},"#,
                r#""request_logging":"success","response_logging":"success"}"#
            )
        );
    }

    #[test]
    fn an_error_has_an_empty_list_as_payload() {
        let answer = Envelope::error(&ApiError::new(Code::Conflict));
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            concat!(
                r#"{"status":"duplicate conflict","fetch_time":0.0,"row_count":0,"#,
                r#""result":{"payload":[],"errorStack":["Name already exist"],"message":"Name already exist"},"#,
                r#""request_logging":"success","response_logging":"success"}"#
            )
        );
    }

    #[test]
    fn json_made_earlier_passes_through_untouched() {
        let text = "{ \"kept\" :\t1.50e3 }";
        let raw = RawJson::<()>::parse(text.to_owned(), 1).unwrap();
        let answer = Envelope::success(Status::Success, raw, 1, "Success");
        assert!(serde_json::to_string(&answer).unwrap().contains(text));
    }

    #[test]
    fn text_that_is_not_json_is_refused_as_a_payload() {
        for text in ["", "{", "[1] [2]"] {
            assert!(RawJson::<()>::parse(text.to_owned(), 1).is_err(), "{text}");
        }
    }
}
