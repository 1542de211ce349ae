//! The queue and the terminal. Time is tokio's own and stands still, so that minutes pass at once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use kseekers_auth::{CodeMessage, CodeSender, Delivery, DeliveryError, DeliverySettings, TerminalSender};
use tokio::{runtime::Handle, time::Instant};

use crate::support::{Log, Mailbox, message};

const FIVE_MINUTES: Duration = Duration::from_secs(300);

/// Fails in the same way every time.
struct Failing {
    passing: bool,
    attempts: Arc<Mutex<Vec<Instant>>>,
}

#[async_trait]
impl CodeSender for Failing {
    async fn send(&self, _: &CodeMessage) -> Result<(), DeliveryError> {
        self.attempts.lock().unwrap().push(Instant::now());
        Err(if self.passing { DeliveryError::passing("busy") } else { DeliveryError::lasting("refused") })
    }
}

/// Never comes to an end.
#[derive(Default)]
struct Hanging(Arc<AtomicUsize>);

#[async_trait]
impl CodeSender for Hanging {
    async fn send(&self, _: &CodeMessage) -> Result<(), DeliveryError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending().await
    }
}

fn start(sender: impl CodeSender + 'static, settings: DeliverySettings) -> Delivery {
    Delivery::start(Arc::new(sender), settings, &Handle::current())
}

/// When each attempt was made, in seconds after the first.
async fn attempts(passing: bool) -> (Vec<u64>, Log) {
    let (log, _guard) = Log::capture();
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let delivery = start(Failing { passing, attempts: attempts.clone() }, DeliverySettings::default());
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    assert!(delivery.shutdown(FIVE_MINUTES).await);
    let attempts = attempts.lock().unwrap();
    (attempts.iter().map(|attempt| attempt.duration_since(attempts[0]).as_secs()).collect(), log)
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_pass_is_tried_again_a_few_times() {
    let (attempts, log) = attempts(true).await;
    assert_eq!(attempts, [0, 1, 6, 26]);
    assert_eq!(log.text().matches("trying again").count(), 3, "{log}");
    assert!(
        log.text().contains("ERROR") && log.text().contains("a code was not sent user=7 error=busy"),
        "{log}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_lasts_is_not_tried_again() {
    let (attempts, log) = attempts(false).await;
    assert_eq!(attempts, [0]);
    assert!(log.text().contains("refused"), "{log}");
}

#[tokio::test(start_paused = true)]
async fn stopping_sends_what_waits_and_takes_no_more() {
    let (sender, mut mailbox) = Mailbox::new();
    let delivery = start(sender, DeliverySettings { parallel: 1, ..DeliverySettings::default() });
    for number in 0..100 {
        delivery.hand_over(Some(message(&format!("user{number}"), FIVE_MINUTES)));
    }
    assert!(delivery.shutdown(FIVE_MINUTES).await);
    delivery.hand_over(Some(message("late", FIVE_MINUTES)));
    for number in 0..100 {
        assert_eq!(mailbox.next().await.username, format!("user{number}"));
    }
    assert!(mailbox.is_empty());
    assert!(delivery.shutdown(FIVE_MINUTES).await, "stopping twice is no harm");
}

#[tokio::test(start_paused = true)]
async fn stopping_waits_no_longer_than_it_was_given() {
    let delivery = start(Hanging::default(), DeliverySettings::default());
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    let start = Instant::now();
    assert!(!delivery.shutdown(Duration::from_secs(3)).await);
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_drops_the_code_and_says_so() {
    let (log, _guard) = Log::capture();
    let hanging = Hanging::default();
    let begun = Arc::clone(&hanging.0);
    let delivery =
        start(hanging, DeliverySettings { capacity: 3, parallel: 2, ..DeliverySettings::default() });
    for _ in 0..20 {
        delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    }
    assert_eq!(
        log.text().matches("a code was dropped user=7 reason=\"too many are waiting\"").count(),
        17,
        "{log}"
    );
    assert!(!delivery.shutdown(Duration::from_secs(1)).await);
    assert_eq!(begun.load(Ordering::SeqCst), 2, "no more than two at the same time");
}

#[tokio::test(start_paused = true)]
async fn codes_for_nobody_take_no_place() {
    let (log, _guard) = Log::capture();
    let hanging = Hanging::default();
    let begun = Arc::clone(&hanging.0);
    let delivery =
        start(hanging, DeliverySettings { capacity: 2, parallel: 1, ..DeliverySettings::default() });
    for _ in 0..20 {
        delivery.hand_over(None);
        tokio::task::yield_now().await;
    }
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    delivery.hand_over(Some(message("bob", 2 * FIVE_MINUTES)));
    assert!(delivery.shutdown(3 * FIVE_MINUTES).await);
    assert_eq!(begun.load(Ordering::SeqCst), 2);
    assert!(!log.text().contains("dropped"), "{log}");
}

#[tokio::test(start_paused = true)]
async fn a_code_that_has_expired_makes_room_for_others() {
    let (log, _guard) = Log::capture();
    let hanging = Hanging::default();
    let begun = Arc::clone(&hanging.0);
    let delivery = start(hanging, DeliverySettings { parallel: 1, ..DeliverySettings::default() });
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    delivery.hand_over(Some(message("bob", 2 * FIVE_MINUTES)));
    assert!(delivery.shutdown(3 * FIVE_MINUTES).await);
    assert_eq!(begun.load(Ordering::SeqCst), 2);
    assert_eq!(log.text().matches("not sent before it expired").count(), 2, "{log}");
}

/// Panics for ada.
struct Panicking(crate::support::ToMailbox);

#[async_trait]
impl CodeSender for Panicking {
    async fn send(&self, message: &CodeMessage) -> Result<(), DeliveryError> {
        assert_ne!(message.username, "ada", "this panic is part of the test");
        self.0.send(message).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_panics_does_not_stop_the_others() {
    let (sender, mut mailbox) = Mailbox::new();
    let delivery = start(Panicking(sender), DeliverySettings::default());
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    delivery.hand_over(Some(message("bob", FIVE_MINUTES)));
    assert_eq!(mailbox.next().await.username, "bob");
    assert!(delivery.shutdown(FIVE_MINUTES).await);
}

#[tokio::test(start_paused = true)]
async fn the_log_holds_neither_codes_nor_addresses() {
    let (log, _guard) = Log::capture();
    let (sender, mut mailbox) = Mailbox::new();
    let delivery = start(sender, DeliverySettings::default());
    delivery.hand_over(Some(message("ada", FIVE_MINUTES)));
    let sent = mailbox.next().await;
    assert!(delivery.shutdown(FIVE_MINUTES).await);
    assert!(log.text().contains("a code was sent user=7"), "{log}");
    assert!(!log.text().contains(&sent.code) && !log.text().contains("example.com"), "{log}");
}

#[tokio::test]
async fn the_terminal_shows_who_gets_which_code() {
    let out = Log::default();
    let mut message = message("ada", FIVE_MINUTES);
    message.username = "a\u{1b}[2Jd\na".to_owned();
    TerminalSender::to(out.clone()).send(&message).await.unwrap();
    assert!(out.text().contains(&format!("One-time code for a[2Jda: {}\n", message.code.expose())), "{out}");
    assert!(out.text().contains("for 5 minutes"), "{out}");
}

#[test]
fn a_message_does_not_print_its_code() {
    let message = message("ada", FIVE_MINUTES);
    assert!(!format!("{message:?}").contains(message.code.expose()));
}
