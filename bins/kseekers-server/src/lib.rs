//! The KSeekers backend.
