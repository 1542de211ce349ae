//! What the server and the migrations are told through their environment.

use std::{
    env,
    ffi::OsString,
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::Command,
};

use super::{database::Database, objects};
use crate::{Result, workspace};

pub(super) struct Settings(Vec<(&'static str, OsString)>);

/// Other settings that would contradict those below.
const ALIASES: [&str; 4] = ["ks_database", "host", "port", "s3_public_endpoint"];

impl Settings {
    pub(super) fn new(database: &Database, s3: &str, folder: &Path) -> Result<Self> {
        Ok(Self(vec![
            ("environment", "development".into()),
            ("db_host", database.host.clone().into()),
            ("db_port", database.port.clone().into()),
            ("db_user", database.user.clone().into()),
            ("db_password", "".into()),
            ("mp_database", "kseekers".into()),
            ("migrations_dir", workspace::root().join("migrations").into()),
            ("aws_region", "eu-central-1".into()),
            ("s3_endpoint", s3.into()),
            ("s3_path_style", "true".into()),
            ("s3_user_access_key", objects::ACCESS_KEY.into()),
            ("s3_user_access_secret", objects::SECRET.into()),
            ("pdf_bucket_name", objects::BUCKET.into()),
            ("secret", secret(&folder.join("secret"))?.into()),
        ]))
    }

    /// Puts them into the command's environment, in place of any that the person's shell has set.
    pub(super) fn give(&self, command: &mut Command) {
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| self.contradicts(name)) {
                command.env_remove(name);
            }
        }
        command.envs(self.0.iter().map(|(name, value)| (name, value)));
    }

    /// Settings have one name in any letter case, and a second one that names a file with the value.
    fn contradicts(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let name = name.strip_suffix("_file").unwrap_or(&name);
        self.0.iter().any(|(ours, _)| *ours == name) || ALIASES.contains(&name)
    }
}

/// The same at each start, so that tokens stay valid; made of 32 random bytes at the first.
fn secret(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(secret) => return Ok(secret.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut secret = String::new();
    for byte in bytes {
        write!(secret, "{byte:02x}")?;
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(secret.as_bytes())?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_secret_survives_a_restart_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let first = secret(&path).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(secret(&path).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(secret(&folder.path().join("other")).unwrap(), first);
    }

    #[test]
    fn settings_of_the_shell_do_not_reach_the_private_system() {
        let settings = Settings(vec![("db_host", "127.0.0.1".into()), ("mp_database", "kseekers".into())]);
        for name in ["DB_HOST", "db_host", "Db_Host_File", "KS_DATABASE", "HOST"] {
            assert!(settings.contradicts(name), "{name}");
        }
        assert!(!settings.contradicts("PATH") && !settings.contradicts("smtp_host"));
    }
}
