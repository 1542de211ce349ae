//! The routes, for actix-web.
//!
//! They look for `web::Data<SparePartService>` and `web::Data<dyn Authenticator>` in the app's data.

mod messages;

use actix_web::web::Data;
use kseekers_access::actix::Admin;
use kseekers_envelope::{
    ApiError,
    actix::{Body, Created, Path, Query, Reply, RouteTable},
    input::{Flag, PageQuery},
};

pub use messages::{CarModelById, SparePartById, SparePartChanged, SparePartDeletion};

use crate::{NewSparePart, SparePart, SparePartChange, SparePartPage, SparePartService};

/// All routes of this crate.
pub fn routes() -> RouteTable {
    RouteTable::new("Spare parts")
        .get("/spare-parts", "A page of the spare parts", page)
        .post("/spare-parts", "Add a spare part", create)
        .get("/spare-parts/{id}", "One spare part", get)
        .put("/spare-parts/{id}", "Change a spare part", update)
        .delete("/spare-parts/{id}", "Take a spare part out of all lists, or delete it for good", delete)
        .get("/spare-parts/car-model/{car_model_id}", "The spare parts of a car model", of_car_model)
}

type Answer<T> = Result<Reply<T>, ApiError>;

async fn page(spare_parts: Data<SparePartService>, Query(page): Query<PageQuery>) -> Answer<SparePartPage> {
    let page = spare_parts.page(&page).await?;
    Ok(Reply::record(page, "Spare parts retrieved successfully"))
}

async fn of_car_model(
    spare_parts: Data<SparePartService>,
    Path(wanted): Path<CarModelById>,
) -> Answer<Vec<SparePart>> {
    let found = spare_parts.of_car_model(wanted.car_model_id).await?;
    Ok(Reply::list(found, "Spare parts retrieved successfully"))
}

async fn get(spare_parts: Data<SparePartService>, Path(wanted): Path<SparePartById>) -> Answer<SparePart> {
    let found = spare_parts.get(wanted.id).await?;
    Ok(Reply::record(found, "Spare part retrieved successfully"))
}

async fn create(
    _: Admin,
    spare_parts: Data<SparePartService>,
    Body(new): Body<NewSparePart>,
) -> Result<Created<SparePart>, ApiError> {
    let created = spare_parts.create(&new).await?;
    Ok(Reply::created(created, "Spare part created successfully"))
}

async fn update(
    _: Admin,
    spare_parts: Data<SparePartService>,
    Path(SparePartById { id }): Path<SparePartById>,
    Body(change): Body<SparePartChange>,
) -> Answer<SparePartChanged> {
    spare_parts.update(id, &change).await?;
    Ok(Reply::record(SparePartChanged { id }, "Spare part updated successfully"))
}

async fn delete(
    _: Admin,
    spare_parts: Data<SparePartService>,
    Path(SparePartById { id }): Path<SparePartById>,
    Query(deletion): Query<SparePartDeletion>,
) -> Answer<SparePartChanged> {
    match deletion.permanent {
        Some(Flag(true)) => spare_parts.delete(id).await?,
        _ => spare_parts.deactivate(id).await?,
    }
    Ok(Reply::record(SparePartChanged { id }, "Spare part deleted successfully"))
}
