//! The calls of profiled functions, each as a block of lines: what the setting `profile` turns on.

mod fields;
mod masking;

use std::{io::Write, time::Instant};

use tracing::{
    Event, Metadata, Subscriber,
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    fmt::{
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::Context,
    registry::{LookupSpan, SpanRef},
};

use super::{Terminal, queue::Queue};
use fields::{Arguments, RequestId, Returned};

/// What the functions say that are profiled: `#[instrument(target = "kseekers::profile", level = "trace", ret)]`.
pub(super) const TARGET: &str = "kseekers::profile";

/// The span that `front` of kseekers-envelope puts around a request.
const REQUEST: &str = "request";

const RULE: &str =
    "----------------------------------------------------------------------------------------------------";

/// Whether a span or an event is about a profiled function.
pub(super) fn is_profiled(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET
}

/// Writes a block for each call of a profiled function when the call has ended, those inside of others first. A block is
/// one line for the queues: nothing comes in between, and nobody waits for it.
#[derive(Debug)]
pub(super) struct Profiler {
    pub(super) file: Queue,
    pub(super) terminal: Terminal,
}

/// A call on its way.
struct Call {
    requested: String,
    start: Instant,
    arguments: String,
    outcome: Option<Outcome>,
}

/// How a call ended. A span may live on, in a task that the call has started.
struct Outcome {
    responded: String,
    seconds: f64,
    returned: String,
}

impl Profiler {
    /// What this layer has to see; the rest costs it nothing.
    pub(super) fn sees(metadata: &Metadata<'_>) -> bool {
        is_profiled(metadata) || (metadata.is_span() && metadata.name() == REQUEST)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Profiler {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if is_profiled(attributes.metadata()) {
            let (requested, start) = (now(), Instant::now());
            let arguments = Arguments::of(attributes);
            span.extensions_mut().insert(Call { requested, start, arguments, outcome: None });
        } else if let Some(request) = RequestId::of(attributes) {
            span.extensions_mut().insert(request);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else { return };
        if let Some(call) = span.extensions_mut().get_mut::<Call>()
            && let Some(returned) = Returned::of(event)
        {
            let seconds = call.start.elapsed().as_secs_f64();
            call.outcome = Some(Outcome { responded: now(), seconds, returned });
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(call) = span.extensions_mut().remove::<Call>() else { return };
        let block = block(&span, call);
        let _ = (&self.file).write_all(block.as_bytes());
        if self.terminal.gets_everything() {
            let _ = (&self.terminal.queue).write_all(block.as_bytes());
        }
    }
}

fn block<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>, call: Call) -> String {
    let metadata = span.metadata();
    let (method, module) = (metadata.name(), metadata.module_path().unwrap_or("-"));
    let line = metadata.line().unwrap_or_default();
    let request = span.scope().find_map(|span| span.extensions().get::<RequestId>().map(RequestId::text));
    let request = request.as_deref().unwrap_or("-");
    let Call { requested, start, arguments, outcome } = call;
    let Outcome { responded, seconds, returned } = outcome.unwrap_or_else(|| Outcome {
        responded: now(),
        seconds: start.elapsed().as_secs_f64(),
        returned: "(given up before it ended)".to_owned(),
    });
    format!(
        "{RULE}\n\
         {responded} :::: Method:: {method}\n\
         Module:: {module}:{line}\n\
         Request Id:: {request}\n\
         Request Time:: {requested}\n\
         Response Time:: {responded}\n\
         Execution Time:: {seconds:.6} seconds\n\
         Args:: {arguments}\n\
         Response Data:: {returned}\n\
         {RULE}\n"
    )
}

/// As the lines of the log say it.
fn now() -> String {
    let mut text = String::new();
    // A string takes everything.
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

#[cfg(test)]
#[path = "profiler_tests.rs"]
mod tests;
