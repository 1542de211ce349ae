//! Clients that stall or go away.

use std::{io::Write, time::Duration};

use kseekers_s3::actix::UploadLimits;

use crate::{
    client::{Service, answer},
    form::{self, CONTENT_TYPE},
};

const MIB: usize = 1024 * 1024;

/// Of an upload so large that the bucket has had parts of it.
fn most_of_it() -> Vec<u8> {
    let whole = form::file("a", &vec![b'x'; 12 * MIB]);
    whole[..10 * MIB].to_vec()
}

async fn nothing_is_left(service: &Service) {
    service.until("the row to go", async |service| service.rows().await.is_empty()).await;
    service.is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_client_that_goes_away_nothing_is_left() {
    let service = Service::start().await;
    for headers in ["content-length: 99999999", "content-length: 99999999\r\nexpect: 100-continue"] {
        let stream = service.begin(headers, &most_of_it());
        let s3 = service.s3.as_ref().unwrap();
        service.until("a part in the bucket", async |_| !s3.unfinished_uploads().unwrap().is_empty()).await;
        drop(stream);
        nothing_is_left(&service).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stalls_is_told_so_and_nothing_is_left() {
    let patience = Duration::from_millis(500);
    let service = Service::with(UploadLimits { patience, ..UploadLimits::default() }).await;
    // In the head of the form, in the middle of the file, and behind it.
    let whole = form::file("a", &vec![b'x'; 9 * MIB]);
    for length in [10, 9 * MIB, whole.len() - 4] {
        let mut stream = service.begin(&format!("content-length: {}", whole.len()), b"");
        stream.write_all(&whole[..length]).unwrap();
        answer(stream).bad(400, "Request body took too long to arrive");
        nothing_is_left(&service).await;
    }
    assert_eq!(service.upload_as("ada", CONTENT_TYPE, &whole).0, 201);
}
