//! `cargo xtask new-module` in a copy of this workspace: what it writes is built, tested and judged like everything else.
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Below the target folder, so that what was built for it serves the next time.
struct Copy {
    root: PathBuf,
    target: PathBuf,
    /// Nobody else uses the folder as long as this is open.
    _lock: File,
}

impl Copy {
    fn make() -> Self {
        let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).ancestors().nth(2).unwrap().join("new-module");
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let copy = Self { root: folder.join("workspace"), target: folder.join("target"), _lock: lock };
        mirror(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), &copy.root);
        copy
    }

    fn run(&self, program: &str, arguments: &str) -> Output {
        let mut command = Command::new(program);
        command.args(arguments.split_whitespace()).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_MANIFEST_DIR", self.root.join("xtask"));
        command.output().unwrap()
    }

    fn xtask(&self, arguments: &str) -> Output {
        self.run(env!("CARGO_BIN_EXE_xtask"), arguments)
    }

    /// What cargo says, which must have done it.
    fn cargo(&self, arguments: &str) -> String {
        let output = self.run(&env::var("CARGO").unwrap(), arguments);
        let said = said(&output);
        assert!(output.status.success(), "cargo {arguments}\n{said}");
        said
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Makes `to` like `from`. What is the same already is not touched: cargo would build it again.
fn mirror(from: &Path, to: &Path) {
    let ours = |name: &str| match name {
        ".cargo" | ".env.example" => true,
        "target" | "logs" => false,
        _ => !name.starts_with('.'),
    };
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(to).unwrap() {
        let path = entry.unwrap().path();
        if !from.join(path.file_name().unwrap()).exists() {
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let copy = to.join(name);
        if path.is_dir() && ours(&name.to_string_lossy()) {
            mirror(&path, &copy);
        } else if path.is_file() && ours(&name.to_string_lossy()) {
            let text = fs::read(&path).unwrap();
            if fs::read(&copy).ok().as_ref() != Some(&text) {
                fs::write(copy, text).unwrap();
            }
        }
    }
}

#[test]
fn new_modules_are_part_of_the_house_at_once() {
    let copy = Copy::make();
    // Instruments, since the workspace that is copied may have the products of the README.
    for (arguments, name) in [("zithers", "zithers"), ("zither-strings --parent=zithers", "zither-strings")] {
        let made = copy.xtask(&format!("new-module {arguments}"));
        let said = said(&made);
        assert!(made.status.success() && said.contains(&format!("kseekers-{name}")), "{said}");
        let files: Vec<_> = said.lines().filter_map(|line| line.trim().strip_suffix("  new")).collect();
        for part in [format!("crates/{name}/src/lib.rs"), format!("_{}.sql", name.replace('-', "_"))] {
            assert!(files.iter().any(|file| file.trim().ends_with(&part)), "{part}: {said}");
        }
        for file in files {
            assert!(copy.root.join(file.trim()).exists(), "{file}");
        }
    }

    let server = || fs::read_to_string(copy.root.join("bins/kseekers-server/src/modules.rs")).unwrap();
    let before = server();
    for line in ["kseekers_zithers::actix::routes()", "kseekers_zithers::ZitherService::on_mysql(pool)"] {
        assert_eq!(before.matches(line).count(), 1, "{before}");
    }

    let ours = "-p kseekers-zithers -p kseekers-zither-strings";
    copy.cargo(&format!("fmt {ours} -- --check"));
    copy.cargo(&format!("clippy {ours} --all-features --all-targets -- -D warnings"));
    copy.cargo("check -p kseekers-server");
    let tests = copy.cargo(&format!("test {ours} --all-features"));
    let (contracts, routes) =
        (tests.matches("tests/contract/main.rs").count(), tests.matches("tests/routes/main.rs").count());
    assert_eq!((contracts, routes), (2, 2), "{tests}");
    let tidy = copy.xtask("tidy");
    assert!(tidy.status.success(), "{}", said(&tidy));

    let again = copy.xtask("new-module zithers");
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(said(&again), "error: there is a crate zithers already, in crates/zithers\n");
    assert_eq!(server(), before);
}
