//! What the system keeps Typst from, and what becomes of a build where that is not everything.

#![cfg(unix)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use crate::project::{Kernel, Project, Run, typst};
use crate::tools::{able, tool};

const WARNING: &str = "data/report.toml:1:1: warning[unconfined-typst]: ";

/// Starts a program on a kernel that knows no Landlock: a filter answers its three calls as such a kernel does.
const WITHOUT_LANDLOCK: &str = r#"
import ctypes, os, struct, sys
def step(code, yes, no, value): return struct.pack("HBBI", code, yes, no, value)
steps = step(0x20, 0, 0, 0)         # the number of the call
steps += step(0x35, 0, 2, 444)      # below landlock_create_ruleset: go on
steps += step(0x25, 1, 0, 446)      # above landlock_restrict_self: go on
steps += step(0x06, 0, 0, 0x50026)  # ENOSYS
steps += step(0x06, 0, 0, 0x7FFF0000)
class Filter(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(Filter(5, steps))):
    sys.exit("no filter: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
"#;

/// A command as it is on a kernel without Landlock; none where the machine cannot be made to look like one.
fn without_landlock(command: &Command) -> Option<Command> {
    if !cfg!(target_os = "linux") {
        return able("kernel of Linux to take Landlock from", Err("only Linux has it".to_owned()));
    }
    let mut wrapped = Command::new(tool(&["python3"])?);
    wrapped.args(["-c", WITHOUT_LANDLOCK]).arg(command.get_program()).args(command.get_args());
    wrapped.current_dir(command.get_current_dir().expect("a folder")).env_remove("GITHUB_STEP_SUMMARY");
    for (name, value) in command.get_envs() {
        value.map(|value| wrapped.env(name, value));
    }
    Some(wrapped)
}

/// Builds of it name every error and warning in a line.
fn build(project: &Project) -> Command {
    project.command(&["build", "--format", "short"])
}

fn require(project: &Project) {
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[limits]\ntypst_confinement = \"required\"\n"));
}

/// A Typst that leaves a file behind whenever it is started, for its version, too; where that file is.
fn leaving_a_trace(project: &Project) -> (PathBuf, PathBuf) {
    let (program, trace) = (project.path("typst.sh"), project.path("started"));
    let typst = typst().canonicalize().expect("there is a Typst");
    project.write("typst.sh", &format!("#!/bin/sh\n: > '{}'\nexec '{}' \"$@\"\n", trace.display(), typst.display()));
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the script can be made to run");
    (program, trace)
}

#[test]
fn a_build_says_what_this_very_kernel_does_not_hold() {
    let kernel = Kernel::here();
    let project = Project::minimal();
    let run = Run::unabridged(&mut build(&project));
    let warnings = usize::from(!kernel.confines());
    assert_eq!((run.code, run.stderr.matches("unconfined-typst").count()), (0, warnings), "{kernel:?}: {}", run.stderr);
    require(&project);
    let run = Run::unabridged(&mut build(&project));
    assert_eq!(run.code, if kernel.confines() { 0 } else { 3 }, "{kernel:?}: {}", run.stderr);
    assert_eq!(run.stderr.matches("unconfined-typst").count(), 0, "{}", run.stderr);
}

#[test]
fn without_landlock_a_build_goes_on_and_warns_once() {
    let project = Project::minimal();
    project.add_country("XXC");
    let Some(mut command) = without_landlock(&build(&project)) else { return };
    let run = Run::unabridged(&mut command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected =
        "Typst is not confined: this system does not keep it from writing files and opening network connections";
    assert!(run.stderr.starts_with(&format!("{WARNING}{expected}")), "{}", run.stderr);
    assert_eq!(run.stderr.matches("unconfined-typst").count(), 1, "once a run: {}", run.stderr);
    assert!(run.stdout.contains("XXA") && run.stdout.contains("XXC"), "both countries are made: {}", run.stdout);
    let Some(mut again) = without_landlock(&build(&project)) else { return };
    let run = Run::unabridged(&mut again);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "no Typst is started where nothing has changed");
    let Some(mut denied) = without_landlock(&project.command(&["build", "--deny", "warnings"])) else { return };
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    assert_eq!(Run::unabridged(&mut denied).code, 1, "it is a warning like others");
}

#[test]
fn where_confinement_is_required_no_typst_is_started_without() {
    let project = Project::minimal();
    let (program, trace) = leaving_a_trace(&project);
    let run = |project: &Project| Some(Run::unabridged(&mut without_landlock(build(project).env("TYPST", &program))?));
    require(&project);
    let Some(refused) = run(&project) else { return };
    assert_eq!((refused.code, refused.stdout.as_str()), (3, ""), "{}", refused.stderr);
    let expected =
        "error: Typst was not started: `typst_confinement` in `data/report.toml` is `required`, and this system does";
    assert!(refused.stderr.contains(expected), "{}", refused.stderr);
    assert!(!trace.exists(), "it is not even asked for its version");
    assert!(!project.path("output").exists(), "nothing is written");
    project.replace("data/report.toml", "\"required\"", "\"where_possible\"");
    let Some(warned) = run(&project) else { return };
    assert!(warned.code == 0 && warned.stderr.starts_with(WARNING), "{}: {}", warned.code, warned.stderr);
    assert!(trace.exists(), "the trace would have been seen");
}

#[test]
fn a_template_reads_no_file_but_those_that_are_staged() {
    let secret = "Harbour-Lane";
    for path in ["/../../../secret.txt", "../../../secret.txt", "/secret.txt", "secret.txt"] {
        let project = Project::minimal();
        project.write("secret.txt", secret);
        let absolute = project.path("secret.txt");
        let theme = project.read("templates/theme.typ");
        for path in [path, &absolute.to_string_lossy()] {
            project.write("templates/theme.typ", &format!("#panic(read(\"{path}\"))\n{theme}"));
            let run = project.run(&["build", "--format", "short"]);
            assert_eq!(run.code, 1, "{path}: {}", run.stderr);
            assert!(run.stderr.starts_with("templates/theme.typ:1:"), "{path}: {}", run.stderr);
            assert!(!run.stderr.contains(secret), "{path}: {}", run.stderr);
        }
    }
}

#[test]
fn a_typst_reaches_no_port_of_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it need not wait");
    let port = listener.local_addr().expect("an address").port();
    let project = Project::minimal();
    let call = format!("bash -c ': 2>&1 > /dev/tcp/127.0.0.1/{port}' && echo reached >&2");
    project.write("typst.sh", &format!("#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'typst 0.15.1'; fi\n{call}\n"));
    let program = project.path("typst.sh");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the script can be made to run");
    let run = Run::of(build(&project).env("TYPST", program));
    assert_eq!(run.code, 3, "it is no Typst: {}", run.stderr);
    let reached = listener.accept().is_ok();
    assert_eq!(
        reached,
        !Kernel::here().keeps_from_networks,
        "a connection is refused where the kernel can: {}",
        run.stderr
    );
}
