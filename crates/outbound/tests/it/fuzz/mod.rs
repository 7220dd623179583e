//! Fuzz targets: what servers that Kadi calls may answer, and files that name whom it trusts.

mod http_answer;
mod notice;
mod roots;
mod smtp_reply;
mod wire;
