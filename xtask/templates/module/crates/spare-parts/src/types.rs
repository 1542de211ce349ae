//! Spare parts, and what clients may send of them.

use kseekers_envelope::{
    Timestamp,
    input::{Change, Flag, Id, LongText, Patch, Text},
};
use serde::Serialize;

/// The number of a spare part.
pub type SparePartId = Id<SparePart>;

/// What spare parts belong to; only its number is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarModel {}

/// The number of a car model, a row of `car_models`.
pub type CarModelId = Id<CarModel>;

/// A spare part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct SparePart {
    /// Its number.
    #[cfg_attr(feature = "actix", schema(value_type = i32))]
    pub id: SparePartId,
    /// What people call it.
    pub name: String,
    /// What there is to say about it.
    pub description: Option<String>,
    /// The car model that it belongs to.
    #[cfg_attr(feature = "actix", schema(value_type = Option<i32>))]
    pub car_model_id: Option<CarModelId>,
    /// Whether lists show it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Some of the spare parts that lists show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct SparePartPage {
    /// Those on this page.
    pub spare_parts: Vec<SparePart>,
    /// The number of the page, from 1.
    pub page: i64,
    /// Most spare parts on a page.
    pub page_size: i64,
    /// How many there are on all pages.
    pub total: u64,
}

kseekers_envelope::input! {
    /// A spare part that does not exist yet.
    pub struct NewSparePart {
        /// What people call it.
        pub name: Text<2, 255>,
        /// What there is to say about it.
        pub description: Option<LongText>,
        /// The car model that it belongs to.
        pub car_model_id: Option<CarModelId>,
        /// Whether lists show it, yes if nothing is said.
        pub is_active: Change<Flag>,
    }
}

kseekers_envelope::input! {
    /// What is to change in a spare part.
    pub struct SparePartChange {
        /// What people call it from now on.
        pub name: Change<Text<2, 255>>,
        /// What there is to say about it from now on.
        pub description: Patch<LongText>,
        /// The car model that it belongs to from now on.
        pub car_model_id: Patch<CarModelId>,
        /// Whether lists show it.
        pub is_active: Change<Flag>,
    }
}
