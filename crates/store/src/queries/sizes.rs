//! How many rows there are, table by table.

use crate::reader::Reader;
use crate::row::{Row, read};
use crate::sql::statements;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    ROWS() = "SELECT 'link', count(*) FROM link UNION ALL SELECT 'payment', count(*) FROM payment \
        UNION ALL SELECT 'charge', count(*) FROM charge UNION ALL SELECT 'entry', count(*) FROM entry \
        UNION ALL SELECT 'event', count(*) FROM event UNION ALL SELECT 'delivery', count(*) FROM delivery \
        UNION ALL SELECT 'message', count(*) FROM message UNION ALL SELECT 'job', count(*) FROM job";
}

impl Reader {
    /// How many rows the tables have that grow with links and payments, by walking over all of them.
    pub fn row_counts(&self) -> Result<Vec<(String, i64)>, Trouble> {
        Ok(read(self.ask(&ROWS, row![])?, |row: &mut Row| Ok((row.text()?, row.int()?)))?)
    }
}
