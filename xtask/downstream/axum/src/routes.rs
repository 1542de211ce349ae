//! The routes. They are this service's own; the rules behind them are the crates'.

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use kseekers_auth::{CodeAnswer, CodeRequest, NewUser};
use kseekers_lookup::{LookupValuesQuery, NewLookupType, NewLookupValue};

use crate::{
    Portal,
    answer::{Answer, Body, created, found, list, not_found},
    caller::{Admin, Anybody, SignedIn},
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/users", post(register))
        .route("/codes", post(request_code))
        .route("/tokens", post(sign_in))
        .route("/me", get(me))
        .route("/dropdowns", post(add_dropdown))
        .route("/dropdowns/{name}", get(dropdown))
        .route("/choices", post(add_choice))
        .route("/choices/search", post(choices))
        .fallback(not_found)
}

async fn register(State(portal): State<Portal>, Body(new): Body<NewUser>) -> Answer {
    created(portal.auth.register(&new).await?, "Welcome")
}

async fn request_code(State(portal): State<Portal>, Body(request): Body<CodeRequest>) -> Answer {
    found(portal.auth.request_code(&request).await?, "A code is on its way")
}

async fn sign_in(State(portal): State<Portal>, Body(code): Body<CodeAnswer>) -> Answer {
    created(portal.auth.sign_in(&code).await?, "Signed in")
}

async fn me(SignedIn(caller): SignedIn) -> Answer {
    found(caller.username, "You")
}

async fn dropdown(State(portal): State<Portal>, Path(name): Path<String>) -> Answer {
    found(portal.lookups.type_named(&name).await?, "Dropdown")
}

async fn add_dropdown(_: Admin, State(portal): State<Portal>, Body(new): Body<NewLookupType>) -> Answer {
    created(portal.lookups.create_type(&new).await?, "Dropdown added")
}

async fn add_choice(_: Admin, State(portal): State<Portal>, Body(new): Body<NewLookupValue>) -> Answer {
    created(portal.lookups.create_value(&new).await?, "Choice added")
}

async fn choices(
    Anybody(caller): Anybody,
    State(portal): State<Portal>,
    Body(query): Body<LookupValuesQuery>,
) -> Answer {
    list(portal.lookups.values(&query, caller.as_ref()).await?, "Choices")
}
