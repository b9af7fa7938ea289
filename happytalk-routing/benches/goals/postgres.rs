//! The SQL an integrator writes, on a PostgreSQL that is started for it and thrown away.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Nanoseconds of one assignment.
pub(crate) struct Measured {
    /// The load is kept beside the agent.
    pub(crate) tuned: f64,
    /// The load is counted in one pass, with an index for nothing else.
    pub(crate) counting: f64,
    /// The load is counted agent by agent, with the indexes that such a table usually has.
    pub(crate) counting_each: f64,
}

const AGENTS: u32 = 1_000;
const WAITING: u32 = 100_000;
/// What ended today: it stays in the table, as the load is counted there.
const ENDED: u32 = 100_000;

/// A server of its own in a folder of its own; gone when this is.
struct Server {
    bin: PathBuf,
    folder: PathBuf,
    user: Option<&'static str>,
}

impl Server {
    fn start() -> Result<Self, String> {
        let bins = [
            "/usr/lib/postgresql/17/bin",
            "/usr/lib/postgresql/16/bin",
            "/usr/lib/postgresql/15/bin",
            "/usr/bin",
            "/usr/local/bin",
        ];
        let found = bins
            .iter()
            .map(Path::new)
            .find(|bin| bin.join("initdb").exists());
        let bin = found.ok_or("PostgreSQL is not installed")?.to_path_buf();
        let folder = std::env::temp_dir().join(format!("routing-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        // PostgreSQL does not run as root; its packages bring a user.
        let root = Command::new("id").arg("-u").output();
        let is_root = root.is_ok_and(|it| it.stdout.starts_with(b"0\n"));
        let user = is_root.then_some("postgres");
        let server = Self { bin, folder, user };
        if let Some(user) = user {
            let owned = Command::new("chown").arg(user).arg(&server.folder).status();
            if !owned.is_ok_and(|it| it.success()) {
                return Err(format!("it is root here, and there is no user {user}"));
            }
        }
        let data = server.folder.join("data");
        let data = data.to_string_lossy();
        server.run(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "bench", "--no-sync"],
            None,
        )?;
        let socket = server.folder.to_string_lossy();
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={socket} -c synchronous_commit=off -c shared_buffers=256MB"
        );
        let log = server.folder.join("log");
        server.run(
            "pg_ctl",
            &[
                "-D",
                &data,
                "-w",
                "-l",
                &log.to_string_lossy(),
                "-o",
                &options,
                "start",
            ],
            None,
        )?;
        Ok(server)
    }

