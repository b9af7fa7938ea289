//! The same transfers in SQLite, as somebody would write them who knows it: prepared statements, tables by their keys, a write-ahead
//! log in a file.

use happytalk_billing::{SiteCommand, SiteLine};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Outcome, spent};

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -200000;
CREATE TABLE commands (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, contra TEXT NOT NULL,
    amount INTEGER NOT NULL, balance INTEGER NOT NULL, lot INTEGER NOT NULL, key TEXT NOT NULL, message TEXT
);
CREATE TABLE sent (message TEXT PRIMARY KEY, entry INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE lots (id INTEGER PRIMARY KEY, held INTEGER NOT NULL);
CREATE INDEX filled ON lots (id) WHERE held > 0;
CREATE TABLE accounts (name TEXT PRIMARY KEY, sum INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO accounts VALUES ('wallet', 0), ('payments', 0), ('vat', 0), ('messages', 0);
";

/// When a commit is on the disk.
#[derive(Clone, Copy)]
pub(crate) enum Synchronous {
    /// At the next checkpoint: a commit outlives the process, the last ones not the power.
    Normal,
    /// Before it returns.
    Full,
}

/// What a message costs, in thousandths of a won.
const PRICE: i64 = 8_000;

struct Booking<'a> {
    at: i64,
    kind: &'a str,
    contra: &'a str,
    amount: i64,
    vat: i64,
    lot: i64,
    message: Option<&'a str>,
}

fn book(db: &Connection, key: &str, booking: &Booking<'_>) -> rusqlite::Result<i64> {
    let balance: i64 = db
        .prepare_cached("UPDATE accounts SET sum = sum + ?1 WHERE name = 'wallet' RETURNING sum")?
        .query_row([booking.amount], |row| row.get(0))?;
    db.prepare_cached("UPDATE accounts SET sum = sum - ?1 WHERE name = ?2")?
        .execute(params![booking.amount + booking.vat, booking.contra])?;
    if booking.vat != 0 {
        db.prepare_cached("UPDATE accounts SET sum = sum + ?1 WHERE name = 'vat'")?
            .execute([booking.vat])?;
    }
    db.prepare_cached(
        "INSERT INTO entries (at, kind, contra, amount, balance, lot, key, message)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        booking.at,
        booking.kind,
        booking.contra,
        booking.amount,
        balance,
        booking.lot,
        key,
        booking.message
    ])?;
    Ok(db.last_insert_rowid())
}

fn body(command: &SiteCommand) -> String {
    match command {
        SiteCommand::TopUp { amount, .. } => format!("top_up {}", amount.as_millis()),
        SiteCommand::MessageSent { id, kind, .. } => format!("sent {id} {}", kind.as_str()),
        SiteCommand::MessageFailed { id } => format!("failed {id}"),
        _ => unreachable!("not in the mixture"),
    }
}

fn command(db: &Connection, line: &SiteLine) -> rusqlite::Result<()> {
    let (key, body) = (line.key.as_str(), body(&line.command));
    let taken = db
        .prepare_cached("INSERT INTO commands VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![key, body])?;
    if taken == 0 {
        let before: String = db
            .prepare_cached("SELECT body FROM commands WHERE key = ?1")?
            .query_row([key], |row| row.get(0))?;
        assert_eq!(before, body, "a conflict");
        return Ok(());
    }
    let at = line.at.as_millis();
    match &line.command {
        SiteCommand::TopUp { amount, .. } => {
            let supply = amount.as_millis();
            let lot: i64 = db
                .prepare_cached("INSERT INTO lots (held) VALUES (?1) RETURNING id")?
                .query_row([supply], |row| row.get(0))?;
            let booking = Booking {
                at,
                kind: "top_up",
                contra: "payments",
                amount: supply,
                vat: supply / 10,
                lot,
                message: None,
            };
            book(db, key, &booking)?;
        }
        SiteCommand::MessageSent { id, .. } => {
            // Lots hold whole messages here, so that one is always enough.
            let lot: i64 = db
                .prepare_cached("SELECT id FROM lots WHERE held > 0 ORDER BY id LIMIT 1")?
                .query_row([], |row| row.get(0))?;
            db.prepare_cached("UPDATE lots SET held = held - ?1 WHERE id = ?2")?
                .execute([PRICE, lot])?;
            let booking = Booking {
                at,
                kind: "message",
                contra: "messages",
                amount: -PRICE,
                vat: 0,
                lot,
                message: Some(id.as_str()),
            };
            let entry = book(db, key, &booking)?;
            db.prepare_cached("INSERT INTO sent VALUES (?1, ?2)")?
                .execute(params![id.as_str(), entry])?;
        }
        SiteCommand::MessageFailed { id } => {
            let entry: Option<i64> = db
                .prepare_cached("DELETE FROM sent WHERE message = ?1 RETURNING entry")?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?;
            let entry = entry.expect("a message that was sent");
            let (amount, lot): (i64, i64) = db
                .prepare_cached("SELECT amount, lot FROM entries WHERE id = ?1")?
                .query_row([entry], |row| Ok((row.get(0)?, row.get(1)?)))?;
            db.prepare_cached("UPDATE lots SET held = held - ?1 WHERE id = ?2")?
                .execute([amount, lot])?;
            let booking = Booking {
                at,
                kind: "message_refund",
                contra: "messages",
                amount: -amount,
                vat: 0,
                lot,
                message: Some(id.as_str()),
            };
            book(db, key, &booking)?;
        }
        _ => unreachable!("not in the mixture"),
    }
    Ok(())
}

/// All of it, in transactions of `batch` commands.
pub(crate) fn run(lines: &[SiteLine], batch: usize, synchronous: Synchronous) -> Outcome {
    let file = std::env::temp_dir().join(format!("beside-sqlite-{}.db", std::process::id()));
    let remove = || {
        for ending in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            let _ = std::fs::remove_file(name);
        }
    };
    remove();
    let db = Connection::open(&file).expect("a file");
    db.set_prepared_statement_cache_capacity(32);
    let pragma = match synchronous {
        Synchronous::Normal => "PRAGMA synchronous = NORMAL;",
        Synchronous::Full => "PRAGMA synchronous = FULL;",
    };
    db.execute_batch(pragma).expect("a setting");
    db.execute_batch(SCHEMA).expect("a schema");
    let start = spent();
    for part in lines.chunks(batch) {
        db.prepare_cached("BEGIN IMMEDIATE")
            .and_then(|mut begin| begin.execute([]))
            .expect("begin");
        for line in part {
            command(&db, line).expect("a command that is booked");
        }
        db.prepare_cached("COMMIT")
            .and_then(|mut commit| commit.execute([]))
            .expect("commit");
    }
    let time = spent().saturating_sub(start);
    let balance = db
        .query_row(
            "SELECT sum FROM accounts WHERE name = 'wallet'",
            [],
            |row| row.get(0),
        )
        .expect("a balance");
    let entries: i64 = db
        .query_row("SELECT count(*) FROM entries", [], |row| row.get(0))
        .expect("a count");
    drop(db);
    remove();
    (time, balance, usize::try_from(entries).expect("few"))
}
