//! Fuzz targets: the operator's files, the administration socket, and the whole server from a request's path
//! to its answer.

mod admin_request;
mod kadi;
mod operators_file;
mod secrets;
mod server_request;
