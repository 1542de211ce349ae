//! What clients get: a real server on a real database and a real bucket.
#![cfg(all(feature = "actix", feature = "aws", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod away;
mod client;
mod form;
mod keys;
mod limits;
mod refusals;
mod service;
#[path = "../support/mod.rs"]
mod support;
mod uploads;

use kseekers_envelope::actix::Info;
use kseekers_s3::actix::routes;

#[test]
fn the_table_of_routes_stays_as_it_is() {
    let table = "\
POST /files/upload                                user     file                  -> 201 File
POST /files/presign-download                      user     FileByKey             -> 200 DownloadLink
POST /files/delete                                user     FileByKey             -> 200 FileDeleted
";
    assert_eq!(routes().to_string(), table);
}

#[test]
fn the_document_says_that_an_upload_is_a_form_with_a_file() {
    let document = routes().openapi(Info { title: "Files", version: "1", description: "" });
    let body = &document["paths"]["/files/upload"]["post"]["requestBody"]["content"]["multipart/form-data"];
    assert_eq!(body["schema"]["required"], serde_json::json!(["file"]));
    assert_eq!(body["schema"]["properties"]["file"]["format"], "binary");
    let file = &document["components"]["schemas"]["FileByKey"]["properties"];
    assert_eq!(file["key"]["type"], "string");
}
