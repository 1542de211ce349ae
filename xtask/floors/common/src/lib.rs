//! What the floors have in common: the settings that the bench gives them, the statements, the answers and the tokens.
//! They are the server's, written down again by hand.

mod answer;
mod token;

use std::{env, error::Error, io, net::SocketAddr, process, thread};

pub use answer::{LookupType, User, answer};
pub use token::Tokens;

/// Any failure ends a floor.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// All lookup types, as the server reads them.
pub const TYPES: &str = "SELECT id, name, description, created_at FROM lookup_types ORDER BY name";

/// One user, as the server reads one.
pub const USER: &str = "SELECT id, username, email, phone, is_active, is_admin FROM users WHERE id = ?";

/// Connections to the database: the server's default.
pub const CONNECTIONS: u32 = 10;

/// Where the database is, under the names that the server has for it.
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub database: String,
    pub secret: String,
}

impl Settings {
    /// # Errors
    /// The first name that is missing.
    pub fn from_environment() -> Result<Self> {
        let read = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
        Ok(Self {
            host: read("db_host")?,
            port: read("db_port")?.parse()?,
            user: read("db_user")?,
            database: read("mp_database")?,
            secret: read("secret")?,
        })
    }
}

/// Tells the bench where this floor listens, and ends it with the bench, however that ends.
pub fn ready(address: SocketAddr) {
    println!("listening on http://{address}");
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        process::exit(0);
    });
}
