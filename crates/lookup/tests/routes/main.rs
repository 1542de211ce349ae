//! What clients get, through a real app on a real database.
#![cfg(all(feature = "actix", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails loudly"
)]

mod client;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod types;
mod values;

use client::client;
use kseekers_lookup::actix::routes;
use serde_json::json;

#[actix_web::test]
async fn the_table_of_routes_stays_as_it_is() {
    let table = "\
GET  /lookup/types                                -                              -> 200 [LookupType]
POST /lookup/types/get                            -        LookupTypeByName      -> 200 LookupType
POST /lookup/types                                admin    NewLookupType         -> 201 LookupType
POST /lookup/types/update                         admin    LookupTypeChange      -> 200 LookupChanged
POST /lookup/types/delete                         admin    LookupTypeById        -> 200 LookupTypeDeleted
POST /lookup/types/manage                         admin    LookupTypeEntry       -> 200 LookupTypeManaged
GET  /lookup/values                               optional LookupValuesQuery     -> 200 [LookupValue]
POST /lookup/values                               optional LookupValuesQuery     -> 200 [LookupValue]
POST /lookup/values/get                           -        LookupValueById       -> 200 LookupValue
POST /lookup/values/create                        admin    NewLookupValue        -> 201 LookupValue
POST /lookup/values/update                        admin    LookupValueChange     -> 200 LookupChanged
POST /lookup/values/delete                        admin    LookupValueById       -> 200 LookupChanged
GET  /lookup/getHeaders                           user     LookupTypeByName      -> 200 [LookupValue]
";
    assert_eq!(routes().to_string(), table);
}

#[actix_web::test]
async fn only_administrators_change_anything() {
    let c = client().await;
    for path in [
        "/lookup/types",
        "/lookup/types/update",
        "/lookup/types/delete",
        "/lookup/types/manage",
        "/lookup/values/create",
        "/lookup/values/update",
        "/lookup/values/delete",
    ] {
        // Who asks is judged before what is asked.
        c.post(path, json!([])).await.bad(401, "Not authenticated");
        c.post_as("nobody", path, json!([])).await.bad(401, "Not authenticated");
        c.post_as("user", path, json!([])).await.bad(403, "Permission Denied");
        c.admin(path, json!([])).await.bad(400, "Sending Incorrect Request payload format");
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_a_503_in_the_envelope() {
    let c = client().await;
    c.pool.close(std::time::Duration::ZERO).await;
    c.get("/lookup/types").await.bad(503, "Error in connecting to host database");
}
