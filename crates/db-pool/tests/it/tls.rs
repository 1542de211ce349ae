use std::path::Path;

use kseekers_db_pool::{DbError, DbPool, Tls};
use kseekers_embedded_mysql::EngineKind;

use crate::support::{database, options, pool_of};

const CIPHER: &str = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";

#[tokio::test]
async fn tls_is_used_when_asked_for_or_the_connection_is_refused() {
    let db = database().await;
    let plain = pool_of(&db, 1);
    assert_eq!(plain.query_one::<(String, String)>(CIPHER, ()).await.unwrap().1, "");

    let refused = async |tls: Tls| {
        let error = DbPool::new(options(&db).tls(tls)).unwrap().acquire().await.unwrap_err();
        assert!(matches!(error, DbError::Unavailable(_)), "{error}");
    };
    // Nobody has signed for this server, and the certificates that MySQL makes for itself name no host.
    refused(Tls::new()).await;
    let (data,): (String,) = plain.query_one("SELECT @@datadir", ()).await.unwrap();
    refused(Tls::new().root_certificate(Path::new(&data).join("ca.pem")).server_name("localhost")).await;

    let trusting = Tls::new().accept_any_certificate();
    if db.server().engine().kind == EngineKind::MySql {
        let pool = DbPool::new(options(&db).tls(trusting)).unwrap();
        let (_, cipher): (String, String) = pool.query_one(CIPHER, ()).await.unwrap();
        assert!(cipher.contains("AES") || cipher.contains("CHACHA"), "{cipher}");
    } else {
        // A private MariaDB 10.11 has no certificate at all, and nothing is sent in the clear instead.
        refused(trusting).await;
    }
}
