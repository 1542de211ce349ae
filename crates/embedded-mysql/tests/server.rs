//! A server from its start to its end.

use kseekers_embedded_mysql::{EmbeddedMysql, Options};
use mysql_async::{Conn, prelude::Queryable};
use std::time::Instant;

#[tokio::test]
async fn a_started_server_answers_on_port_and_socket() {
    let begin = Instant::now();
    let server = EmbeddedMysql::start(Options::default()).await.unwrap();
    println!("start of {}: {:?}", server.engine(), begin.elapsed());
    let mut connection = Conn::new(server.opts()).await.unwrap();
    let zone: Option<String> = connection.query_first("SELECT @@time_zone").await.unwrap();
    assert_eq!(zone.as_deref(), Some("+00:00"));
    let begin = Instant::now();
    drop(server);
    println!("stop: {:?}", begin.elapsed());
}
