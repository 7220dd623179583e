//! Rules for short texts from outside: mobile numbers, e-mail addresses, hidden characters. The domain has
//! them, since forms go by them too.

pub use kadi_engine::domain::plain_text::{
    EMAIL_BYTES_MAX, has_control_or_bidi, indian_mobile, is_email, is_prose,
};
