//! Fuzz targets: what browsers say about themselves and their people.

mod language;
mod opening;
