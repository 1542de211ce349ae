//! Data that stays, for development.

use std::fs;

use kseekers_embedded_mysql::{EmbeddedMysql, Error, Options};

use crate::support::{has_the_trace, is_alive, leave_a_trace};

#[tokio::test]
async fn a_data_directory_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options::default().data_dir(folder.path().join("new/one")).durable(true);
    let server = EmbeddedMysql::start(options()).await.unwrap();
    leave_a_trace(&server).await;
    let pid = server.pid();
    drop(server);
    assert!(!is_alive(pid));
    let server = EmbeddedMysql::start(options()).await.unwrap();
    assert!(has_the_trace(server.opts()).await);
}

#[tokio::test]
async fn a_server_that_is_dropped_with_a_kept_directory_stops_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    drop(EmbeddedMysql::start(Options::default().data_dir(folder.path())).await.unwrap());
    let log = fs::read_to_string(folder.path().join("server.log")).unwrap();
    assert!(log.contains("Shutdown complete"), "{log}");
}

#[tokio::test]
async fn a_data_directory_with_a_live_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options::default().data_dir(folder.path());
    let server = EmbeddedMysql::start(options()).await.unwrap();
    let error = EmbeddedMysql::start(options()).await.unwrap_err();
    assert!(matches!(error, Error::DataDirInUse { .. }), "{error}");
    assert!(is_alive(server.pid()));
}

#[tokio::test]
async fn a_data_directory_of_the_other_kind_of_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("engine"), "OtherSQL 1.0").unwrap();
    let error = EmbeddedMysql::start(Options::default().data_dir(folder.path())).await.unwrap_err();
    assert!(matches!(&error, Error::OtherEngine { made_by, .. } if made_by == "OtherSQL 1.0"), "{error}");
}

#[tokio::test]
async fn an_interrupted_first_start_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data.new/mysql")).unwrap();
    fs::write(folder.path().join("data.new/ibdata1"), "half").unwrap();
    fs::write(folder.path().join("data.new/stray"), "").unwrap();
    let server = EmbeddedMysql::start(Options::default().data_dir(folder.path())).await.unwrap();
    leave_a_trace(&server).await;
    assert!(has_the_trace(server.opts()).await);
    assert!(!folder.path().join("data/stray").exists());
}

#[tokio::test]
async fn a_data_directory_with_a_live_server_of_somebody_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (theirs, ours) = (folder.path().join("theirs"), folder.path().join("ours"));
    let server = EmbeddedMysql::start(Options::default().data_dir(&theirs)).await.unwrap();
    // The same data by another way, so that only the server itself can tell.
    fs::create_dir(&ours).unwrap();
    std::os::unix::fs::symlink(theirs.join("data"), ours.join("data")).unwrap();
    let error = EmbeddedMysql::start(Options::default().data_dir(&ours)).await.unwrap_err();
    assert!(matches!(error, Error::DataDirInUse { .. }), "{error}");
    assert!(is_alive(server.pid()));
}
