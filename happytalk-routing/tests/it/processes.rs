//! The statements of docs/routing-processes.md against a real PostgreSQL. Says so where none can be started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Server {
    bin: PathBuf,
    folder: PathBuf,
    as_user: Option<&'static str>,
}

fn output(mut command: Command, to: &Path) -> Result<String, String> {
    // A file, not a pipe: a server that goes on running holds what it inherits.
    let file = fs::File::create(to).map_err(|error| error.to_string())?;
    let also = file.try_clone().map_err(|error| error.to_string())?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(also)
        .status();
    let said = fs::read_to_string(to).unwrap_or_default();
    match status {
        Ok(status) if status.success() => Ok(said),
        Ok(_) => Err(said),
        Err(error) => Err(error.to_string()),
    }
}

impl Server {
    fn start() -> Result<Self, String> {
        let versions = ["18", "17", "16", "15", "14"];
        let bins = versions.map(|version| format!("/usr/lib/postgresql/{version}/bin"));
        let mut bins = bins.iter().map(PathBuf::from);
        let bin = bins
            .find(|bin| bin.join("initdb").exists())
            .ok_or("PostgreSQL is not installed")?;
        let name = format!("routing-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let id = Command::new("id").arg("-u").output();
        let is_root = id.is_ok_and(|id| id.stdout == b"0\n");
        let as_user = is_root.then_some("postgres");
        if let Some(user) = as_user {
            let owned = Command::new("chown").arg(user).arg(&folder).status();
            if !owned.is_ok_and(|status| status.success()) {
                return Err("root, and there is no user postgres".to_owned());
            }
        }
        let server = Self {
            bin,
            folder,
            as_user,
        };
        let data = server.folder.join("data");
        let data = data.to_str().ok_or("an odd folder")?;
        server.run(
            "initdb",
            &["-D", data, "-A", "trust", "-U", "test", "--no-sync"],
        )?;
        let socket = server.folder.to_str().ok_or("an odd folder")?;
        let options =
            format!("-c listen_addresses= -c unix_socket_directories={socket} -c fsync=off");
        server.run(
            "pg_ctl",
            &["-D", data, "-w", "-o", &options, "-l", "log", "start"],
        )?;
        Ok(server)
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let program = self.bin.join(program);
        let mut command = match self.as_user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]);
                command.arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(args).current_dir(&self.folder);
        command
    }

    fn run(&self, program: &str, args: &[&str]) -> Result<String, String> {
        output(
            self.command(program, args),
            &self.folder.join(format!("{program}.out")),
        )
    }

    /// What the statements answer, a line a row.
    fn sql(&self, who: &str, sql: &str) -> Result<String, String> {
        let socket = self.folder.to_str().unwrap();
        let args = [
            "-h",
            socket,
            "-U",
            "test",
            "-d",
            "postgres",
            "-qAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql,
        ];
        output(
            self.command("psql", &args),
            &self.folder.join(format!("{who}.out")),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = self.run(
            "pg_ctl",
            &["-D", data.to_str().unwrap(), "-m", "immediate", "stop"],
        );
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The blocks of SQL of the page, in order.
fn statements() -> Vec<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/routing-processes.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = page.split("```sql\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap().to_owned());
    blocks.collect()
}

/// A statement with its arguments, each as SQL.
fn with(statement: &str, args: &[&str]) -> String {
    let mut sql = statement.to_owned();
    for (at, arg) in args.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", at + 1), arg);
    }
    sql
}

#[test]
fn of_writers_who_decided_from_the_same_row_one_wins_and_an_old_lease_writes_nothing() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => {
            println!("skipped: no PostgreSQL can be started: {why}");
            return;
        }
    };
    let statements = statements();
    let [tables, lease, new, decide] = statements.as_slice() else {
        panic!("the page has other statements: {}", statements.len());
    };
    server.sql("main", tables).unwrap();
    let take = |holder: &str| {
        let said = server
            .sql("main", &with(lease, &["'site'", holder]))
            .unwrap();
        said.trim().to_owned()
    };
    assert_eq!(take("'a'"), "1");
    assert_eq!(take("'a'"), "1");
    assert_eq!(take("'b'"), "");
    let changed = |who: &str, sql: &str| {
        let sql = format!(
            "with changed as ({} returning 1) select count(*) from changed",
            sql.trim().trim_end_matches(';')
        );
        server.sql(who, &sql).unwrap().trim().to_owned()
    };
    let enqueue = |fencing: &str| {
        with(
            new,
            &[
                "'site'",
                "'c-1'",
                "1",
                "'main'",
                "null",
                "'waiting'",
                fencing,
            ],
        )
    };
    assert_eq!(changed("main", &enqueue("2")), "0");
    assert_eq!(changed("main", &enqueue("1")), "1");
    assert_eq!(changed("main", &enqueue("1")), "0");

    // Eight decide at once from revision 1; one of them is kept.
    let assign = |agent: &str, revision: &str, fencing: &str, shown: &str| {
        let agent = format!("'{agent}'");
        with(
            decide,
            &[
                "'site'",
                "'c-1'",
                revision,
                "null",
                &agent,
                "'assigned'",
                fencing,
                shown,
            ],
        )
    };
    assert_eq!(
        changed("main", &assign("kim", "2", "1", "'another queue'")),
        "0"
    );
    let won: Vec<String> = std::thread::scope(|scope| {
        let assign = &assign;
        let changed = &changed;
        let writers = (0..8).map(|n| {
            scope.spawn(move || {
                let who = format!("agent-{n}");
                changed(&who, &assign(&who, "2", "1", "'main'"))
            })
        });
        let writers: Vec<_> = writers.collect();
        writers.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let winners = won.iter().filter(|it| *it == "1").count();
    assert_eq!((winners, won.len()), (1, 8), "{won:?}");

    // The lease runs out and another takes it: what the first still wants to write is refused.
    server
        .sql(
            "main",
            "update site_lease set until = now() - interval '1 s'",
        )
        .unwrap();
    assert_eq!(changed("main", &assign("late", "3", "1", "null")), "0");
    assert_eq!(take("'b'"), "2");
    assert_eq!(changed("main", &assign("late", "3", "1", "null")), "0");
    assert_eq!(changed("main", &assign("lee", "3", "2", "null")), "1");
    let row = server
        .sql("main", "select revision, agent, state, fencing from routed")
        .unwrap();
    assert_eq!(row.trim(), "3|lee|assigned|2");
}
