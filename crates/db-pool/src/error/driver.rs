//! What an error of the driver means, for the caller and for the connection.

use mysql_async::{DriverError, Error, IoError};

use super::{DbError, server};

/// An error and what becomes of the connection.
pub(crate) struct Failure {
    pub(crate) error: DbError,
    pub(crate) fate: Fate,
}

pub(crate) enum Fate {
    /// It goes on.
    Usable,
    /// It is closed; the others are as good as before.
    Broken,
    /// It broke by itself. What breaks one connection breaks those that are as old.
    Lost,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Server(error) => server::failure(error),
            // Not the network, but what came over it: says nothing about other connections.
            Error::Io(IoError::Io(error)) if error.kind() == std::io::ErrorKind::Other => {
                Self { error: DbError::Unavailable(error.to_string()), fate: Fate::Broken }
            }
            Error::Io(error) => Self { error: DbError::Unavailable(io_words(error)), fate: Fate::Lost },
            Error::Driver(DriverError::ConnectionClosed) => {
                Self { error: DbError::Unavailable("the connection is closed".to_owned()), fate: Fate::Lost }
            }
            // Our own, before anything was sent.
            Error::Driver(DriverError::PacketTooLarge) => {
                Self { error: DbError::PacketTooLarge, fate: Fate::Usable }
            }
            // Only the Debug form of these carries values.
            error => Self { error: DbError::Driver(error.to_string()), fate: Fate::Broken },
        }
    }
}

/// The server has stopped a statement because it took too long; the session goes on.
pub(crate) fn cut_by_server(error: &Error) -> bool {
    matches!(error, Error::Server(error) if server::CUT.contains(&error.code))
}

/// The server has as many prepared statements as it may have.
pub(crate) fn out_of_statements(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.code == server::OUT_OF_STATEMENTS)
}

/// An attempt to connect that failed, for whatever reason.
pub(crate) fn unavailable(endpoint: &str, error: Error) -> DbError {
    let reason = match error {
        Error::Server(error) => server::words(&error),
        Error::Io(error) => io_words(error),
        // MySQL answers so for a user that it does not know, in order not to tell that.
        Error::Driver(DriverError::UnknownAuthPlugin { name }) => {
            format!("no such user, or one who signs in by {name}, which is not supported")
        }
        error => error.to_string(),
    };
    DbError::Unavailable(format!("cannot connect to {endpoint}: {reason}"))
}

fn io_words(error: IoError) -> String {
    match error {
        IoError::Io(error) => error.to_string(),
        #[cfg(feature = "tls")]
        IoError::Tls(error) => error.to_string(),
    }
}
