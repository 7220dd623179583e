//! `GET /v1/openapi.json`: the description of Kadi's own API, written from its types.

use axum::Json;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::holds::{DecisionBody, HoldBody, HoldList};
use super::invoices::{InvoiceBody, NewInvoiceBody};
use super::owed::{OwedBody, OwedLinkBody, OwedList};
use super::problem::Problem;
use super::refunds::{NewRefundBody, RefundBody};
use super::show::PaymentBody;
use super::splits::{PartBody, SplitParts};
use super::statement::{AccountBody, EntryBody, StatementBody};
use super::taxes::{PaymentTaxes, TaxShare};
use super::wire::{
    CustomerBody, EventBody, EventData, EventList, InstalmentBody, Kind, LineBody, LinkBody, LinkList,
    NewLinkBody, PartRulesBody, PaymentList, ReferenceBody, SendBy, ShareBody, TaxBody,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kadi",
        description = "Payment links: make, send, watch and cancel them. Amounts are whole minor units of \
                       `currency`, ids are texts, times are RFC 3339 in UTC. Problems follow RFC 9457 and \
                       carry a stable `code`."
    ),
    paths(
        super::links::create, super::links::list, super::links::get,
        super::invoice_file::get, super::links::cancel,
        super::payments::of_link, super::payments::get, super::splits::get, super::taxes::get,
        super::refunds::create, super::refunds::get, super::holds::list, super::holds::decide,
        super::statement::get, super::owed::get, super::events::list, handle,
    ),
    components(schemas(
        NewLinkBody, NewInvoiceBody, LinkBody, InvoiceBody, LinkList, LineBody, TaxBody, CustomerBody,
        ReferenceBody, Kind, SendBy, ShareBody, PartRulesBody, InstalmentBody, PaymentBody, PaymentList,
        NewRefundBody, RefundBody, DecisionBody, HoldBody, HoldList, EventBody, EventData, EventList,
        PartBody, SplitParts, PaymentTaxes, TaxShare, AccountBody, EntryBody, StatementBody, OwedBody,
        OwedLinkBody, OwedList, Problem,
    )),
    modifiers(&Bearer, &Problems)
)]
struct Api;

/// Every call but the public ones needs a key.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        if let Some(components) = api.components.as_mut() {
            components.add_security_scheme("api_key", scheme);
        }
        api.security = Some(vec![SecurityRequirement::new("api_key", Vec::<String>::new())]);
    }
}

/// The problems that every call with a key and every write can have.
struct Problems;

const OF_EVERY_CALL: [(&str, &str); 3] = [
    ("401", "`unauthorized`"),
    ("500", "`internal_error`"),
    ("503", "`busy` or `unavailable`: nothing was done"),
];
const OF_WRITES: [(&str, &str); 4] = [
    ("400", "`malformed_json` or `broken_body`"),
    ("413", "`too_large`"),
    ("415", "`encoded_body`"),
    ("503", "`busy` or `unavailable`: nothing was done; `outcome_unknown`: it may have been done"),
];

impl Modify for Problems {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for path in api.paths.paths.values_mut() {
            if let Some(read) = path.get.as_mut().filter(|read| read.security.is_none()) {
                describe(read, &OF_EVERY_CALL);
            }
            if let Some(write) = path.post.as_mut() {
                describe(write, &OF_EVERY_CALL);
                describe(write, &OF_WRITES);
            }
        }
    }
}

/// Adds problems, and gives those that the call names itself their body.
fn describe(operation: &mut Operation, problems: &[(&str, &str)]) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(Response { description, .. }) = response
            && status.starts_with('4')
        {
            *response = problem(description).into();
        }
    }
    responses.extend(problems.iter().map(|(status, words)| ((*status).to_owned(), problem(words).into())));
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

/// The document.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// Describes this API.
#[utoipa::path(
    get, path = "/v1/openapi.json", security(()),
    responses((status = 200, description = "This document", content_type = "application/json"))
)]
pub(super) async fn handle() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
