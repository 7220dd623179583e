//! The tests of the fuzz targets' common part.

#[cfg(test)]
mod request_text;
#[cfg(test)]
mod target;
