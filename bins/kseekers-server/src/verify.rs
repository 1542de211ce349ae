//! Whether settings that are right by themselves can be used: what `--check-config` and the start have in common.

use actix_web::http::Uri;
use kseekers_auth::delivery::SmtpSender;
use kseekers_migrator::MigrationSet;

use crate::{dependencies, files, migrate, settings::Settings};

/// The migrations that the server is to expect.
///
/// # Errors
/// A line for each problem, naming the setting.
pub fn verify(settings: &Settings) -> Result<MigrationSet, Vec<String>> {
    let mut problems = Vec::new();
    if let Some(mail) = &settings.mail
        && let Err(error) = SmtpSender::new(dependencies::smtp(mail))
    {
        problems.push(error.to_string());
    }
    if let Some(bucket) = &settings.files.bucket
        && let Err(error) = files::options(bucket).check()
    {
        problems.push(format!("pdf_bucket_name and what belongs to it: {error}"));
    }
    for origin in settings.http.cors_origins.iter().filter(|origin| *origin != "*") {
        if let Err(error) = origin.parse::<Uri>() {
            problems.push(format!("cors_origins has {origin}, which is no origin: {error}"));
        }
    }
    match migrate::migrations(settings.migrations_dir.as_deref()) {
        Ok(migrations) if problems.is_empty() => Ok(migrations),
        Ok(_) => Err(problems),
        Err(error) => {
            problems.push(format!("migrations_dir: {error}"));
            Err(problems)
        }
    }
}
