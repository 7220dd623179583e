//! The calls of a dialect: what is served under which method and path, as a list that can be walked.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, patch, post};

use crate::door::Door;

/// Calls and who answers them; paths are without the dialect's prefix.
pub struct Calls {
    router: Router<Door>,
    addresses: Vec<(Method, &'static str)>,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self { router: Router::new(), addresses: Vec::new() }
    }

    /// `handler` answers GET, and HEAD as HTTP wants it.
    pub(crate) fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Door>) -> Self {
        self.with(Method::GET, path, |router| router.route(path, get(handler)))
    }

    /// `handler` answers POST.
    pub(crate) fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Door>) -> Self {
        self.with(Method::POST, path, |router| router.route(path, post(handler)))
    }

    /// `handler` answers PATCH.
    pub(crate) fn patch<T: 'static>(self, path: &'static str, handler: impl Handler<T, Door>) -> Self {
        self.with(Method::PATCH, path, |router| router.route(path, patch(handler)))
    }

    /// `handler` answers every other method of the paths so far.
    pub(crate) fn other_methods<T: 'static>(mut self, handler: impl Handler<T, Door>) -> Self {
        self.router = self.router.method_not_allowed_fallback(handler);
        self
    }

    /// Methods and paths, in the order in which they were named.
    pub fn addresses(&self) -> &[(Method, &'static str)] {
        &self.addresses
    }

    pub(crate) fn into_router(self) -> Router<Door> {
        self.router
    }

    fn with(
        mut self,
        method: Method,
        path: &'static str,
        serve: impl FnOnce(Router<Door>) -> Router<Door>,
    ) -> Self {
        self.addresses.push((method, path));
        self.router = serve(self.router);
        self
    }
}
