//! Fuzz targets: rows as a damaged or forged database gives them back.

mod stored_row;
