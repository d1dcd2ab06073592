//! The engines of the tests: `DuckDB` on a file, `PostgreSQL` as a server of its own without a port, Spark as a small cluster.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::tools;

/// An engine that holds a register.
pub trait Engine {
    /// The dialect it is declared with.
    fn dialect(&self) -> &'static str;
    /// Runs SQL as its owner.
    fn obey(&self, sql: &str);
    /// The client as `count` is given it.
    fn client(&self) -> Vec<String>;
}

pub struct Duck {
    program: PathBuf,
    folder: TempDir,
}

impl Duck {
    pub fn start() -> Option<Self> {
        Some(Self { program: tools::brought("duckdb", "duckdb-cli")?, folder: TempDir::new().expect("a folder") })
    }
}

impl Engine for Duck {
    fn dialect(&self) -> &'static str {
        "ansi"
    }

    fn obey(&self, sql: &str) {
        done(&answer(&self.client(), sql));
    }

    fn client(&self) -> Vec<String> {
        let database = self.folder.path().join("register.db");
        [
            &self.program.display().to_string(),
            "-init",
            "/dev/null",
            "-noheader",
            "-list",
            "-bail",
            &database.display().to_string(),
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

/// A server in a folder of its own, reached through a socket there and through no port.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
}

impl Postgres {
    pub fn start() -> Option<Self> {
        let server = Self { programs: tools::postgres()?, folder: TempDir::new().expect("a folder") };
        #[cfg(unix)]
        if let Some((user, group)) = server.owner() {
            std::os::unix::fs::chown(server.folder.path(), Some(user), Some(group)).expect("the folder is given away");
        }
        done(&fed(
            server
                .program("initdb")
                .args(["-A", "trust", "-U", "custodian", "-E", "UTF8", "--locale=C", "-D"])
                .arg(server.data()),
            "",
        ));
        let options = format!("-c listen_addresses='' -c fsync=off -k {}", server.folder.path().display());
        let mut start = server.program("pg_ctl");
        start.args(["-w", "-s", "-l"]).arg(server.folder.path().join("log")).args(["-o", &options, "-D"]);
        // Its output is not awaited: the server keeps it open.
        let started = start.arg(server.data()).arg("start").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(started.expect("pg_ctl runs").success(), "the server starts");
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The user that the server runs as, where the test is root, which it refuses.
    #[cfg(unix)]
    fn owner(&self) -> Option<(u32, u32)> {
        use std::os::unix::fs::MetadataExt;
        let root = self.folder.path().metadata().expect("the folder").uid() == 0
            || fs::metadata("/proc/self").expect("a system").uid() == 0;
        let users = fs::read_to_string("/etc/passwd").expect("a list of users");
        let line = users.lines().find(|line| line.starts_with("postgres:")).filter(|_| root)?;
        let mut ids = line.split(':').skip(2).map(|id| id.parse().expect("a number"));
        Some((ids.next()?, ids.next()?))
    }

    #[cfg(not(unix))]
    fn owner(&self) -> Option<(u32, u32)> {
        None
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let Some((user, group)) = self.owner() else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]).arg(program);
        command.current_dir(self.folder.path());
        command
    }

    fn psql(&self, role: &str) -> Vec<String> {
        let connection = format!("host={} user={role} dbname=postgres", self.folder.path().display());
        [
            &self.programs.join("psql").display().to_string(),
            "-XqAtw",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &connection,
            "-f",
            "-",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    pub fn asked(&self, role: &str, sql: &str) -> Output {
        answer(&self.psql(role), sql)
    }
}

impl Engine for Postgres {
    fn dialect(&self) -> &'static str {
        "postgres"
    }

    fn obey(&self, sql: &str) {
        done(&self.asked("custodian", sql));
    }

    fn client(&self) -> Vec<String> {
        self.psql("counter")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.program("pg_ctl").args(["-s", "-m", "immediate", "-D"]).arg(self.data()).arg("stop").status();
    }
}

/// Runs a command on this input.
pub fn fed(command: &mut Command, input: &str) -> Output {
    use std::io::Write;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let _ = writing.join();
    output
}

pub fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a client answers to this SQL, which it gets as `count` gives it.
pub fn answer(client: &[String], sql: &str) -> Output {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), sql).expect("it can be written");
    let path = file.path().display().to_string();
    let arguments = client[1..].iter().map(|argument| if argument == "{sql}" { &path } else { argument });
    fed(Command::new(&client[0]).args(arguments), sql)
}

/// A text in SQL, with quotes, backslashes and line ends by number, which clients and engines read differently; an empty one is no
/// value.
pub fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "NULL".to_owned();
    }
    let part = |c: char| match c {
        '\'' | '\\' | '\r' | '\n' | '\t' => format!("' || chr({}) || '", u32::from(c)),
        c => c.to_string(),
    };
    format!("('{}')", text.chars().map(part).collect::<String>())
}

/// A cluster of two workers on this machine.
pub struct Spark {
    program: PathBuf,
    folder: TempDir,
}

impl Spark {
    pub fn start() -> Option<Self> {
        Some(Self { program: tools::brought("spark-sql", "pyspark")?, folder: TempDir::new().expect("a folder") })
    }

    fn script(&self) -> PathBuf {
        self.folder.path().join("spark.sh")
    }
}

impl Engine for Spark {
    fn dialect(&self) -> &'static str {
        "ansi"
    }

    fn obey(&self, sql: &str) {
        done(&answer(&self.client(), &sql.replace(" TEXT", " STRING")));
    }

    fn client(&self) -> Vec<String> {
        let folder = self.folder.path().display();
        // The script beside the program finds Spark by the Python that has it.
        let python = self.program.with_file_name("python3").display().to_string();
        let script = format!(
            "#!/bin/sh\ncd '{folder}' && PYSPARK_PYTHON='{python}' SPARK_LOCAL_IP=127.0.0.1 exec '{}' -S --master 'local-cluster[2,1,1024]' \
             --conf spark.ui.enabled=false --conf spark.sql.warehouse.dir='{folder}/warehouse' -f \"$1\"\n",
            self.program.display()
        );
        fs::write(self.script(), script).expect("the script can be written");
        ["sh", &self.script().display().to_string(), "{sql}"].map(str::to_owned).to_vec()
    }
}
