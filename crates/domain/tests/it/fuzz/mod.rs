//! Fuzz targets: texts and bytes from outside against properties that hold for all of them.

mod amount;
mod code;
mod sealed;
mod word;