    fn run(&self, program: &str, args: &[&str], input: Option<&str>) -> Result<String, String> {
        let program = self.bin.join(program);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]);
                command.arg(&program);
                command
            }
            None => Command::new(&program),
        };
        command.args(args).current_dir(&self.folder);
        let path = self.folder.join("input.sql");
        if let Some(input) = input {
            std::fs::write(&path, input).map_err(|error| error.to_string())?;
            command.arg("-f").arg(&path);
        }
        // What a server that goes on running inherits must not hold this process up.
        let out = self.folder.join("out");
        let to = std::fs::File::create(&out).map_err(|error| error.to_string())?;
        let also = to.try_clone().map_err(|error| error.to_string())?;
        let status = command
            .stdin(Stdio::null())
            .stdout(to)
            .stderr(also)
            .status()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let said = std::fs::read_to_string(&out).unwrap_or_default();
        match status.success() {
            true => Ok(said),
            false => {
                let last = said.lines().last().unwrap_or_default();
                Err(format!("{}: {last}", program.display()))
            }
        }
    }

    fn psql(&self, sql: &str) -> Result<String, String> {
        let socket = self.folder.to_string_lossy();
        self.run(
            "psql",
            &[
                "-h",
                &socket,
                "-U",
                "bench",
                "-d",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-q",
            ],
            Some(sql),
        )
    }

    /// Nanoseconds of one transaction of this script, prepared, over the socket, from one client in C.
    fn pgbench(&self, script: &str, seconds: u32) -> Result<f64, String> {
        let socket = self.folder.to_string_lossy();
        let seconds = seconds.to_string();
        let said = self.run(
            "pgbench",
            &[
                "-h", &socket, "-U", "bench", "-n", "-M", "prepared", "-T", &seconds, "postgres",
            ],
            Some(script),
        )?;
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let tps = tps.and_then(|rest| rest.split(' ').next()?.parse::<f64>().ok());
        tps.map(|tps| 1e9 / tps)
            .ok_or_else(|| "pgbench said no rate".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let data = data.to_string_lossy();
        let _ = self.run(
            "pg_ctl",
            &["-D", &data, "-m", "immediate", "-w", "stop"],
            None,
        );
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn measure() -> Result<Measured, String> {
    let server = Server::start()?;
    server.psql(&format!(
        "create table agent (id int primary key, load int not null, cap int not null, last bigint not null);
         create table conversation (id bigserial primary key, agent int, status text not null, key bigint not null);
         insert into conversation (agent, status, key)
            select 1 + n % {AGENTS}, 'closed', n from generate_series(1, {ENDED}) n;
         insert into agent select n, 3, 3, n from generate_series(1, {AGENTS}) n;
         insert into conversation (agent, status, key)
            select 1 + n % {AGENTS}, 'open', n from generate_series(1, {AGENTS} * 3) n;
         insert into conversation (status, key) select 'waiting', n from generate_series(1, {WAITING}) n;
         create index on conversation (key) where status = 'waiting';
         create index on conversation (agent) where status = 'open';
         create index on agent (load, last) where load < cap;
         create sequence turn start {WAITING};
         vacuum analyze;"
    ))?;
    // One ends, another asks, and whoever waits first goes to whoever has the least: one round trip.
    let cycle = |choose: &str| {
        format!(
            "\\set who random(1, {AGENTS})
with ended as (
  update conversation set status = 'closed' where id =
    (select id from conversation where agent = :who and status = 'open' limit 1) returning id
), freed as (
  update agent set load = load - 1 where id = :who and exists (select from ended) returning id
), asked as (
  insert into conversation (status, key) select 'waiting', nextval('turn') from freed returning id
) select count(*) from asked;
{choose}
"
        )
    };
    let tuned = cycle(
        "with c as (select id from conversation where status = 'waiting' order by key limit 1 for update skip locked),
a as (select id from agent where load < cap order by load, last limit 1 for update skip locked),
u as (update agent set load = load + 1, last = nextval('turn') from a where agent.id = a.id returning agent.id)
update conversation set status = 'open', agent = u.id from c, u where conversation.id = c.id;",
    );
    let counting = cycle(
        "with c as (select id from conversation where status = 'waiting' order by key limit 1 for update skip locked),
a as (select agent.id from agent left join
    (select agent, count(*) as load from conversation where status = 'open' group by agent) l on l.agent = agent.id
  where coalesce(l.load, 0) < cap order by coalesce(l.load, 0), last limit 1 for update of agent skip locked),
u as (update agent set load = load + 1, last = nextval('turn') from a where agent.id = a.id returning agent.id)
update conversation set status = 'open', agent = u.id from c, u where conversation.id = c.id;",
    );
    // What is written first, and what most tables of conversations are indexed by.
    let counting_each = cycle(
        "with c as (select id from conversation where status = 'waiting' order by key limit 1 for update skip locked),
a as (select id from agent
  where (select count(*) from conversation c where c.agent = agent.id and c.status = 'open') < cap
  order by (select count(*) from conversation c where c.agent = agent.id and c.status = 'open'), last
  limit 1 for update skip locked),
u as (update agent set load = load + 1, last = nextval('turn') from a where agent.id = a.id returning agent.id)
update conversation set status = 'open', agent = u.id from c, u where conversation.id = c.id;",
    );
    let (tuned, counting) = (server.pgbench(&tuned, 4)?, server.pgbench(&counting, 6)?);
    server.psql(
        "drop index conversation_key_idx, conversation_agent_idx;
         create index on conversation (status, key);
         create index on conversation (agent, status);
         vacuum analyze;",
    )?;
    let counting_each = server.pgbench(&counting_each, 6)?;
    Ok(Measured {
        tuned,
        counting,
        counting_each,
    })
}
