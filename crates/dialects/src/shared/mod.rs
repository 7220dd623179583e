//! What several dialects need to read what came from outside and to print what goes out.

pub mod amount;
pub mod bearer;
pub mod body;
pub mod fields;
pub mod ist;
pub mod js;
pub mod json;
pub mod strict;
pub mod text;
pub mod web_address;
