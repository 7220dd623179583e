//! Who calls in the tests of all calls, and how each dialect's callers show who they are.

use std::cell::RefCell;

use axum::http::Request;

use crate::support::merchants::api_key;
use crate::support::paysharp::bearer;

/// The merchant whose things there are.
pub(crate) const OWNER: &str = "demo";

thread_local! {
    /// The token of the API that gives tokens, for the shop of this thread's test.
    static TOKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on the owner shows this token.
pub(crate) fn take_token(token: String) {
    TOKEN.set(token);
}

/// Adds what the dialect's callers show of themselves, as the merchant with this name; the address of the
/// request begins with the dialect's prefix.
pub(crate) fn show(dialect: &str, who: &str, request: &mut Request<Vec<u8>>) {
    let authorization = match dialect {
        "native" => format!("Bearer {}", api_key(who)),
        "paysharp" => bearer(who),
        "nimbbl" => format!("Bearer {}", TOKEN.with_borrow(String::clone)),
        // It stands in the body.
        "paytm" | "ntt" => return,
        _ => panic!("{dialect}: say in tests/it/callers.rs how its callers show who they are"),
    };
    request.headers_mut().insert("authorization", authorization.parse().unwrap());
}
