//! What only the routes say: what stands in paths and query strings, and short answers.

use kseekers_envelope::input::Flag;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{CarModelId, SparePartId};

kseekers_envelope::input! {
    /// A spare part by its number.
    pub struct SparePartById {
        /// The number.
        pub id: SparePartId,
    }
}

kseekers_envelope::input! {
    /// A car model by its number.
    pub struct CarModelById {
        /// The number.
        pub car_model_id: CarModelId,
    }
}

kseekers_envelope::input! {
    /// How a spare part is deleted.
    pub struct SparePartDeletion {
        /// For good; otherwise it is kept, but lists no longer show it.
        pub permanent: Option<Flag>,
    }
}

/// The spare part that was changed or deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct SparePartChanged {
    /// Its number.
    #[schema(value_type = i32)]
    pub id: SparePartId,
}
