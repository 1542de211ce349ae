//! Fields of spans and events as text.

use std::fmt::{self, Write};

use tracing::{
    Event,
    field::{Field, Visit},
    span::Attributes,
};

use super::masking::{is_secret, masked};

/// Bytes of the arguments of a call, and of its result: together less than what a line may have.
const LONGEST: usize = 3 * 1_024;

const CUT: &str = " [cut]";

/// The arguments of a call: `(name="priority_levels", include_inactive=false)`.
pub(super) struct Arguments(String);

impl Arguments {
    pub(super) fn of(attributes: &Attributes<'_>) -> String {
        let mut arguments = Self(String::from("("));
        attributes.record(&mut arguments);
        arguments.0.push(')');
        arguments.0
    }
}

impl Visit for Arguments {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let name = field.name();
        // What a method is called on is the same in all its calls.
        if name == "self" {
            return;
        }
        let separator = if self.0.len() > 1 { ", " } else { "" };
        let left = LONGEST.saturating_sub(self.0.len());
        let value = if is_secret(name) { "***".to_owned() } else { text(value, left) };
        self.0.extend([separator, name, "=", &value]);
    }
}

/// What a call gave back.
#[derive(Default)]
pub(super) struct Returned(Option<String>);

impl Returned {
    /// Nothing, if the event is about something else.
    pub(super) fn of(event: &Event<'_>) -> Option<String> {
        let mut returned = Self::default();
        event.record(&mut returned);
        returned.0
    }
}

impl Visit for Returned {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // `error` is what `#[instrument(err)]` says.
        if matches!(field.name(), "return" | "error") {
            self.0 = Some(text(value, LONGEST));
        }
    }
}

/// The id of a request, as its span has it.
#[derive(Default)]
pub(super) struct RequestId(String);

impl RequestId {
    /// Nothing, if the span has none.
    pub(super) fn of(attributes: &Attributes<'_>) -> Option<Self> {
        let mut id = Self::default();
        attributes.record(&mut id);
        (!id.0.is_empty()).then_some(id)
    }

    pub(super) fn text(&self) -> String {
        self.0.clone()
    }
}

impl Visit for RequestId {
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "id" {
            value.clone_into(&mut self.0);
        }
    }
}

/// The value, masked and cut.
fn text(value: &dyn fmt::Debug, longest: usize) -> String {
    let mut start = Start { text: String::new(), longest };
    let whole = write!(start, "{value:?}").is_ok();
    let mut text = masked(&start.text);
    if !whole {
        text.push_str(CUT);
    }
    text
}

/// The start of a text. What comes after is not even made.
struct Start {
    text: String,
    longest: usize,
}

impl Write for Start {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for c in more.chars() {
            if self.text.len() + c.len_utf8() > self.longest {
                return Err(fmt::Error);
            }
            self.text.push(c);
        }
        Ok(())
    }
}
