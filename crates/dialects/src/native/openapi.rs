//! `GET /v1/openapi.json`: the description of Kadi's own API, written from its types.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::problem::Problem;
use super::show::PaymentBody;
use super::wire::{
    CustomerBody, EventBody, EventData, EventList, Kind, LineBody, LinkBody, LinkList, NewLinkBody,
    PaymentList, ReferenceBody, SendBy, TaxBody,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kadi",
        description = "Payment links: make, send, watch and cancel them. Amounts are whole minor units of `currency`, \
                       ids are texts, times are RFC 3339 in UTC. Problems follow RFC 9457 and carry a stable `code`."
    ),
    paths(
        super::links::create, super::links::list, super::links::get, super::links::cancel,
        super::payments::of_link, super::payments::get, super::events::list,
    ),
    components(schemas(
        NewLinkBody, LinkBody, LinkList, LineBody, TaxBody, CustomerBody, ReferenceBody, Kind, SendBy, PaymentBody,
        PaymentList, EventBody, EventData, EventList, Problem,
    )),
    modifiers(&Bearer)
)]
struct Api;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        if let Some(components) = api.components.as_mut() {
            components.add_security_scheme("api_key", scheme);
        }
        let need = utoipa::openapi::security::SecurityRequirement::new("api_key", Vec::<String>::new());
        api.security = Some(vec![need]);
    }
}

/// The document.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// `GET /v1/openapi.json`
pub(super) async fn handle() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
