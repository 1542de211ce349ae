//! What kind of answer it is: one table for the numbers and the words.

/// Why a request was not answered as asked.
///
/// Each code has one HTTP status, one word for the envelope's `status` and a message for the case that nothing more
/// exact is known. All three are part of the contract with clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The request itself is wrong: 400.
    BadRequest,
    /// Nobody is signed in, or the credentials do not count: 401.
    Unauthorized,
    /// Signed in, but not allowed to do this: 403.
    Forbidden,
    /// There is no such thing, or no such path: 404.
    NotFound,
    /// The path exists, but not with this method: 405.
    MethodNotAllowed,
    /// It exists already: 409.
    Conflict,
    /// Somebody else changed it in between: 412.
    PreconditionFailed,
    /// The body is larger than the service reads: 413.
    PayloadTooLarge,
    /// The body says that it is something else than asked for: 415.
    UnsupportedMediaType,
    /// This client asks too often: 429.
    TooManyRequests,
    /// A fault of the service: 500.
    Internal,
    /// Something that the service needs is away or overloaded; asking again later helps: 503.
    Unavailable,
}

impl Code {
    /// Every code, in the order of the HTTP status.
    pub const ALL: [Code; 12] = [
        Code::BadRequest,
        Code::Unauthorized,
        Code::Forbidden,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Conflict,
        Code::PreconditionFailed,
        Code::PayloadTooLarge,
        Code::UnsupportedMediaType,
        Code::TooManyRequests,
        Code::Internal,
        Code::Unavailable,
    ];

    /// HTTP status, the envelope's `status`, and the message when nothing more exact is said.
    const fn row(self) -> (u16, &'static str, &'static str) {
        match self {
            Code::BadRequest => (400, "bad_request", "Sending Incorrect Request payload format"),
            Code::Unauthorized => (401, "unauthorized request", "Not authenticated"),
            Code::Forbidden => (403, "forbidden", "Permission Denied"),
            Code::NotFound => (404, "resource not found", "Resource not found"),
            Code::MethodNotAllowed => (405, "method not allowed", "Method not allowed"),
            Code::Conflict => (409, "duplicate conflict", "Name already exist"),
            Code::PreconditionFailed => (412, "precondition failed", "Changed by somebody else"),
            Code::PayloadTooLarge => (413, "payload too large", "Request body too large"),
            Code::UnsupportedMediaType => (415, "unsupported media type", "Unsupported media type"),
            Code::TooManyRequests => (429, "too many requests", "Too many requests"),
            // Spelt as the clients of the original system know it.
            Code::Internal => (500, "application error occured", "Some error occurred"),
            Code::Unavailable => (503, "service unavailable", "Too many requests in progress"),
        }
    }

    /// The HTTP status code.
    pub const fn http(self) -> u16 {
        self.row().0
    }

    /// The word in the envelope's `status`.
    pub const fn status(self) -> &'static str {
        self.row().1
    }

    /// The message for a person when nothing more exact is known.
    pub const fn message(self) -> &'static str {
        self.row().2
    }

    /// Whether the fault lies with the service (5xx): then the cause is for the log only.
    pub const fn is_server_fault(self) -> bool {
        self.http() >= 500
    }
}

/// How a request went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// 200, `success`.
    Success,
    /// 201, `created`.
    Created,
}

impl Status {
    /// The HTTP status code.
    pub const fn http(self) -> u16 {
        match self {
            Status::Success => 200,
            Status::Created => 201,
        }
    }

    /// The word in the envelope's `status`.
    pub const fn status(self) -> &'static str {
        match self {
            Status::Success => "success",
            Status::Created => "created",
        }
    }
}
