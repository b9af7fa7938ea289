//! The one-liners of a chat server in JavaScript, in node, where it is installed.

use std::process::Command;

/// Nanoseconds of one assignment.
pub(crate) struct Measured {
    pub(crate) minimum: f64,
    pub(crate) sort: f64,
}

/// One ends, another asks, and whoever has the least of a thousand gets it: by filter and reduce, by filter and sort.
const SCRIPT: &str = "
const agents = [];
for (let n = 0; n < 1000; n++) agents.push({ id: 'agent-' + n, load: 3, cap: 3, last: n });
const talking = [];
for (let n = 0; n < 3000; n++) talking.push(agents[n % 1000]);
let turn = 1000;
const before = (x, y) => x.load - y.load || x.last - y.last || (x.id < y.id ? -1 : 1);
const choose = {
  minimum: () => agents.filter((it) => it.load < it.cap).reduce((x, y) => (before(x, y) < 0 ? x : y)),
  sort: () => agents.filter((it) => it.load < it.cap).sort(before)[0],
};
// In a centre with room one in four agents is free, so that there is something to choose from.
for (let n = 0; n < 250; n++) agents[n * 4].load -= 1;
for (const how of ['minimum', 'sort']) {
  const cycle = () => {
    talking[turn % 3000].load -= 1;
    const chosen = choose[how]();
    chosen.load += 1;
    chosen.last = turn;
    talking[turn % 3000] = chosen;
    turn += 1;
  };
  for (let n = 0; n < 5000; n++) cycle();
  const runs = [];
  for (let run = 0; run < 5; run++) {
    const began = process.cpuUsage();
    for (let n = 0; n < 5000; n++) cycle();
    const spent = process.cpuUsage(began);
    runs.push(((spent.user + spent.system) * 1000) / 5000);
  }
  console.log(runs.sort((x, y) => x - y)[2]);
}
";

pub(crate) fn measure() -> Result<Measured, String> {
    let said = Command::new("node").args(["-e", SCRIPT]).output();
    let said = said.map_err(|_| "node is not installed".to_owned())?;
    let said = String::from_utf8_lossy(&said.stdout);
    let mut numbers = said.lines().filter_map(|line| line.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(minimum), Some(sort)) => Ok(Measured { minimum, sort }),
        _ => Err("node said no numbers".to_owned()),
    }
}
