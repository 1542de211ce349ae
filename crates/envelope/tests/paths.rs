//! Paths with parts that vary.
#![cfg(feature = "actix")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use actix_web::{App, http::Method, middleware::from_fn, test};
use kseekers_envelope::{
    ApiError,
    actix::{Info, Path, Query, Reply, RouteTable, front},
    input::{Id, PageQuery, Text},
};
use serde_json::{Value, json};

/// Rows that ids belong to.
struct Shelf;

kseekers_envelope::input! {
    /// A book on a shelf.
    pub struct BookOnShelf {
        /// The shelf.
        pub shelf_id: Id<Shelf>,
        /// The title.
        pub title: Text<1, 9> => "Title is required",
    }
}

async fn get(Path(book): Path<BookOnShelf>) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(format!("{} on {}", book.title, book.shelf_id), "Read"))
}

async fn put(_: Path<BookOnShelf>) -> Result<Reply<String>, ApiError> {
    Ok(Reply::record(String::new(), "Put"))
}

async fn delete(_: Path<BookOnShelf>, Query(page): Query<PageQuery>) -> Result<Reply<i64>, ApiError> {
    Ok(Reply::record(page.offset(), "Deleted"))
}

const PATH: &str = "/shelves/{shelf_id}/books/{title}";

fn routes() -> RouteTable {
    RouteTable::new("Books").get(PATH, "Reads a book", get).put(PATH, "Puts a book", put).delete(
        PATH,
        "Takes a book",
        delete,
    )
}

async fn ask(method: Method, path: &str) -> (u16, Value) {
    let app = App::new().configure(|app| routes().configure(app)).wrap(from_fn(front));
    let app = test::init_service(app).await;
    let request = test::TestRequest::with_uri(path).method(method).to_request();
    let response = test::call_service(&app, request).await;
    (response.status().as_u16(), test::read_body_json(response).await)
}

#[actix_web::test]
async fn the_parts_of_a_path_are_read_and_decoded() {
    for (path, read) in [
        ("/shelves/7/books/Emma", "Emma on 7"),
        ("/shelves/%37/books/%20caf%C3%A9%20", "café on 7"),
        ("/shelves/-1/books/a%2Fb", "a/b on -1"),
    ] {
        let (status, body) = ask(Method::GET, path).await;
        assert_eq!((status, &body["result"]["payload"]), (200, &json!(read)), "{path}");
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_path_is_told_like_any_other_input() {
    for (path, lines) in [
        ("/shelves/x/books/Emma", json!(["shelf_id data incorrect"])),
        ("/shelves/2147483648/books/Emma", json!(["shelf_id data incorrect"])),
        ("/shelves/07/books/%20", json!(["shelf_id data incorrect", "Title is required"])),
        ("/shelves/1/books/%00", json!(["title data incorrect"])),
    ] {
        let (status, body) = ask(Method::GET, path).await;
        assert_eq!((status, &body["result"]["errorStack"]), (400, &lines), "{path}");
    }
}

#[actix_web::test]
async fn each_method_of_a_path_has_its_handler() {
    for (method, path, message) in [
        (Method::PUT, "/shelves/1/books/a", "Put"),
        (Method::DELETE, "/shelves/1/books/a?page=3", "Deleted"),
        (Method::POST, "/shelves/1/books/a", "Method not allowed"),
    ] {
        let (_, body) = ask(method, path).await;
        assert_eq!(body["result"]["message"], message, "{body}");
    }
}

#[actix_web::test]
async fn the_openapi_document_has_the_parts_of_the_path_before_the_query() {
    let document = routes().openapi(Info { title: "", version: "", description: "" });
    let parameters = document["paths"][PATH]["delete"]["parameters"].as_array().unwrap();
    let found: Vec<_> =
        parameters.iter().map(|it| (&it["name"], &it["in"], it["required"] == json!(true))).collect();
    let expected = [
        (json!("shelf_id"), json!("path"), true),
        (json!("title"), json!("path"), true),
        (json!("page"), json!("query"), false),
        (json!("page_size"), json!("query"), false),
    ];
    assert_eq!(found, expected.each_ref().map(|(name, place, required)| (name, place, *required)));
    assert_eq!(parameters[0]["schema"]["type"], "integer");
}

#[actix_web::test]
async fn the_table_names_what_a_route_reads() {
    let row = routes().routes()[2].to_string();
    assert!(row.starts_with("DELETE /shelves/{shelf_id}/books/{title} "), "{row}");
    assert!(row.contains(" PageQuery "), "{row}");
    assert!(routes().routes()[0].to_string().contains(" BookOnShelf "));
    let long =
        RouteTable::new("Books").get("/a/path/that/is/longer/than/its/column/{shelf_id}/{title}", "", get);
    assert!(long.to_string().contains("{title} - "), "{long}");
}
