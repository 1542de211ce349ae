//! How long a line may be.

use std::borrow::Cow;

/// Bytes of a line. Clients choose the paths that are logged: neither the memory of a queue nor the log is theirs to fill.
pub(super) const LONGEST: usize = 8 * 1_024;

const END: &[u8] = b" [cut]\n";

/// The line, or what of it fits into `longest` bytes together with a mark: whole characters only.
pub(super) fn cut(line: &[u8], longest: usize) -> Cow<'_, [u8]> {
    if line.len() <= longest {
        return line.into();
    }
    let mut end = longest.saturating_sub(END.len());
    // 10xxxxxx goes on with a character of UTF-8.
    while end > 0 && line.get(end).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {
        end -= 1;
    }
    [line.get(..end).unwrap_or_default(), END].concat().into()
}
