//! Questions about customers and the messages to them.

use kadi_domain::customer::Customer;
use kadi_domain::id::{CustomerId, MessageId};
use kadi_domain::message::{ChannelKind, Message};
use kadi_domain::time::Timestamp;

use crate::codes::Coded;

use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::statements;
use crate::tables::messages::{message_columns, message_of};
use crate::tables::{customers, messages};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    NEWEST(row_limit Int) = {
        concat!(
            "SELECT ", message_columns!(),
            " FROM message ORDER BY message.id DESC LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    OF_CUSTOMER(customer_id Int) = {
        concat!(
            "SELECT ", message_columns!(), " FROM message, input \
             WHERE message.customer_id = input.customer_id ORDER BY message.id"
        )
    };
    NEWEST_TO(contact Bytes, email Int, sms Int, whatsapp Int, row_limit Int) = {
        concat!(
            "SELECT ", message_columns!(), " FROM message, customer, input \
             WHERE message.customer_id = customer.id AND \
             ((message.channel IN (input.sms, input.whatsapp) AND customer.mobile_index = input.contact) OR \
             (message.channel = input.email AND customer.email_index = input.contact)) \
             ORDER BY message.id DESC LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    CODES_TO(mobile_index Bytes, since Int) =
        "SELECT count(*) FROM message, customer, input WHERE message.customer_id = customer.id \
         AND customer.mobile_index = input.mobile_index AND message.code_number IS NOT NULL \
         AND message.created_at > input.since";
}

impl Reader {
    /// A customer, still sealed.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Customer>, Trouble> {
        Ok(first(self.ask(&customers::BY_ID, row![id])?, customers::customer_of)?)
    }

    /// A message.
    pub fn message(&self, id: MessageId) -> Result<Option<Message>, Trouble> {
        Ok(first(self.ask(&messages::LOAD, row![id])?, message_of)?)
    }

    /// Every message to a customer, oldest first.
    pub fn messages_of(&self, customer: CustomerId) -> Result<Vec<Message>, Trouble> {
        Ok(read(self.ask(&OF_CUSTOMER, row![customer])?, message_of)?)
    }

    /// How many one-time codes the mobile number with this blind index has had since a time.
    pub fn codes_to(&self, mobile: &[u8; 32], since: Timestamp) -> Result<i64, Trouble> {
        Ok(first(self.ask(&CODES_TO, row![mobile, since])?, Row::int)?.unwrap_or_default())
    }

    /// At most `limit` messages, newest first; only those to the mobile number or e-mail address with the
    /// blind index `to`, where it is given.
    pub fn messages(&self, to: Option<&[u8]>, limit: i64) -> Result<Vec<Message>, Trouble> {
        let rows = match to {
            Some(contact) => {
                let email = ChannelKind::Email.number();
                let (sms, whatsapp) = (ChannelKind::Sms.number(), ChannelKind::WhatsApp.number());
                self.ask(&NEWEST_TO, row![contact, email, sms, whatsapp, limit])?
            }
            None => self.ask(&NEWEST, row![limit])?,
        };
        Ok(read(rows, message_of)?)
    }
}
