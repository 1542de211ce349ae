//! What is on the disk after a lot of writing.

use super::*;

const KIB: u64 = 1_024;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn log(&self) -> PathBuf {
        self.0.path().join("app.log")
    }

    fn file(&self, limit: u64, backups: usize) -> RotatingFile {
        RotatingFile::new(&self.log(), limit, backups)
    }

    /// Names with contents, sorted.
    fn files(&self) -> Vec<(String, String)> {
        let files = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: PathBuf| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
        };
        let mut files: Vec<_> = files.map(read).collect();
        files.sort();
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    fn sizes(&self) -> Vec<u64> {
        fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).collect()
    }
}

fn write(file: &mut RotatingFile, line: &str) {
    file.write_all(line.as_bytes()).unwrap();
    file.flush().unwrap();
}

#[test]
fn a_hundred_megabytes_stay_within_the_size_of_all_files_at_any_time() {
    let folder = Folder::new();
    let (limit, backups) = (1_024 * KIB, 3);
    let mut file = folder.file(limit, backups);
    let mut written = 0;
    for number in 0.. {
        let line = format!("{number:>0$}\n", 500 + number % 1_000);
        file.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        if number % 100 == 0 {
            let sizes = folder.sizes();
            assert!(sizes.len() <= backups + 1 && sizes.iter().all(|size| *size <= limit), "{sizes:?}");
        }
        if written > 100 * limit {
            break;
        }
    }
    file.flush().unwrap();
    assert_eq!(folder.names(), ["app.log", "app.log.1", "app.log.2", "app.log.3"]);
    let kept: u64 = folder.sizes().iter().sum();
    assert!(kept <= limit * 4 && kept > limit * 2, "{kept}");
}

#[test]
fn the_newest_lines_are_kept_without_a_gap_and_the_file_with_1_is_the_newest() {
    let folder = Folder::new();
    let mut file = folder.file(100, 3);
    (0..1_000).for_each(|number| write(&mut file, &format!("line {number}\n")));
    let files = folder.files();
    assert!(files.iter().all(|(_, text)| text.len() <= 100), "{files:?}");
    let oldest_first = [3, 2, 1, 0].map(|place| files[place].1.clone()).concat();
    let kept = oldest_first.lines().count();
    let expected: String = (1_000 - kept..1_000).map(|number| format!("line {number}\n")).collect();
    assert_eq!(oldest_first, expected);
}

#[test]
fn a_second_start_goes_on_with_the_file_that_is_there() {
    let folder = Folder::new();
    write(&mut folder.file(20, 1), "before\n");
    let mut file = folder.file(20, 1);
    write(&mut file, "after\n");
    assert_eq!(folder.files(), [("app.log".to_owned(), "before\nafter\n".to_owned())]);
    write(&mut file, "too much\n");
    assert_eq!(folder.names(), ["app.log", "app.log.1"]);
}

#[test]
fn with_no_older_files_to_keep_the_file_begins_anew() {
    let folder = Folder::new();
    let mut file = folder.file(10, 0);
    ["first\n", "second\n"].iter().for_each(|line| write(&mut file, line));
    assert_eq!(folder.files(), [("app.log".to_owned(), "second\n".to_owned())]);
}

#[test]
fn a_line_that_is_longer_than_a_file_is_cut_between_two_characters() {
    let folder = Folder::new();
    for blanks in 0..4 {
        let mut file = folder.file(100, 1);
        write(&mut file, &format!("{}{}\n", " ".repeat(blanks), "€".repeat(100)));
        let (_, text) = &folder.files()[0];
        assert!(text.len() <= 100 && text.len() > 95 && text.ends_with("€ [cut]\n"), "{text:?}");
    }
}

#[test]
fn a_rotation_that_is_tried_again_loses_no_further_file() {
    let folder = Folder::new();
    let (old, one) = (folder.0.path().join("app.log.2"), folder.0.path().join("app.log.1"));
    fs::write(&old, "old\n").unwrap();
    let mut file = folder.file(10, 3);
    write(&mut file, "first\n");
    // Nothing can be renamed to the name of a folder.
    fs::create_dir(&one).unwrap();
    fs::create_dir(folder.0.path().join("app.log.3")).unwrap();
    for _ in 0..3 {
        assert!(file.write_all(b"second\n").is_err());
    }
    fs::remove_dir(&one).unwrap();
    fs::remove_dir(folder.0.path().join("app.log.3")).unwrap();
    write(&mut file, "third\n");
    let expected = [("app.log", "third\n"), ("app.log.1", "first\n"), ("app.log.2", "old\n")];
    assert_eq!(folder.files(), expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
}

#[test]
fn a_file_that_cannot_be_opened_is_opened_when_it_can() {
    let folder = Folder::new();
    let in_the_way = folder.0.path().join("logs");
    fs::write(&in_the_way, "").unwrap();
    let mut file = RotatingFile::new(&in_the_way.join("deep/app.log"), 100, 1);
    let error = file.write_all(b"lost\n").unwrap_err().to_string();
    assert!(error.contains("app.log"), "{error}");
    fs::remove_file(&in_the_way).unwrap();
    write(&mut file, "found\n");
    assert_eq!(fs::read_to_string(in_the_way.join("deep/app.log")).unwrap(), "found\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_each_time_and_a_device_is_never_rotated() {
    let mut file = RotatingFile::new(Path::new("/dev/full"), 10, 1);
    // More than the buffer holds.
    for _ in 0..BUFFER / 10 {
        let written = file.write_all(b"does not fit\n").and_then(|()| file.flush());
        assert_eq!(written.map_err(|error| error.kind()), Err(io::ErrorKind::StorageFull));
    }
    assert!(!Path::new("/dev/full.1").exists());
}
