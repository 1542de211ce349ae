//! Uploads a text, links to it, reads it by the link, deletes it.
//!
//! In a real bucket: `S3_BUCKET`, `S3_REGION`, `S3_ACCESS_KEY` and `S3_SECRET` name it, and `S3_ENDPOINT` when it is not
//! AWS's (then the bucket stands in the path). Without `S3_BUCKET` on the local server of this repository:
//! `cargo run -p kseekers-local-s3 -- --dir target/s3 --port 9000 --bucket files`
#![allow(clippy::print_stdout, reason = "an example shows what it has")]

use std::{env, error::Error, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use kseekers_s3::{
    ObjectKey, ObjectStore,
    aws::{AwsStore, S3Options},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = AwsStore::new(&options()?)?;
    store.check().await?;

    let key = ObjectKey::parse("examples/hello world.txt")?;
    let content = stream::iter([Ok(Bytes::from_static(b"Hello, ")), Ok(Bytes::from_static(b"world!"))]);
    let stored = store.put_stream(&key, Box::pin(content), "text/plain").await?;
    println!("{key}: {} bytes, SHA-256 {}", stored.size, stored.sha256);

    let link = store.presign_get(&key, Some("hello.txt"), Duration::from_secs(60)).await?;
    println!("link: {}", link.url);
    let text = tokio::task::spawn_blocking(move || ureq::get(&link.url).call()?.body_mut().read_to_string());
    println!("it says: {}", text.await??);

    store.delete(&key).await?;
    println!("deleted");
    Ok(())
}

fn options() -> Result<S3Options, env::VarError> {
    let Ok(bucket) = env::var("S3_BUCKET") else {
        let options = S3Options::new("files", "eu-central-1", "local", "local-secret".into());
        return Ok(options.endpoint("http://127.0.0.1:9000").path_style(true));
    };
    let secret = env::var("S3_SECRET")?.into();
    let options = S3Options::new(bucket, env::var("S3_REGION")?, env::var("S3_ACCESS_KEY")?, secret);
    Ok(match env::var("S3_ENDPOINT") {
        Ok(endpoint) => options.endpoint(endpoint).path_style(true),
        Err(_) => options,
    })
}
