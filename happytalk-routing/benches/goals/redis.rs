//! One atomic script over sorted sets, in a Redis that is started for it and thrown away.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of its own behind a socket of its own; gone when this is.
struct Server {
    child: Child,
    folder: PathBuf,
}

impl Server {
    fn start() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("routing-redis-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let child = Command::new("redis-server")
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--unixsocket",
            ])
            .arg(folder.join("socket"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir(&folder)
            .spawn()
            .map_err(|_| "redis-server is not installed".to_owned())?;
        let server = Self { child, folder };
        let began = Instant::now();
        while server.ask(&["PING"]).ok().as_deref() != Some("PONG") {
            if began.elapsed() > Duration::from_secs(10) {
                return Err("redis-server did not answer".to_owned());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn run(&self, program: &str, args: &[&str]) -> Result<String, String> {
        let mut command = Command::new(program);
        command.arg("-s").arg(self.folder.join("socket")).args(args);
        let said = command.output();
        let said = said.map_err(|_| format!("{program} is not installed"))?;
        let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        match said.status.success() {
            true => Ok(text),
            false => Err(format!("{program} failed")),
        }
    }

    fn ask(&self, args: &[&str]) -> Result<String, String> {
        self.run("redis-cli", args)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A thousand agents with three each, and a hundred thousand who wait.
const FILL: &str = "
for a = 1, 1000 do
  redis.call('HSET', 'load', a, 3)
  redis.call('HSET', 'last', a, a)
end
for n = 1, 3000 do
  redis.call('HSET', 'owner', 'o' .. n, 1 + n % 1000)
  redis.call('RPUSH', 'talking', 'o' .. n)
end
for n = 1, 100000 do redis.call('ZADD', 'waiting', n, 'c' .. n) end
redis.call('SET', 'turn', 100000)
return 'filled'";

/// One ends, another asks, and whoever waits first goes to whoever has the least.
const CYCLE: &str = "
local turn = redis.call('INCR', 'turn')
local ended = redis.call('LPOP', 'talking')
local freed = redis.call('HGET', 'owner', ended)
redis.call('HDEL', 'owner', ended)
local load = redis.call('HINCRBY', 'load', freed, -1)
redis.call('ZADD', 'free', load * 1e12 + tonumber(redis.call('HGET', 'last', freed)), freed)
redis.call('ZADD', 'waiting', turn, 'c' .. turn)
local first = redis.call('ZPOPMIN', 'waiting')[1]
local agent = redis.call('ZRANGE', 'free', 0, 0)[1]
load = redis.call('HINCRBY', 'load', agent, 1)
redis.call('HSET', 'last', agent, turn)
if load < 3 then
  redis.call('ZADD', 'free', load * 1e12 + turn, agent)
else
  redis.call('ZREM', 'free', agent)
end
redis.call('HSET', 'owner', first, agent)
redis.call('RPUSH', 'talking', first)
return agent";

/// Nanoseconds of one cycle, asked by one client in C over the socket.
pub(crate) fn measure() -> Result<f64, String> {
    let server = Server::start()?;
    if server.ask(&["EVAL", FILL, "0"])? != "filled" {
        return Err("redis-server was not filled".to_owned());
    }
    let script = server.ask(&["SCRIPT", "LOAD", CYCLE])?;
    let goes = [
        "-n", "100000", "-c", "1", "-q", "--csv", "EVALSHA", &script, "0",
    ];
    let said = server.run("redis-benchmark", &goes)?;
    // Each of them gave one away, so as many wait as before.
    if server.ask(&["ZCARD", "waiting"])? != "100000" {
        return Err("the script of redis-server lost somebody".to_owned());
    }
    let rate = said
        .lines()
        .last()
        .and_then(|line| line.split("\",\"").nth(1));
    let rate = rate.and_then(|rate| rate.trim_matches('"').parse::<f64>().ok());
    rate.map(|rate| 1e9 / rate)
        .ok_or_else(|| "redis-benchmark said no rate".to_owned())
}
