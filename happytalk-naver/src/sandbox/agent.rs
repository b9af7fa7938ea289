//! What an agent of the partner centre (파트너센터) does, and the platform by itself.

use happytalk_core::Timestamp;
use happytalk_core::outbound::Owner;
use serde_json::{Value, json};

use super::Sandbox;
use super::event::EchoBy;
use super::room::Shown;
use super::user::Impossible;

/// The agent's name in the partner centre.
const NICKNAME: &str = "톡톡상담원";

/// What an agent of the partner centre does in a room, or the account by itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AgentAct {
    /// Writes.
    Write(String),
    /// Sends a file, whose address works until that day.
    SendFile {
        /// Its name.
        name: String,
        /// The last day, `yyyy-MM-dd`.
        expires_on: String,
    },
    /// Ends the consultation (상담 완료하기): the room is the bot's again. In a room that is the bot's already nobody is
    /// told.
    Complete,
    /// Leaves the room.
    Leave,
    /// A marketing message (마케팅 메시지) of the account.
    Advertise(String),
    /// A smart notification (스마트알림).
    Notify(String),
}

impl AgentAct {
    /// Writes these words.
    #[must_use]
    pub fn write(words: impl Into<String>) -> Self {
        Self::Write(words.into())
    }
}

/// The kind, and nothing of what is said.
impl std::fmt::Debug for AgentAct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Write(_) => "Write",
            Self::SendFile { .. } => "SendFile",
            Self::Complete => "Complete",
            Self::Leave => "Leave",
            Self::Advertise(_) => "Advertise",
            Self::Notify(_) => "Notify",
        })
    }
}

impl Sandbox {
    /// Lets an agent of the partner centre do something in the room of `user`.
    ///
    /// # Errors
    /// [`Impossible::NoRoom`].
    pub fn agent(&mut self, user: &str, act: &AgentAct, now: Timestamp) -> Result<(), Impossible> {
        self.tick(now);
        let Some(room) = self.rooms.get_mut(user) else {
            return Err(Impossible::NoRoom);
        };
        let agent = EchoBy::Agent(NICKNAME);
        match act {
            AgentAct::Write(words) => {
                self.appear(user, words);
                let content = json!({"textContent": {"text": words, "inputType": "typing"}});
                self.echo(user, "send", agent, content);
            }
            AgentAct::SendFile { name, expires_on } => {
                self.appear(user, name);
                let number = self.next();
                let url = format!("https://files.sandbox.invalid/{number}");
                let file = json!({"downloadUrl": url, "fileName": name, "expireDate": expires_on});
                let content = json!({"textContent": {}, "fileContent": file});
                self.echo(user, "send", agent, content);
            }
            AgentAct::Complete => {
                if room.owner == Owner::Agents {
                    room.owner = Owner::Bot;
                    let metadata = json!({"managerNickname": NICKNAME, "autoEnd": false});
                    let options =
                        json!({"control": "passThread", "metadata": metadata.to_string()});
                    if self.hands_over {
                        self.tell("handover", user, json!({"options": options}));
                    }
                }
            }
            AgentAct::Leave => self.echo(user, "leave", agent, Value::Null),
            AgentAct::Advertise(words) => {
                self.appear(user, words);
                let number = self.next();
                let marketing = json!({"marketingMessageNo": number, "marketingText": words});
                let content = json!({"textContent": {}, "marketingContent": marketing});
                self.echo(user, "send", EchoBy::Platform, content);
            }
            AgentAct::Notify(words) => {
                self.appear(user, words);
                let content = json!({"textContent": {"text": words, "inputType": "alarm"}});
                self.echo(user, "send", EchoBy::Platform, content);
            }
        }
        Ok(())
    }

    fn appear(&mut self, user: &str, words: &str) {
        let room = self.enter(user);
        room.has_talk = true;
        room.has_spoken_since = false;
        room.shown.push(Shown {
            is_agent: true,
            words: words.to_owned(),
            ..Shown::default()
        });
    }
}
