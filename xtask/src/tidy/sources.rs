//! What stands in the files themselves.

use std::path::Path;

use super::files::Text;

/// A file of more lines is to be split.
const MANY_LINES: usize = 500;

/// The one place that knows where settings come from.
const SETTINGS: &str = "bins/kseekers-server/src/settings";

/// The one package with the crate `config`, as the manifests' rule says. Elsewhere this is the name of a module.
const SERVER: &str = "bins/kseekers-server";

/// Tools that find their way by the environment and have no settings.
const FREE: [&str; 2] = ["xtask", "crates/embedded-mysql"];

const ENVIRONMENT: [&str; 4] = ["env::var(", "env::var_os(", "env::vars(", "env::vars_os("];

/// Where people live. Each is put together here, so that this file does not name one.
const HOMES: [&str; 3] = [concat!("/", "home/"), concat!("/", "Users/"), concat!("/", "root/")];
/// A place that is the same on every machine.
const PUBLIC_HOME: &str = concat!("/", "home/linuxbrew/");

pub(super) fn violations(file: &Text) -> Vec<String> {
    let mut found = homes(&file.content);
    if file.path.extension().is_some_and(|extension| extension == "rs") {
        found.extend(length(&file.content));
        if reads_no_settings(&file.path) {
            found.extend(settings_read(&file.content, file.path.starts_with(SERVER)));
        }
    }
    found.into_iter().map(|violation| format!("{}: {violation}", file.path.display())).collect()
}

fn length(content: &str) -> Option<String> {
    let lines = content.lines().count();
    (lines > MANY_LINES).then(|| format!("{lines} lines are too many for one file"))
}

fn homes(content: &str) -> Vec<String> {
    let names_home = |line: &str| {
        let line = line.replace(PUBLIC_HOME, "");
        HOMES.iter().any(|home| {
            line.match_indices(home).any(|(at, _)| {
                // `$dir/home/` is a folder of that name somewhere else.
                !line
                    .get(..at)
                    .unwrap_or_default()
                    .ends_with(|c: char| c.is_alphanumeric() || "})_.~-*".contains(c))
            })
        })
    };
    let numbered = content.lines().enumerate().filter(|(_, line)| names_home(line));
    numbered.map(|(number, _)| format!("line {} names somebody's home folder", number + 1)).collect()
}

/// Sources below `src`, except where settings or tools are.
fn reads_no_settings(path: &Path) -> bool {
    let Some(text) = path.to_str() else { return true };
    text.contains("/src/") && !text.starts_with(SETTINGS) && !FREE.iter().any(|free| path.starts_with(free))
}

fn settings_read(content: &str, has_config: bool) -> Vec<String> {
    let program = content.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    program
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| {
            ENVIRONMENT.iter().any(|read| line.contains(read)) || (has_config && names_config(line))
        })
        .map(|(number, _)| {
            format!("line {}: only the server's settings know the environment and config", number + 1)
        })
        .collect()
}

/// Whether the crate `config` is named, not a module of this name.
fn names_config(line: &str) -> bool {
    line.match_indices("config::").any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !before.ends_with("::")
    }) || line.trim() == "use config;"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, content: &str) -> Vec<String> {
        violations(&Text { path: path.into(), content: content.into() })
    }

    #[test]
    fn a_long_file_is_flagged() {
        assert!(found("crates/a/src/lib.rs", &"\n".repeat(500)).is_empty());
        assert_eq!(
            found("crates/a/src/lib.rs", &"\n".repeat(501)),
            ["crates/a/src/lib.rs: 501 lines are too many for one file"]
        );
        assert!(found("crates/a/README.md", &"\n".repeat(501)).is_empty());
    }

    #[test]
    fn only_the_servers_settings_read_the_environment() {
        let reads = "fn f() {\n    std::env::var(\"HOST\");\n}";
        assert_eq!(found("crates/auth/src/service.rs", reads).len(), 1);
        assert!(found("crates/auth/src/service.rs", reads)[0].contains("line 2"));
        assert_eq!(found("bins/kseekers-server/src/main.rs", reads).len(), 1);
        assert!(found("bins/kseekers-server/src/settings/layers.rs", reads).is_empty());
        assert!(found("bins/kseekers-server/src/settings.rs", reads).is_empty());
        assert!(found("bins/kseekers-server/tests/tour.rs", reads).is_empty());
        assert!(found("crates/embedded-mysql/src/find.rs", reads).is_empty());
        assert!(found("xtask/src/main.rs", reads).is_empty());
        let tests = format!("fn g() {{}}\n#[cfg(test)]\nmod tests {{\n{reads}\n}}");
        assert!(found("crates/auth/src/service.rs", &tests).is_empty());
    }

    #[test]
    fn only_the_servers_settings_know_the_config_crate() {
        let path = "bins/kseekers-server/src/app.rs";
        assert_eq!(found(path, "use config::Config;").len(), 1);
        assert!(found(path, "use kseekers_display_config::Grid;").is_empty());
        assert!(found(path, "use crate::config::Grid;").is_empty());
        assert!(found("crates/s3/src/aws/client.rs", "    config::Region,").is_empty());
    }

    #[test]
    fn somebodys_home_folder_is_found() {
        for home in HOMES {
            assert_eq!(found("README.md", &format!("one\ncd {home}me/project")).len(), 1, "{home}");
            assert!(found("README.md", &format!("$dir{home}x")).is_empty());
        }
        assert!(found("src/find.rs", &format!("\"{PUBLIC_HOME}bin\"")).is_empty());
    }
}
