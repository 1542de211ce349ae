//! refinery with the driver that its command line takes.

use floor_common::{Result, Settings};
use mysql::{Conn, OptsBuilder};
use refinery::{Runner, load_sql_migrations};

fn main() -> Result<()> {
    let settings = Settings::from_environment()?;
    let options = OptsBuilder::new()
        .ip_or_hostname(Some(settings.host))
        .tcp_port(settings.port)
        .prefer_socket(false)
        .user(Some(settings.user))
        .db_name(Some(settings.database));
    let migrations = load_sql_migrations(floor_migrate::folder()?)?;
    Runner::new(&migrations).run(&mut Conn::new(options)?)?;
    Ok(())
}
