//! Truth values as front ends of grids expect them.

use serde::{Serialize, Serializer};

/// A truth value that clients read as the number 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema), schema(value_type = u8, maximum = 1))]
pub struct NumericFlag(pub bool);

impl Serialize for NumericFlag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.into())
    }
}
