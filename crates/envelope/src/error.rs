//! Errors on their way to a client.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use crate::Code;

/// Any error, kept as the cause of another.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What an error of a crate says to clients.
///
/// Each crate implements it for its own error enum; `?` then turns that enum into an [`ApiError`]. The `Display` of
/// the error is for the log, [`message`](ErrorCode::message) is for the client.
///
/// ```
/// use std::borrow::Cow;
/// use kseekers_envelope::{ApiError, Code, ErrorCode};
///
/// #[derive(Debug, thiserror::Error)]
/// enum ShelfError {
///     #[error("no shelf has the number {0}")]
///     UnknownShelf(u32),
/// }
///
/// impl ErrorCode for ShelfError {
///     fn code(&self) -> Code {
///         Code::NotFound
///     }
///     fn message(&self) -> Cow<'static, str> {
///         "Shelf not found".into()
///     }
/// }
///
/// let error = ApiError::from(ShelfError::UnknownShelf(3));
/// assert_eq!((error.code().http(), error.message()), (404, "Shelf not found"));
/// ```
pub trait ErrorCode: Error + Send + Sync + 'static {
    /// The kind of failure.
    fn code(&self) -> Code;

    /// The sentence for a person. Nothing from inside (SQL, addresses, stack) belongs here.
    fn message(&self) -> Cow<'static, str> {
        self.code().message().into()
    }

    /// One line for each cause that the client may know; the message alone if nothing else is said.
    fn stack(&self) -> Vec<String> {
        vec![self.message().into_owned()]
    }

    /// How long to wait before asking again makes sense.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// An error as the client will see it, and its cause as the log will.
///
/// It is one pointer wide, so that `Result<Reply<T>, ApiError>` stays small.
pub struct ApiError(Box<Inner>);

struct Inner {
    code: Code,
    message: Cow<'static, str>,
    stack: Vec<String>,
    retry_after: Option<Duration>,
    allow: Option<Cow<'static, str>>,
    cause: Option<BoxError>,
}

impl ApiError {
    /// An error with the message that its code has when nothing more exact is known.
    pub fn new(code: Code) -> Self {
        Self::with_message(code, code.message())
    }

    /// An error with its own message, which is also the only line of its `errorStack`.
    pub fn with_message(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        let stack = vec![message.clone().into_owned()];
        Self(Box::new(Inner { code, message, stack, retry_after: None, allow: None, cause: None }))
    }

    /// Replaces the lines of `errorStack`.
    pub fn with_stack(mut self, stack: Vec<String>) -> Self {
        self.0.stack = stack;
        self
    }

    /// Keeps what caused the error, for the log.
    pub fn with_cause(mut self, cause: impl Into<BoxError>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Says when asking again makes sense.
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Names the methods that the path does have, for a 405.
    pub fn with_allow(mut self, methods: impl Into<Cow<'static, str>>) -> Self {
        self.0.allow = Some(methods.into());
        self
    }

    /// The kind of failure.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence for a person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The lines of `errorStack`.
    pub fn stack(&self) -> &[String] {
        &self.0.stack
    }

    /// When asking again makes sense. Every 429 and 503 has one: a second if nothing else was said.
    pub fn retry_after(&self) -> Option<Duration> {
        let waiting = matches!(self.0.code, Code::TooManyRequests | Code::Unavailable);
        self.0.retry_after.or(waiting.then_some(Duration::from_secs(1)))
    }

    /// The methods that the path does have, for a 405.
    pub fn allow(&self) -> Option<&str> {
        self.0.allow.as_deref()
    }

    /// The headers that belong to the answer, for web frameworks that this crate has no layer for.
    ///
    /// ```
    /// use kseekers_envelope::{ApiError, Code};
    ///
    /// let error = ApiError::new(Code::Unavailable).with_retry_after(std::time::Duration::from_secs(3));
    /// assert_eq!(error.headers().collect::<Vec<_>>(), [("retry-after", "3".into())]);
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let wait = self.retry_after().map(|wait| ("retry-after", wait.as_secs().max(1).to_string().into()));
        let allow = self.allow().map(|methods| ("allow", methods.into()));
        let challenge = (self.0.code == Code::Unauthorized).then(|| ("www-authenticate", "Bearer".into()));
        [wait, allow, challenge].into_iter().flatten()
    }

    /// The cause with all that caused it in turn, for the log.
    pub fn cause_chain(&self) -> Option<String> {
        let first = self.0.cause.as_deref()?;
        let mut chain = first.to_string();
        let mut next = first.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // Many errors repeat their source in their own text.
            if !chain.ends_with(&text) {
                chain.push_str(": ");
                chain.push_str(&text);
            }
            next = cause.source();
        }
        Some(chain)
    }
}

impl<E: ErrorCode> From<E> for ApiError {
    fn from(error: E) -> Self {
        let inner = Inner {
            code: error.code(),
            message: error.message(),
            stack: error.stack(),
            retry_after: error.retry_after(),
            allow: None,
            cause: None,
        };
        // A client's own mistake needs no cause in the log, and boxing it would cost each of them an allocation.
        let cause: Option<BoxError> = if inner.code.is_server_fault() { Some(Box::new(error)) } else { None };
        Self(Box::new(Inner { cause, ..inner }))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.code.http(), self.0.message)
    }
}

/// Without the cause: frameworks print this of any error, and a cause may name what only the log should hold.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .finish_non_exhaustive()
    }
}
