//! A store that is shared by runtimes which come and go, as the workers of a server do.

use std::{io, thread};

use futures_util::StreamExt;
use kseekers_s3::{ObjectStore, aws::AwsStore};
use tokio::runtime::{Builder, Runtime};

use crate::support::{Bucket, MIB, content, key, options_for, read, streamed};

fn worker() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_runtime_that_ends_does_not_cut_off_what_another_reads() {
    let home = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bucket = {
        let _inside = home.enter();
        Bucket::new()
    };
    let content = content(20 * MIB);
    home.block_on(bucket.put("a", &content));
    let store = home.block_on(async { AwsStore::new(&options_for(&bucket.server.endpoint())).unwrap() });
    let (first, second) = (worker(), worker());
    first.block_on(store.head(&key("a"))).unwrap();
    // Over the connection that was opened for the first.
    let object = second.block_on(store.get(&key("a"))).unwrap();
    first.shutdown_background();
    assert!(second.block_on(read(object.body)).unwrap() == content);
}

#[test]
fn what_the_end_of_its_own_runtime_cuts_off_is_no_shorter_object() {
    let home = worker();
    let (bucket, mut body) = home.block_on(async {
        let bucket = Bucket::new();
        bucket.put("a", &content(20 * MIB)).await;
        let body = bucket.store.get(&key("a")).await.unwrap().body;
        (bucket, body)
    });
    home.block_on(body.next()).unwrap().unwrap();
    drop(home);
    assert_eq!(worker().block_on(read(body)).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    drop(bucket);
}

#[test]
fn when_its_own_runtime_has_ended_a_store_says_so() {
    let home = worker();
    let store = home.block_on(async { AwsStore::new(&options_for("http://127.0.0.1:9")).unwrap() });
    drop(home);
    let error = worker().block_on(store.put_stream(&key("a"), streamed(b"x"), "text/plain")).unwrap_err();
    assert!(matches!(error, kseekers_s3::ObjectError::Unreachable(_)), "{error:?}");
    assert!(worker().block_on(store.check()).is_err());
}

#[test]
fn a_store_cannot_be_made_where_it_could_not_work() {
    let made = thread::spawn(|| AwsStore::new(&options_for("http://127.0.0.1:9")));
    let error = made.join().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "a store has to be made inside of a tokio runtime");
}
