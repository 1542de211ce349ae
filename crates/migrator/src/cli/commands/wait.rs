//! `wait`.

use std::time::Duration;

use super::super::answer::Answer;
use super::super::{Common, Console, Place};
use crate::{MigrateError, wait};

/// The server's error code for a database that is not there.
const UNKNOWN_DATABASE: u16 = 1049;

pub(super) async fn wait_for(
    place: Place,
    within: Duration,
    common: &Common,
    console: &mut Console<'_>,
) -> Result<Answer, MigrateError> {
    let mut told = String::new();
    let mut tell = |reason: &MigrateError| {
        let reason = reason.to_string();
        // Each reason once: it is asked several times a second.
        if reason != told {
            console.tell(common, format_args!("Not yet: {reason}"));
            told = reason;
        }
    };
    let database = place.database().to_owned();
    match wait(place.opts, within, &mut tell).await {
        Ok(()) => Ok(Answer::saying("The database answers.")),
        Err(MigrateError::Connect(mysql_async::Error::Server(error))) if error.code == UNKNOWN_DATABASE => {
            Ok(Answer::saying(format!(
                "The server answers; it has no database {database}: `setup` creates it."
            )))
        }
        Err(error) => Err(error),
    }
}
