//! One cell of a database holds something else than Kadi wrote: whoever reads it says so, and nothing else.

use kadi_domain::id::{CustomerId, DeliveryId, EventId, LinkId, MerchantId, MessageId, PaymentId};
use kadi_domain::work::Needs;
use kadi_store::{Reader, Session, Trouble, verify};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::behind::Behind;
use crate::store::Store;
use crate::world;
use crate::world::NOW;

/// A column of a table, and how its rows are told from one another.
struct Column {
    table: String,
    name: String,
    keys: Vec<String>,
}

/// The columns of all tables, in one order.
fn columns(connection: &Connection) -> Vec<Column> {
    let sql = "SELECT m.name, c.name, (SELECT group_concat(k.name) FROM pragma_table_info(m.name) AS k WHERE k.pk) \
               FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' \
               AND m.name NOT IN ('refinery_schema_history', 'sqlite_sequence') ORDER BY m.name, c.cid";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let keys: String = row.get(2)?;
        Ok(Column {
            table: row.get(0)?,
            name: row.get(1)?,
            keys: keys.split(',').map(str::to_owned).collect(),
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// A database that takes any value in any column.
fn lenient(store: &Store) -> Connection {
    let Behind::Sqlite(connection) = store.behind().attack() else { panic!("an embedded store") };
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON; \
             UPDATE sqlite_master SET sql = replace(replace(replace(sql, ') STRICT,', ')'), \
               ') STRICT', ')'), ' NOT NULL', '') WHERE type = 'table'; \
             PRAGMA writable_schema = RESET;",
        )
        .unwrap();
    connection
}

/// What a kept input says, line by line: the column (`link.currency`), the row's number, the value behind a
/// letter for its type.
fn cell<'a>(columns: &'a [Column], bytes: &[u8]) -> Option<(&'a Column, i64, Value)> {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let (name, row, value) = (lines.next()?, lines.next()?, lines.next()?);
    let named = columns.iter().find(|column| format!("{}.{}", column.table, column.name).as_bytes() == name);
    // Other names stand for some column too.
    let sum: usize = name.iter().map(|byte| usize::from(*byte)).sum();
    let row = std::str::from_utf8(row).ok().and_then(|row| row.parse().ok()).unwrap_or(0_i64);
    let (kind, rest) = value.split_first()?;
    let text = || String::from_utf8_lossy(rest).into_owned();
    let value = match kind {
        b'i' => Value::Integer(text().parse().ok()?),
        b't' => Value::Text(text()),
        b'b' => Value::Blob(rest.to_vec()),
        _ => Value::Null,
    };
    Some((named.unwrap_or(&columns[sum % columns.len()]), row, value))
}

/// The ids of a table's rows before anything was changed.
fn ids(connection: &Connection, table: &str) -> Vec<i64> {
    let mut statement = connection.prepare(&format!("SELECT id FROM {table}")).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What can be asked for by an id.
struct Known {
    merchants: Vec<i64>,
    links: Vec<i64>,
    payments: Vec<i64>,
    customers: Vec<i64>,
    messages: Vec<i64>,
    events: Vec<i64>,
    deliveries: Vec<i64>,
}

impl Known {
    fn of(connection: &Connection) -> Self {
        let ids = |table| ids(connection, table);
        Self {
            merchants: ids("merchant"),
            links: ids("link"),
            payments: ids("payment"),
            customers: ids("customer"),
            messages: ids("message"),
            events: ids("event"),
            deliveries: ids("delivery"),
        }
    }

    /// Asks a reader for everything.
    fn read(&self, reader: &Reader) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let mut hear = |trouble: Option<Trouble>| troubles.extend(trouble);
        hear(reader.merchants().err());
        hear(reader.messages(None, 100).err());
        hear(reader.due_jobs(NOW, NOW, 100).err());
        hear(reader.next_due_at().err());
        hear(reader.values_under("").err());
        for &id in &self.merchants {
            let id = MerchantId::new(id);
            hear(reader.credentials_of(id).err());
            hear(reader.templates(id).err());
            hear(reader.links_page(id, None, 100).err());
            hear(reader.events_page(id, None, 100).err());
        }
        for &id in &self.links {
            let id = LinkId::new(id);
            hear(reader.lines_of(id).err());
            hear(reader.texts_of(id).err());
            hear(reader.references_of(id).err());
            hear(reader.events_of(id).err());
            hear(reader.deliveries_of(id).err());
            hear(reader.payments_page(id, None, 100).err());
        }
        for &id in &self.payments {
            hear(reader.charge(PaymentId::new(id)).err());
        }
        for &id in &self.customers {
            hear(reader.customer(CustomerId::new(id)).err());
        }
        troubles
    }

    /// Loads everything as a batch does.
    fn load(&self, session: &mut Session) -> Option<Trouble> {
        let mut needs = Needs::default();
        needs.merchants.extend(self.merchants.iter().copied().map(MerchantId::new));
        needs.books.extend(self.merchants.iter().copied().map(MerchantId::new));
        needs.links.extend(self.links.iter().copied().map(LinkId::new));
        needs.subscriptions.extend(self.links.iter().copied().map(LinkId::new));
        needs.payments.extend(self.payments.iter().copied().map(PaymentId::new));
        needs.charges.extend(self.payments.iter().copied().map(PaymentId::new));
        needs.messages.extend(self.messages.iter().copied().map(MessageId::new));
        needs.deliveries.extend(self.deliveries.iter().copied().map(DeliveryId::new));
        let trouble = session.load(&needs).err();
        session.rollback();
        trouble
    }
}

#[test]
fn stored_row() {
    let store = Store::sqlite();
    world::build(&store);
    let connection = lenient(&store);
    let (columns, known) = (columns(&connection), Known::of(&connection));
    let (reader, mut session) = (store.reader(), store.session());
    assert!(known.read(&reader).is_empty() && known.load(&mut session).is_none());
    assert!(reader.event(EventId::new(known.events[0])).unwrap().is_some());
    kadi_fuzz::target!("stored_row", 25, |bytes: &[u8]| {
        let Some((Column { table, name, keys }, row, value)) = cell(&columns, bytes) else { return };
        connection.execute_batch("BEGIN").unwrap();
        let saved = format!("CREATE TEMP TABLE saved AS SELECT * FROM {table}");
        connection.execute_batch(&saved).unwrap();
        let key = keys.join(", ");
        let place = format!(
            "UPDATE {table} SET {name} = ?1 WHERE ({key}) IN \
             (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 \
              OFFSET abs(?2 % max(1, (SELECT count(*) FROM {table}))))"
        );
        // A key that stands twice cannot be stored.
        let is_stored = connection.execute(&place, params![value, row]).is_ok();
        connection.execute_batch("COMMIT").unwrap();
        if is_stored {
            for trouble in known.read(&reader).into_iter().chain(known.load(&mut session)) {
                let Trouble::Broken(fault) = trouble else { panic!("{table}.{name}: {trouble:?}") };
                assert!(fault.to_string().len() < 300, "{fault}");
            }
            match verify(&reader, &world::keys(5), NOW) {
                Ok(_) | Err(Trouble::Broken(_)) => {}
                Err(trouble) => panic!("{table}.{name}: {trouble:?}"),
            }
        }
        let back = format!(
            "BEGIN; DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved; DROP TABLE saved; COMMIT"
        );
        connection.execute_batch(&back).unwrap();
    });
}
