//! The routes, for actix-web.
//!
//! They look for `web::Data<DisplayConfigService>` and `web::Data<dyn Authenticator>` in the app's data.

mod messages;

use actix_web::web::Data;
use kseekers_access::actix::Admin;
use kseekers_envelope::{
    ApiError,
    actix::{Body, Created, Query, Reply, RouteTable},
};

pub use messages::{
    DisplayConfigById, DisplayConfigChanged, DisplayConfigTypes, DisplayConfigsOfGrid, GridById,
    GridByNameId, GridDeleted,
};

use crate::{
    DisplayConfig, DisplayConfigChange, DisplayConfigService, Grid, GridChange, GridFilter,
    NamedDisplayConfig, NewDisplayConfig, NewGrid,
};

/// All routes of this crate.
pub fn routes() -> RouteTable {
    RouteTable::new("Display configuration")
        .get("/display-config/grid-headers", "The headers of a grid", headers_by_query)
        .post("/display-config/grid-headers", "The headers of a grid", headers)
        .get("/display-config/by-grid", "The columns of a grid", configs_of_by_query)
        .post("/display-config/by-grid", "The columns of a grid", configs_of)
        .get("/display-config", "The columns of all grids", configs)
        .get("/display-config/types", "The grids that have columns", types)
        .post("/display-config/get", "One column", get_config)
        .post("/display-config/create", "Add a column to a grid", create_config)
        .post("/display-config/update", "Change a column", update_config)
        .post("/display-config/delete", "Delete a column", delete_config)
        .get("/display-config/grid-metadata", "The grids in use", active_grids)
        .post("/display-config/grid-metadata/get", "One grid", get_grid)
        .post("/display-config/grid-metadata/list", "The grids that match", grids)
        .post("/display-config/grid-metadata/create", "Add a grid", create_grid)
        .post("/display-config/grid-metadata/edit", "Change a grid", update_grid)
        .post("/display-config/grid-metadata/delete", "Delete a grid with its columns", delete_grid)
        .post("/display-config/result-display-config/list", "The columns of a grid", configs_of)
}

type Answer<T> = Result<Reply<T>, ApiError>;
type Creation<T> = Result<Created<T>, ApiError>;

async fn headers_by_query(
    grids: Data<DisplayConfigService>,
    Query(wanted): Query<DisplayConfigsOfGrid>,
) -> Answer<Vec<DisplayConfig>> {
    headers(grids, Body(wanted)).await
}

async fn headers(
    grids: Data<DisplayConfigService>,
    Body(wanted): Body<DisplayConfigsOfGrid>,
) -> Answer<Vec<DisplayConfig>> {
    let headers = grids.configs_of(&wanted.grid_name_id).await?;
    Ok(Reply::list(headers, "Headers retrieved successfully"))
}

async fn configs_of_by_query(
    grids: Data<DisplayConfigService>,
    Query(wanted): Query<DisplayConfigsOfGrid>,
) -> Answer<Vec<DisplayConfig>> {
    configs_of(grids, Body(wanted)).await
}

async fn configs_of(
    grids: Data<DisplayConfigService>,
    Body(wanted): Body<DisplayConfigsOfGrid>,
) -> Answer<Vec<DisplayConfig>> {
    let configs = grids.configs_of(&wanted.grid_name_id).await?;
    Ok(Reply::list(configs, "Display configs retrieved successfully"))
}

async fn configs(grids: Data<DisplayConfigService>) -> Answer<Vec<NamedDisplayConfig>> {
    let configs = grids.configs().await?;
    Ok(Reply::list(configs, "Display configs retrieved successfully"))
}

async fn types(grids: Data<DisplayConfigService>) -> Answer<DisplayConfigTypes> {
    let types = grids.used_grids().await?;
    Ok(Reply::record(DisplayConfigTypes { types }, "Display config types retrieved successfully"))
}

async fn get_config(
    grids: Data<DisplayConfigService>,
    Body(wanted): Body<DisplayConfigById>,
) -> Answer<DisplayConfig> {
    let found = grids.config(wanted.config_id).await?;
    Ok(Reply::record(found, "Display config retrieved successfully"))
}

async fn create_config(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(new): Body<NewDisplayConfig>,
) -> Creation<DisplayConfig> {
    let created = grids.create_config(&new).await?;
    Ok(Reply::created(created, "Display config created successfully"))
}

async fn update_config(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(change): Body<DisplayConfigChange>,
) -> Answer<DisplayConfigChanged> {
    grids.update_config(&change).await?;
    let changed = DisplayConfigChanged { id: change.config_id.get() };
    Ok(Reply::record(changed, "Display config updated successfully"))
}

async fn delete_config(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(DisplayConfigById { config_id: id }): Body<DisplayConfigById>,
) -> Answer<DisplayConfigChanged> {
    grids.delete_config(id).await?;
    Ok(Reply::record(DisplayConfigChanged { id: id.get() }, "Display config deleted successfully"))
}

async fn active_grids(grids: Data<DisplayConfigService>) -> Answer<Vec<Grid>> {
    let active = grids.active_grids().await?;
    Ok(Reply::list(active, "Grid metadata retrieved successfully"))
}

async fn get_grid(grids: Data<DisplayConfigService>, Body(wanted): Body<GridByNameId>) -> Answer<Grid> {
    let found = grids.grid(&wanted.grid_name_id).await?;
    Ok(Reply::record(found, "Grid metadata retrieved successfully"))
}

async fn grids(grids: Data<DisplayConfigService>, Body(filter): Body<GridFilter>) -> Answer<Vec<Grid>> {
    let found = grids.grids(&filter).await?;
    Ok(Reply::list(found, "Grid metadata list retrieved successfully"))
}

async fn create_grid(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(new): Body<NewGrid>,
) -> Creation<Grid> {
    let created = grids.create_grid(&new).await?;
    Ok(Reply::created(created, "Grid metadata created successfully"))
}

async fn update_grid(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(change): Body<GridChange>,
) -> Answer<DisplayConfigChanged> {
    grids.update_grid(&change).await?;
    let changed = DisplayConfigChanged { id: change.id.get() };
    Ok(Reply::record(changed, "Grid metadata updated successfully"))
}

async fn delete_grid(
    _: Admin,
    grids: Data<DisplayConfigService>,
    Body(GridById { id }): Body<GridById>,
) -> Answer<GridDeleted> {
    let deleted_configs = grids.delete_grid(id).await?;
    Ok(Reply::record(GridDeleted { id, deleted_configs }, "Grid metadata deleted successfully"))
}
