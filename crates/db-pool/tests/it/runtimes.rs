use std::thread;

use kseekers_db_pool::DbPool;
use tokio::runtime::{Builder, Runtime};

use crate::support::{ADD, connection_id, count, database, pool_of};

fn worker_runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test]
async fn one_pool_serves_many_single_threaded_runtimes() {
    let db = database().await;
    let pool = pool_of(&db, 3);
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let pool = pool.clone();
            thread::spawn(move || worker_runtime().block_on(work(&pool, worker)))
        })
        .collect();
    tokio::task::spawn_blocking(move || workers.into_iter().for_each(|worker| worker.join().unwrap()))
        .await
        .unwrap();
    assert_eq!(count(&pool).await, 4 * 25);
}

async fn work(pool: &DbPool, worker: u32) {
    for n in 0..25 {
        let id = pool.insert(ADD, (format!("{worker}-{n}"), "x")).await.unwrap();
        let back: (String,) = pool.query_one("SELECT email FROM people WHERE id = ?", (id,)).await.unwrap();
        assert_eq!(back.0, format!("{worker}-{n}"));
    }
}

#[tokio::test]
async fn a_connection_survives_the_runtime_that_asked_for_it() {
    let db = database().await;
    let pool = pool_of(&db, 1);
    let of_worker = tokio::task::spawn_blocking({
        let pool = pool.clone();
        move || worker_runtime().block_on(connection_id(&pool))
    });
    let id = of_worker.await.unwrap();
    assert_eq!(connection_id(&pool).await, id);
}

#[test]
fn a_pool_whose_runtime_has_ended_fails_without_a_panic() {
    let main = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (db, pool) = main.block_on(async {
        let db = database().await;
        let pool = pool_of(&db, 1);
        count(&pool).await;
        (db, pool)
    });
    drop(main);
    worker_runtime().block_on(async {
        for _ in 0..3 {
            pool.query_one::<(i64,)>("SELECT 1", ()).await.unwrap_err();
        }
    });
    drop(pool);
    drop(db);
}
