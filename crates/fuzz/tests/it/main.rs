//! The tests of the fuzz targets' common part.

#[cfg(test)]
mod target;
