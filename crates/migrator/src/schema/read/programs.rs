//! Views, triggers, routines and events.

use std::collections::BTreeMap;

use mysql_async::Row;

use super::{Reader, get};
use crate::MigrateError;
use crate::schema::column::data_type;
use crate::schema::{Object, Part, expression};
use crate::sql::token::{TokenKind, tokens};

const VIEWS: &str = "SELECT table_name AS name, view_definition AS definition, check_option AS checked, \
    security_type AS security FROM information_schema.views WHERE table_schema = :database";

const TRIGGERS: &str = "SELECT trigger_name AS name, event_object_table AS tab, action_timing AS timing, \
    event_manipulation AS event, action_order AS place, action_statement AS body \
    FROM information_schema.triggers WHERE trigger_schema = :database";

const PARAMETERS: &str = "SELECT routine_type AS kind, specific_name AS name, COALESCE(parameter_mode, '') AS mode, \
    COALESCE(parameter_name, '') AS parameter, dtd_identifier AS type FROM information_schema.parameters \
    WHERE specific_schema = :database ORDER BY routine_type, specific_name, ordinal_position";

const ROUTINES: &str = "SELECT routine_type AS kind, routine_name AS name, is_deterministic AS fixed, \
    sql_data_access AS reach, security_type AS security, routine_definition AS body \
    FROM information_schema.routines WHERE routine_schema = :database";

// Neither when it begins nor when it is due: without a word about it in the statement that is when it was made.
const EVENTS: &str = "SELECT event_name AS name, COALESCE(CONCAT('every ', interval_value, ' ', interval_field), 'once') \
    AS plan, status AS status, on_completion AS completion, event_definition AS body \
    FROM information_schema.events WHERE event_schema = :database";

impl Reader<'_> {
    pub(super) async fn views_and_triggers(&mut self) -> Result<(), MigrateError> {
        for row in self.rows(VIEWS).await? {
            let (checked, security): (String, String) = (get(&row, "checked")?, get(&row, "security")?);
            let definition = expression::normal(&body(&row, "definition")?, self.database);
            let checked =
                if checked == "NONE" { String::new() } else { format!(" with {checked} check option") };
            let text = format!("security {security}{checked} as {definition}");
            self.add(Part::View, get(&row, "name")?, None, text);
        }
        for row in self.rows(TRIGGERS).await? {
            let (timing, event): (String, String) = (get(&row, "timing")?, get(&row, "event")?);
            let (table, place): (String, u64) = (get(&row, "tab")?, get(&row, "place")?);
            let text =
                format!("{timing} {event} on {table} number {place}: {}", as_written(&body(&row, "body")?));
            self.add(Part::Trigger, get(&row, "name")?, Some(table), text);
        }
        Ok(())
    }

    pub(super) async fn routines(&mut self) -> Result<(), MigrateError> {
        let mut parameters = BTreeMap::<(String, String), Vec<String>>::new();
        for row in self.rows(PARAMETERS).await? {
            let of = (get(&row, "kind")?, get(&row, "name")?);
            let (mode, parameter): (String, String) = (get(&row, "mode")?, get(&row, "parameter")?);
            let printed = get::<String>(&row, "type")?.to_lowercase();
            // Character sets do not count.
            let printed = printed.split(" charset ").next().unwrap_or_default();
            let words = [mode.to_lowercase(), parameter, data_type(printed)];
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            parameters.entry(of).or_default().push(words.join(" "));
        }
        for row in self.rows(ROUTINES).await? {
            let (kind, name): (String, String) = (get(&row, "kind")?, get(&row, "name")?);
            let part = match kind.as_str() {
                "FUNCTION" => Part::Function,
                "PROCEDURE" => Part::Procedure,
                // MariaDB's packages are more than their body tells.
                _ => return Err(MigrateError::UnreadableSchema { column: "routine_type" }),
            };
            let parameters = parameters.remove(&(kind, name.clone())).unwrap_or_default().join(", ");
            let (deterministic, access): (String, String) = (get(&row, "fixed")?, get(&row, "reach")?);
            let (security, body): (String, String) = (get(&row, "security")?, body(&row, "body")?);
            let deterministic = if deterministic == "YES" { "deterministic " } else { "" };
            let text =
                format!("({parameters}) {deterministic}{access}, security {security}: {}", as_written(&body));
            self.add(part, name, None, text);
        }
        Ok(())
    }

    pub(super) async fn events(&mut self) -> Result<(), MigrateError> {
        for row in self.rows(EVENTS).await? {
            let (plan, status): (String, String) = (get(&row, "plan")?, get(&row, "status")?);
            let (completion, body): (String, String) = (get(&row, "completion")?, body(&row, "body")?);
            let text = format!("{plan} {status} {completion}: {}", as_written(&body));
            self.add(Part::Event, get(&row, "name")?, None, text);
        }
        Ok(())
    }

    fn add(&mut self, part: Part, name: String, table: Option<String>, text: String) {
        self.schema.objects.insert((part, name), Object { table, text });
    }
}

/// What a user without enough rights gets NULL for.
fn body(row: &Row, column: &'static str) -> Result<String, MigrateError> {
    let body: Option<String> = get(row, column)?;
    body.filter(|body| !body.is_empty()).ok_or(MigrateError::UnreadableSchema { column })
}

/// Servers keep the body of a program as it was written, some with the delimiter after it. Comments and blanks are
/// nobody's business.
fn as_written(body: &str) -> String {
    let words = tokens(body).filter(|token| token.kind != TokenKind::Comment);
    let words: Vec<&str> = words.map(|token| token.text).collect();
    words.join(" ").trim_end_matches([' ', ';']).to_owned()
}
