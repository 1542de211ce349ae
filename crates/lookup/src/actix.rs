//! The routes, for actix-web.
//!
//! They look for `web::Data<LookupService>` and `web::Data<dyn Authenticator>` in the app's data.

mod messages;

use actix_web::web::Data;
use kseekers_access::actix::{Admin, CurrentUser, OptionalUser};
use kseekers_envelope::{
    ApiError,
    actix::{Body, Created, Query, Reply, RouteTable},
};

pub use messages::{
    LookupChanged, LookupTypeById, LookupTypeByName, LookupTypeDeleted, LookupTypeManaged, LookupValueById,
};

use crate::{
    LookupService, LookupType, LookupTypeChange, LookupTypeEntry, LookupValue, LookupValueChange,
    LookupValuesQuery, NewLookupType, NewLookupValue,
};

/// All routes of this crate.
pub fn routes() -> RouteTable {
    RouteTable::new("Lookups")
        .get("/lookup/types", "All lookup types", types)
        .post("/lookup/types/get", "One lookup type", get_type)
        .post("/lookup/types", "Add a lookup type", create_type)
        .post("/lookup/types/update", "Change a lookup type", update_type)
        .post("/lookup/types/delete", "Delete a lookup type with its values", delete_type)
        .post("/lookup/types/manage", "Add or change a lookup type by its name", manage_type)
        .get("/lookup/values", "The values of a lookup type", values_by_query)
        .post("/lookup/values", "The values of a lookup type", values)
        .post("/lookup/values/get", "One lookup value", get_value)
        .post("/lookup/values/create", "Add a lookup value", create_value)
        .post("/lookup/values/update", "Change a lookup value", update_value)
        .post("/lookup/values/delete", "Delete a lookup value", delete_value)
        .get("/lookup/getHeaders", "The headers of a table", headers)
}

type Answer<T> = Result<Reply<T>, ApiError>;
type Creation<T> = Result<Created<T>, ApiError>;

async fn types(lookups: Data<LookupService>) -> Answer<Vec<LookupType>> {
    let types = lookups.types().await?;
    Ok(Reply::list(types, "Lookup types retrieved successfully"))
}

async fn get_type(lookups: Data<LookupService>, Body(wanted): Body<LookupTypeByName>) -> Answer<LookupType> {
    let found = lookups.type_named(&wanted.name).await?;
    Ok(Reply::record(found, "Lookup type retrieved successfully"))
}

async fn create_type(
    _: Admin,
    lookups: Data<LookupService>,
    Body(new): Body<NewLookupType>,
) -> Creation<LookupType> {
    let created = lookups.create_type(&new).await?;
    Ok(Reply::created(created, "Lookup type created successfully"))
}

async fn update_type(
    _: Admin,
    lookups: Data<LookupService>,
    Body(change): Body<LookupTypeChange>,
) -> Answer<LookupChanged> {
    lookups.update_type(&change).await?;
    Ok(Reply::record(LookupChanged { id: change.type_id.get() }, "Lookup type updated successfully"))
}

async fn delete_type(
    _: Admin,
    lookups: Data<LookupService>,
    Body(LookupTypeById { type_id: id }): Body<LookupTypeById>,
) -> Answer<LookupTypeDeleted> {
    let deleted_values = lookups.delete_type(id).await?;
    Ok(Reply::record(LookupTypeDeleted { id, deleted_values }, "Lookup type deleted successfully"))
}

async fn manage_type(
    _: Admin,
    lookups: Data<LookupService>,
    Body(entry): Body<LookupTypeEntry>,
) -> Answer<LookupTypeManaged> {
    lookups.put_type(&entry).await?;
    let name = entry.name.into_string();
    Ok(Reply::record(LookupTypeManaged { name }, "Lookup type managed successfully"))
}

async fn values_by_query(
    user: OptionalUser,
    lookups: Data<LookupService>,
    Query(query): Query<LookupValuesQuery>,
) -> Answer<Vec<LookupValue>> {
    values(user, lookups, Body(query)).await
}

async fn values(
    OptionalUser(caller): OptionalUser,
    lookups: Data<LookupService>,
    Body(query): Body<LookupValuesQuery>,
) -> Answer<Vec<LookupValue>> {
    let values = lookups.values(&query, caller.as_ref()).await?;
    Ok(Reply::list(values, "Lookup values retrieved successfully"))
}

async fn get_value(lookups: Data<LookupService>, Body(wanted): Body<LookupValueById>) -> Answer<LookupValue> {
    let found = lookups.value(wanted.value_id).await?;
    Ok(Reply::record(found, "Lookup value retrieved successfully"))
}

async fn create_value(
    _: Admin,
    lookups: Data<LookupService>,
    Body(new): Body<NewLookupValue>,
) -> Creation<LookupValue> {
    let created = lookups.create_value(&new).await?;
    Ok(Reply::created(created, "Lookup value created successfully"))
}

async fn update_value(
    _: Admin,
    lookups: Data<LookupService>,
    Body(change): Body<LookupValueChange>,
) -> Answer<LookupChanged> {
    lookups.update_value(&change).await?;
    Ok(Reply::record(LookupChanged { id: change.value_id.get() }, "Lookup value updated successfully"))
}

async fn delete_value(
    _: Admin,
    lookups: Data<LookupService>,
    Body(LookupValueById { value_id: id }): Body<LookupValueById>,
) -> Answer<LookupChanged> {
    lookups.delete_value(id).await?;
    Ok(Reply::record(LookupChanged { id: id.get() }, "Lookup value deleted successfully"))
}

async fn headers(
    _: CurrentUser,
    lookups: Data<LookupService>,
    Query(wanted): Query<LookupTypeByName>,
) -> Answer<Vec<LookupValue>> {
    let headers = lookups.headers(&wanted.name).await?;
    Ok(Reply::list(headers, "Headers retrieved successfully"))
}
