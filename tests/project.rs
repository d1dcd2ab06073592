//! A project in a folder of its own, and the program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The repository.
pub const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// What every project of the tests shares with the product.
const SHARED: [&str; 3] = ["data/schemas", "data/text", "templates"];

/// A project in a temporary folder.
pub struct Project {
    folder: TempDir,
}

/// What a run of the program left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    /// The project `tests/projects/<name>`.
    pub fn named(name: &str) -> Self {
        let project = Self { folder: TempDir::new().expect("a temporary folder") };
        for shared in SHARED {
            copy(&Path::new(REPOSITORY).join(shared), &project.path(shared));
        }
        copy(&tests().join("projects").join(name).join("data"), &project.path("data"));
        project
    }

    /// The smallest whole project.
    pub fn minimal() -> Self {
        Self::named("minimal")
    }

    /// A project that the program wrote into an empty folder.
    pub fn begun(arguments: &[&str]) -> Self {
        let project = Self { folder: TempDir::new().expect("a temporary folder") };
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
        let run = Run::of(command.arg("new").arg(project.root()).args(arguments));
        assert_eq!(run.code, 0, "{}", run.stderr);
        project
    }

    /// A whole series: what the program carries, and the countries of this repository as they once stood, so that whoever
    /// corrects their rows breaks no test. `TIPBRIEF_SERIES=data` takes the countries as they stand now.
    pub fn series() -> Self {
        let project = Self { folder: TempDir::new().expect("a temporary folder") };
        let live = std::env::var_os("TIPBRIEF_SERIES").is_some_and(|series| series == "data");
        let repository = Path::new(REPOSITORY);
        for part in ["data", "templates"] {
            copy(&repository.join(part), &project.path(part));
        }
        if !live {
            for part in ["data/countries", "data/imports"] {
                fs::remove_dir_all(project.path(part)).expect("a part of the series can be taken away");
                copy(&tests().join("series").join(part), &project.path(part));
            }
            for catalogue in listed(&project.path("data/text")) {
                let path = format!("data/text/{catalogue}");
                let of_countries = fs::read_to_string(tests().join("series").join(&path)).unwrap_or_default();
                project.write(&path, &(of_any_series(&project.read(&path)) + &of_countries));
            }
        }
        // Where the fonts of its languages could be had, they are there.
        let fonts = repository.join(".tools/fonts");
        if fonts.is_dir() {
            copy(&fonts, &project.path(".tools/fonts"));
        }
        project
    }

    /// The same with one of its countries, in some of its languages, for what concerns no other: the default language first.
    pub fn series_of(country: &str, languages: &[&str]) -> Self {
        let project = Self::series();
        for other in listed(&project.path("data/countries")).into_iter().filter(|other| other != country) {
            fs::remove_dir_all(project.path("data/countries").join(other)).expect("a country can be taken away");
        }
        let prose = project.path("data/countries").join(country).join("narrative");
        for other in listed(&prose).into_iter().filter(|other| !languages.contains(&other.as_str())) {
            fs::remove_dir_all(prose.join(other)).expect("a language can be taken away");
        }
        let report = project.read("data/report.toml");
        let line =
            report.lines().find(|line| line.starts_with("languages = ")).expect("languages are named").to_owned();
        project.replace("data/report.toml", &line, &format!("languages = {languages:?}"));
        project
    }

    /// The folder that `--root` names.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A file or folder of the project.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root().join(inside)
    }

    /// The text of a file.
    pub fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap_or_else(|error| panic!("{inside}: {error}"))
    }

    /// Writes a file, and its folder where there is none.
    pub fn write(&self, inside: &str, text: &str) {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).unwrap_or_else(|error| panic!("{inside}: {error}"));
    }

    /// Replaces the one place where `old` stands in a file.
    pub fn replace(&self, inside: &str, old: &str, new: &str) {
        let text = self.read(inside);
        assert_eq!(text.matches(old).count(), 1, "`{old}` stands in {inside} once");
        self.write(inside, &text.replace(old, new));
    }

    /// Adds a country: a copy of the minimal one under another code.
    pub fn add_country(&self, code: &str) {
        copy(&self.path("data/countries/XXA"), &self.path("data/countries").join(code));
    }

    /// The program with this project as its root, to be given more before it runs.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
        command.args(arguments).arg("--root").arg(self.root()).current_dir(self.root());
        command.env_remove("GITHUB_STEP_SUMMARY");
        command
    }

    /// Runs the program on this project.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    /// What a document prints, in one line.
    pub fn printed(&self, document: &str) -> String {
        let pdf = fs::read(self.path("output").join(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        let runs = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat().join(" ");
        runs.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The outputs of one country, by path.
    pub fn published(&self, country: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path("output").join(country);
        let paths = if folder.is_dir() { files(&folder) } else { Vec::new() };
        let read = |path: String| (path.clone(), fs::read(folder.join(&path)).expect("an output can be read"));
        paths.into_iter().map(read).collect()
    }

    /// Builds it; any finding or failure fails the test.
    pub fn build(&self) -> Run {
        let run = self.run(&["build"]);
        assert_eq!(run.code, 0, "the build ends well; it says:\n{}", run.stderr);
        let complaint = run.stderr.contains("error[") || run.stderr.contains("[typst-error]");
        assert!(!complaint, "the build finds no fault, and Typst nothing to say:\n{}", run.stderr);
        run
    }
}

/// The Typst that the tests run with.
pub fn typst() -> PathBuf {
    let named = std::env::var_os("TYPST").filter(|named| !named.is_empty());
    let found = named.map(PathBuf::from).or_else(|| {
        let folders = std::env::var_os("PATH")?;
        std::env::split_paths(&folders).map(|folder| folder.join("typst")).find(|program| program.is_file())
    });
    found.expect("these tests need Typst: `just test` installs it")
}

/// What the kernel of this machine can keep a program from, asked of itself and not of the product.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    pub keeps_from_writing: bool,
    pub keeps_from_truncating: bool,
    pub keeps_from_networks: bool,
}

impl Kernel {
    /// Whether it can do all that is asked of it for Typst.
    pub fn confines(self) -> bool {
        self.keeps_from_writing && self.keeps_from_truncating && self.keeps_from_networks
    }

    /// What it can do, found out once.
    pub fn here() -> Self {
        static FOUND: OnceLock<Kernel> = OnceLock::new();
        *FOUND.get_or_init(Self::tried)
    }

    /// Each prohibition is tried on a thread of its own.
    #[cfg(target_os = "linux")]
    fn tried() -> Self {
        use landlock::{AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus};
        let holds = |rules: Result<Ruleset, RulesetError>| {
            let enforced = move || rules?.create()?.restrict_self();
            let status = std::thread::spawn(enforced).join().expect("a thread ends");
            status.is_ok_and(|status| status.ruleset == RulesetStatus::FullyEnforced)
        };
        Self {
            keeps_from_writing: holds(Ruleset::default().handle_access(AccessFs::WriteFile)),
            keeps_from_truncating: holds(Ruleset::default().handle_access(AccessFs::Truncate)),
            keeps_from_networks: holds(Ruleset::default().handle_access(AccessNet::ConnectTcp)),
        }
    }

    /// Only Linux has Landlock.
    #[cfg(not(target_os = "linux"))]
    fn tried() -> Self {
        Self { keeps_from_writing: false, keeps_from_truncating: false, keeps_from_networks: false }
    }
}

impl Run {
    /// Runs a command to its end. What a build says of a kernel that cannot confine Typst is no finding about a project, and is
    /// left out.
    pub fn of(command: &mut Command) -> Self {
        let run = Self::unabridged(command);
        if Kernel::here().confines() { run } else { Self { stderr: without_the_kernel(&run.stderr), ..run } }
    }

    /// Runs a command to its end, with all that it says.
    pub fn unabridged(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self { code: status.code().expect("the program is not killed"), stdout: text(stdout), stderr: text(stderr) }
    }
}

/// Findings, in lines or for people, but for the one about the kernel.
fn without_the_kernel(stderr: &str) -> String {
    let mut left = String::new();
    let mut lines = stderr.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        if line.contains(": warning[unconfined-typst]: ") {
            while lines.next_if(|line| line.starts_with("  ")).is_some() {}
            lines.next_if(|line| line.trim().is_empty());
        } else {
            left += line;
        }
    }
    left
}

/// The folder `tests`.
pub fn tests() -> PathBuf {
    Path::new(REPOSITORY).join("tests")
}

/// The names in a folder.
fn listed(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// A catalogue without its tables of single countries.
fn of_any_series(catalogue: &str) -> String {
    let mut of_one = false;
    let mut keep = |line: &&str| {
        if line.starts_with('[') {
            of_one = line.starts_with("[country.") || line.starts_with("[events.");
        }
        !of_one
    };
    catalogue.split_inclusive('\n').filter(|line| keep(line)).collect()
}

/// Copies a folder over another; files of the same name are replaced.
pub fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().expect("a folder")).expect("the folder can be made");
        fs::copy(from.join(&file), &target).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// Every file below a folder, sorted, as paths from it with `/`; hidden ones, too.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    walk(folder, "", &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("an entry of a folder");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}
