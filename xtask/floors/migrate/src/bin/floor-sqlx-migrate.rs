//! sqlx's migrator, on one thread and one connection.

use floor_common::{Result, Settings};
use sqlx::{ConnectOptions, Connection, migrate::Migrator, mysql::MySqlConnectOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let settings = Settings::from_environment()?;
    let options = MySqlConnectOptions::new()
        .host(&settings.host)
        .port(settings.port)
        .username(&settings.user)
        .database(&settings.database);
    let migrator = Migrator::new(floor_migrate::folder()?).await?;
    let mut connection = options.connect().await?;
    migrator.run(&mut connection).await?;
    Ok(connection.close().await?)
}
