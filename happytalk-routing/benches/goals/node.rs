//! The in-process JavaScript an integrator writes, in node.

use std::process::Command;

use crate::centre::{AGENTS_WITH_ROOM, LOADS, SLOTS_WITH_ROOM};

/// Nanoseconds of one cycle.
pub(crate) struct Measured {
    pub(crate) minimum: f64,
    pub(crate) sort: f64,
}

/// One ends, another asks, and whoever has the least of those who may take it gets it: by filter and reduce, by filter
/// and sort. The centre is [`Centre::with_room`](crate::centre::Centre::with_room), the limits are its limits, and the
/// decision is an object, as it goes to a log.
const SCRIPT: &str = "
const channel = 'kakao_consult';
const agents = [];
for (let n = 0; n < AGENTS; n++) {
  agents.push({
    id: 'agent-' + String(n).padStart(5, '0'), status: 'accepting', load: 0, cap: SLOTS,
    queues: { main: 0 }, channels: { kakao_consult: 0, voice: 0 }, last: 0,
  });
}
const caps = { queue: SLOTS + 1, site: SLOTS + 2 };
const notBeside = { kakao_consult: ['voice'] };
const takes = (it) =>
  it.status === 'accepting' && it.load < it.cap && it.load < caps.site && it.queues.main < caps.queue &&
  !notBeside[channel].some((on) => it.channels[on] > 0);
const before = (x, y) => x.load - y.load || x.last - y.last || (x.id < y.id ? -1 : 1);
const choose = {
  minimum: () => agents.filter(takes).reduce((x, y) => (before(x, y) < 0 ? x : y)),
  sort: () => agents.filter(takes).sort(before)[0],
};
let now = 1700000000000;
let next = 0;
const owner = new Map();
const talking = [];
const give = (conversation, agent) => {
  agent.load += 1;
  agent.queues.main += 1;
  agent.channels[channel] += 1;
  agent.last = now;
  owner.set(conversation, agent);
  talking.push(conversation);
  return { type: 'assigned', conversation, agent: agent.id, at: now, how: 'auto' };
};
const release = (conversation) => {
  const agent = owner.get(conversation);
  owner.delete(conversation);
  agent.load -= 1;
  agent.queues.main -= 1;
  agent.channels[channel] -= 1;
};
for (let n = 0; n < AGENTS; n++) {
  for (let had = 0; had < n % LOADS; had++) {
    now += 7;
    give('conversation-' + next++, agents[n]);
  }
}
let said = 0;
let from = 0;
for (const how of ['minimum', 'sort']) {
  const cycle = () => {
    now += 7;
    release(talking[from++]);
    said += give('conversation-' + next++, choose[how]()).at;
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
if (said === 0) throw new Error('nothing was said');
";

pub(crate) fn measure() -> Result<Measured, String> {
    let script = SCRIPT
        .replace("AGENTS", &AGENTS_WITH_ROOM.to_string())
        .replace("SLOTS", &SLOTS_WITH_ROOM.to_string())
        .replace("LOADS", &LOADS.to_string());
    let said = Command::new("node").args(["-e", &script]).output();
    let said = said.map_err(|_| "node is not installed".to_owned())?;
    let said = String::from_utf8_lossy(&said.stdout);
    let mut numbers = said.lines().filter_map(|line| line.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(minimum), Some(sort)) => Ok(Measured { minimum, sort }),
        _ => Err("node said no numbers".to_owned()),
    }
}
