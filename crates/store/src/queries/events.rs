//! Questions about events and their deliveries.

use kadi_domain::delivery::Delivery;
use kadi_domain::event::Event;
use kadi_domain::id::{DeliveryId, EventId, LinkId, MerchantId};

use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::statements;
use crate::tables::deliveries;
use crate::tables::deliveries::{delivery_columns, delivery_of};
use crate::tables::events::{event_columns, event_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    BY_ID(id Int) = { concat!("SELECT ", event_columns!(), " FROM event, input WHERE event.id = input.id") };
    PAGE(merchant_id Int, before_at Int, before_number Int, before Int, row_limit Int) = {
        concat!(
            "SELECT ", event_columns!(), " FROM event WHERE \
             event.merchant_id = (SELECT input.merchant_id FROM input) \
             AND (event.happened_at, event.number, event.id) < ((SELECT input.before_at FROM input), \
             (SELECT input.before_number FROM input), (SELECT input.before FROM input)) \
             ORDER BY event.happened_at DESC, event.number DESC, event.id DESC \
             LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    OF_LINK(link_id Int) = {
        concat!(
            "SELECT ", event_columns!(),
            " FROM event, input WHERE event.link_id = input.link_id ORDER BY event.number"
        )
    };
    DELIVERIES_OF(link_id Int) = {
        concat!(
            "SELECT ", delivery_columns!(),
            " FROM delivery, input WHERE delivery.link_id = input.link_id ORDER BY delivery.id"
        )
    };
}

impl Reader {
    /// An event.
    pub fn event(&self, id: EventId) -> Result<Option<Event>, Trouble> {
        Ok(first(self.ask(&BY_ID, row![id])?, event_of)?)
    }

    /// A link's events in the order of their numbers.
    pub fn events_of(&self, link: LinkId) -> Result<Vec<Event>, Trouble> {
        Ok(read(self.ask(&OF_LINK, row![link])?, event_of)?)
    }

    /// At most `limit` of a merchant's events, newest first, older than `before` where it is given.
    pub fn events_page(
        &self,
        merchant: MerchantId,
        before: Option<EventId>,
        limit: i64,
    ) -> Result<Vec<Event>, Trouble> {
        let (at, number, id) = match before {
            None => (i64::MAX, i64::MAX, i64::MAX),
            Some(id) => {
                let Some(last) = self.event(id)? else { return Ok(Vec::new()) };
                (last.at.ms(), last.number, id.get())
            }
        };
        Ok(read(self.ask(&PAGE, row![merchant, at, number, id, limit])?, event_of)?)
    }

    /// A delivery.
    pub fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Trouble> {
        Ok(first(self.ask(&deliveries::LOAD, row![id])?, delivery_of)?)
    }

    /// A link's deliveries, oldest first.
    pub fn deliveries_of(&self, link: LinkId) -> Result<Vec<Delivery>, Trouble> {
        Ok(read(self.ask(&DELIVERIES_OF, row![link])?, delivery_of)?)
    }
}
