//! The thread that makes databases ahead.

use std::{
    collections::VecDeque,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use mysql_async::{Conn, OptsBuilder, prelude::Queryable};
use tokio::sync::{mpsc, oneshot};

use super::{
    Content,
    recipe::{Recipe, failed},
};
use crate::{EmbeddedMysql, Error, Options};

/// How many copies are made at the same time. More only take the machine from the tests.
const AT_A_TIME: usize = 2;
/// How many copies at least, and at most, lie ready; the more tests have asked, the more are made ahead.
const AHEAD: (usize, usize) = (2, 12);
/// A test may restart the server: how long a copy waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

type Taker = oneshot::Sender<Result<Made, Arc<Error>>>;

#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) server: &'static EmbeddedMysql,
}

#[derive(Debug)]
pub(crate) enum Event {
    Wanted(Taker),
    Used(String),
    Finished(Result<String, Error>),
    Dropped,
}

/// Never dropped, being static: its supervisor stops it when the process ends.
static SERVER: OnceLock<Result<EmbeddedMysql, Arc<Error>>> = OnceLock::new();
static DATABASES: AtomicU64 = AtomicU64::new(1);

pub(super) fn start(content: Content) -> mpsc::UnboundedSender<Event> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let own = sender.clone();
    let thread = thread::Builder::new().name("test-databases".into());
    // Without a thread the receiver is dropped, and whoever asks is told so.
    let _ = thread.spawn(move || {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            runtime.block_on(serve(content, own, receiver));
        }
    });
    sender
}

async fn serve(
    content: Content,
    sender: mpsc::UnboundedSender<Event>,
    mut events: mpsc::UnboundedReceiver<Event>,
) {
    match prepare(content).await {
        Ok((server, recipe)) => {
            let mut maker = Maker::new(server, recipe, sender);
            maker.go_on();
            while let Some(event) = events.recv().await {
                maker.take_in(event);
                maker.go_on();
            }
        }
        Err(error) => {
            while let Some(event) = events.recv().await {
                if let Event::Wanted(taker) = event {
                    let _ = taker.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

async fn prepare(content: Content) -> Result<(&'static EmbeddedMysql, Arc<Recipe>), Arc<Error>> {
    let start = || EmbeddedMysql::start_blocking(&Options::default()).map_err(Arc::new);
    let server = SERVER.get_or_init(start).as_ref().map_err(Arc::clone)?;
    // An unlikely name, because it is replaced in the text of views.
    let name = format!("embedded_mysql_template_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let recipe = fill(content, server, &name).await.map_err(Arc::new)?;
    Ok((server, Arc::new(recipe)))
}

async fn fill(content: Content, server: &EmbeddedMysql, name: &str) -> Result<Recipe, Error> {
    let create = format!("CREATE DATABASE {name}");
    let mut connection = connect(server.opts()).await?;
    connection.query_drop(&create).await.map_err(failed(&create))?;
    let opts = server.opts().db_name(Some(name));
    match content {
        Content::Filler(filler) => filler(opts.clone().into()).await.map_err(Error::Filler)?,
        Content::Sql(sql) => {
            let filled = connect(opts.clone()).await?.query_drop(sql).await;
            filled.map_err(|error| Error::Filler(error.into()))?;
        }
    }
    Recipe::of(&mut connect(opts).await?, name).await
}

async fn connect(opts: OptsBuilder) -> Result<Conn, Error> {
    Conn::new(opts).await.map_err(failed("connect"))
}

struct Maker {
    server: &'static EmbeddedMysql,
    recipe: Arc<Recipe>,
    sender: mpsc::UnboundedSender<Event>,
    ready: VecDeque<String>,
    waiting: VecDeque<Taker>,
    used: Vec<String>,
    taken: usize,
    making: usize,
    dropping: bool,
    /// A copy failed that nobody waited for: no further ones until somebody does.
    paused: bool,
}

impl Maker {
    fn new(
        server: &'static EmbeddedMysql,
        recipe: Arc<Recipe>,
        sender: mpsc::UnboundedSender<Event>,
    ) -> Self {
        Self {
            server,
            recipe,
            sender,
            ready: VecDeque::new(),
            waiting: VecDeque::new(),
            used: Vec::new(),
            taken: 0,
            making: 0,
            dropping: false,
            paused: false,
        }
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Wanted(taker) => {
                self.paused = false;
                self.waiting.push_back(taker);
            }
            Event::Used(name) => self.used.push(name),
            Event::Dropped => self.dropping = false,
            Event::Finished(result) => {
                self.making -= 1;
                match result {
                    Ok(name) => self.ready.push_back(name),
                    Err(error) => match self.waiting.pop_front() {
                        Some(taker) => drop(taker.send(Err(Arc::new(error)))),
                        None => self.paused = true,
                    },
                }
            }
        }
    }

    fn go_on(&mut self) {
        self.hand_out();
        let ahead = self.taken.clamp(AHEAD.0, AHEAD.1);
        let wanted = self.waiting.len() + if self.paused { 0 } else { ahead };
        while self.making < AT_A_TIME && self.ready.len() + self.making < wanted {
            self.making += 1;
            let (server, recipe, sender) = (self.server, Arc::clone(&self.recipe), self.sender.clone());
            tokio::spawn(async move {
                let _ = sender.send(Event::Finished(make(server, &recipe).await));
            });
        }
        // Only when there is nothing better to do.
        if self.making == 0
            && !self.dropping
            && let Some(name) = self.used.pop()
        {
            self.dropping = true;
            let (server, sender) = (self.server, self.sender.clone());
            tokio::spawn(async move {
                // Whatever goes wrong: all of it goes with the server.
                let _ = drop_database(server, &name).await;
                let _ = sender.send(Event::Dropped);
            });
        }
    }

    fn hand_out(&mut self) {
        while let Some(name) = self.ready.pop_front() {
            let Some(taker) = self.waiting.pop_front() else {
                self.ready.push_front(name);
                return;
            };
            let made = Made { name, server: self.server };
            match taker.send(Ok(made)) {
                Ok(()) => self.taken += 1,
                // That test has gone away; the database is as good as new.
                Err(Ok(made)) => self.ready.push_front(made.name),
                Err(Err(_)) => {}
            }
        }
    }
}

async fn make(server: &EmbeddedMysql, recipe: &Recipe) -> Result<String, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        match make_once(server, recipe, &name).await {
            Ok(()) => return Ok(name),
            Err(Error::Statement { source: mysql_async::Error::Io(_), .. }) if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn make_once(server: &EmbeddedMysql, recipe: &Recipe, name: &str) -> Result<(), Error> {
    let mut connection = connect(server.opts()).await?;
    recipe.make(&mut connection, name).await?;
    connection.disconnect().await.map_err(failed("disconnect"))
}

async fn drop_database(server: &EmbeddedMysql, name: &str) -> Result<(), Error> {
    let mut connection = connect(server.opts()).await?;
    // A connection that a test has forgotten may hold a lock for ever.
    let sql = format!("SET SESSION lock_wait_timeout = 1; DROP DATABASE IF EXISTS {name}");
    connection.query_drop(&sql).await.map_err(failed(&sql))?;
    connection.disconnect().await.map_err(failed("disconnect"))
}
