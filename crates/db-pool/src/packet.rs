//! How large a statement may be.
//!
//! The server answers one that is too large by closing the connection, mostly in the middle of its sending: that cannot
//! be told from a server that went away. So what is too large is not sent.

use mysql_async::{Params, Value, consts::MAX_PAYLOAD_LEN};

/// More than the protocol adds to the values of a statement with this many parameters.
fn overhead(parameters: usize) -> usize {
    256 + 16 * parameters
}

pub(crate) fn fits(params: &Params, max_allowed_packet: usize) -> bool {
    let (count, total, largest) = match params {
        Params::Empty => return true,
        Params::Positional(values) => sizes(values.iter()),
        Params::Named(values) => sizes(values.values()),
    };
    // Beyond one packet of the protocol the driver sends each value by itself.
    let sent_at_once = if total < MAX_PAYLOAD_LEN { total } else { largest };
    sent_at_once.saturating_add(overhead(count)) <= max_allowed_packet
}

fn sizes<'v>(values: impl Iterator<Item = &'v Value>) -> (usize, usize, usize) {
    values.fold((0, 0, 0), |(count, total, largest), value| {
        let length = if let Value::Bytes(bytes) = value { bytes.len() } else { 0 };
        (count + 1, total + length, largest.max(length))
    })
}
