//! Writing everything, or nothing.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{self, Command},
};

use super::{template::File, wiring::Edit};
use crate::Result;

/// What is to be written.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) files: Vec<File>,
    pub(super) edits: Vec<Edit>,
}

impl Plan {
    /// Writes it beside its place first and formats it there; then everything moves to its place, or back.
    pub(super) fn carry_out(&self, root: &Path) -> Result<()> {
        let stage = Stage::new(root)?;
        let files = self.files.iter().map(|file| (&file.path, &file.text));
        let edits = self.edits.iter().map(|edit| (&edit.path, &edit.after));
        for (path, text) in files.chain(edits) {
            let staged = stage.0.join(path);
            fs::create_dir_all(staged.parent().unwrap_or(&stage.0))?;
            fs::write(staged, text)?;
        }
        self.format(&stage)?;
        let mut done = Done { root, files: Vec::new(), edits: Vec::new() };
        self.move_from(&stage, &mut done).inspect_err(|_| done.undo())
    }

    fn format(&self, stage: &Stage) -> Result<()> {
        let all = self.files.iter().map(|file| &file.path).chain(self.edits.iter().map(|edit| &edit.path));
        let code = all.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
        let output = Command::new("rustfmt")
            .args(["--edition", "2024"])
            .args(code.map(|path| stage.0.join(path)))
            .output()
            .map_err(|error| format!("rustfmt is needed ({error}): `rustup component add rustfmt`"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().into()),
        }
    }

    fn move_from<'a>(&'a self, stage: &Stage, done: &mut Done<'a>) -> Result<()> {
        let (of_crates, others): (Vec<_>, Vec<_>) =
            self.files.iter().map(|File { path, .. }| path).partition(|path| path.starts_with("crates"));
        // In one step: cargo refuses a workspace with half a crate, whoever interrupts this.
        if let Some(folder) = of_crates.first().map(|path| path.iter().take(2).collect::<PathBuf>()) {
            fs::rename(stage.0.join(&folder), done.root.join(&folder))
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            done.files.extend(of_crates);
        }
        for path in others {
            let place = done.root.join(path);
            let told = |error: io::Error| format!("{}: {error}", path.display());
            fs::create_dir_all(place.parent().unwrap_or(done.root)).map_err(told)?;
            // Unlike a rename, a link never takes the place of a file that somebody made in the meantime.
            fs::hard_link(stage.0.join(path), place).map_err(told)?;
            done.files.push(path);
        }
        for edit in &self.edits {
            let place = done.root.join(&edit.path);
            if fs::read_to_string(&place)? != edit.before {
                return Err(format!(
                    "{} has just been changed by somebody else: try again",
                    edit.path.display()
                )
                .into());
            }
            fs::rename(stage.0.join(&edit.path), place)?;
            done.edits.push(edit);
        }
        Ok(())
    }
}

/// What has been moved to its place.
struct Done<'a> {
    root: &'a Path,
    files: Vec<&'a PathBuf>,
    edits: Vec<&'a Edit>,
}

impl Done<'_> {
    /// As far as it can be done: the error that led here is the one to tell.
    fn undo(&self) {
        for edit in &self.edits {
            let _ = fs::write(self.root.join(&edit.path), &edit.before);
        }
        for path in &self.files {
            let _ = fs::remove_file(self.root.join(path));
        }
        // The new folders, innermost first; those that hold anything else stay.
        for folder in self.files.iter().flat_map(|path| path.ancestors().skip(1)) {
            if folder.components().count() > 1 {
                let _ = fs::remove_dir(self.root.join(folder));
            }
        }
    }
}

/// A folder on the same disk that is gone in the end.
struct Stage(PathBuf);

impl Stage {
    fn new(root: &Path) -> Result<Self> {
        let folder = root.join(format!(".new-module-{}", process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let edit = Edit {
            path: "list".into(),
            before: "one\n".into(),
            after: "one\ntwo\n".into(),
            what: String::new(),
        };
        Plan {
            files: vec![file("crates/a/src/lib.rs", "mod  b ;"), file("migrations/7.sql", "DO 0")],
            edits: vec![edit],
        }
    }

    fn workspace() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("crates/other")).unwrap();
        fs::create_dir_all(root.path().join("migrations")).unwrap();
        fs::write(root.path().join("list"), "one\n").unwrap();
        root
    }

    /// Every file with its text.
    fn all(root: &Path) -> Vec<(String, String)> {
        let mut found: Vec<_> = super::super::template::read(root)
            .unwrap()
            .into_iter()
            .map(|file| (file.path.display().to_string(), file.text))
            .collect();
        found.extend(
            fs::read_dir(root.join("crates"))
                .unwrap()
                .map(|entry| (entry.unwrap().file_name().to_string_lossy().into_owned(), String::new())),
        );
        found.sort();
        found
    }

    #[test]
    fn everything_is_written_and_formatted() {
        let root = workspace();
        let mut plan = plan();
        plan.files.push(File { path: "crates/a/src/b.rs".into(), text: "fn  b( ){}".into() });
        plan.carry_out(root.path()).unwrap();
        let read = |path: &str| fs::read_to_string(root.path().join(path)).unwrap();
        assert_eq!(
            (read("crates/a/src/lib.rs").as_str(), read("crates/a/src/b.rs").as_str()),
            ("mod b;\n", "fn b() {}\n")
        );
        assert_eq!((read("migrations/7.sql").as_str(), read("list").as_str()), ("DO 0", "one\ntwo\n"));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3, "nothing else is left");
    }

    #[test]
    fn what_fails_midway_leaves_everything_as_it_was() {
        for spoil in ["migrations/7.sql", "list"] {
            let root = workspace();
            fs::write(root.path().join(spoil), "somebody else's").unwrap();
            let mut plan = plan();
            plan.files[0].text = "fn a() {}".into();
            let before = all(root.path());
            let error = plan.carry_out(root.path()).unwrap_err().to_string();
            assert!(error.contains(spoil), "{error}");
            assert_eq!(all(root.path()), before, "{spoil}");
        }
    }

    #[test]
    fn code_that_cannot_be_formatted_is_not_written() {
        let root = workspace();
        let mut plan = plan();
        plan.files[0].text = "fn {".into();
        let before = all(root.path());
        plan.carry_out(root.path()).unwrap_err();
        assert_eq!(all(root.path()), before);
    }
}
