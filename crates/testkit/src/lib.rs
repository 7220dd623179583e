//! What only tests need: a PostgreSQL cluster of their own.

pub mod postgres;
