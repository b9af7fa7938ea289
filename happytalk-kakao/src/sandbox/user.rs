//! What a person does on KakaoTalk, and what that causes.

use happytalk_core::Timestamp;
use happytalk_core::id::SessionId;
use happytalk_core::session::{SessionEnd, SessionInput};
use serde_json::{Map, json};

use super::event::Written;
use super::room::Room;
use super::{SESSION_FIRST, Sandbox};
use crate::dialect::Dialect;
use crate::kind::Kind;
use crate::start::FirstAnswer;

/// What a person types to end a consultation.
const END_COMMAND: &str = "!종료";

/// The longest key of a person, in characters.
const USER_KEY_CHARS_MAX: usize = 20;

/// What of a long text an event still holds, in characters. Assumed: at Bizgo, as much as is not long.
const LONG_TEXT_CHARS: usize = 300;

/// From where on a text is long, in characters; the dealers differ.
const fn text_chars_max(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Bizgo => 4000,
        _ => 1000,
    }
}

/// How long after a message the platform tells that it was read.
const READ_TOLD: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// What a person does.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserAct {
    /// Presses 상담하기: opens a session where none is open, and tells what the button carried.
    Ask {
        /// What the button carried.
        extra: Option<String>,
        /// Who has the first words: where that is the bot, nothing of it comes here.
        first_answer: FirstAnswer,
    },
    /// Writes; opens a session where none is open. `!종료` ends it. Assumed: the command itself is not told as a message.
    Write(String),
    /// Sends so many media of one kind at once.
    Send {
        /// What.
        media: UserMedia,
        /// How many.
        count: u8,
    },
    /// Presses the button of that label that was shown last. Assumed: `MD` sends the label, a line break and the words of the
    /// message; a page or an app that opens is told to nobody.
    Press(String),
    /// Talks to the channel's bot, which answers. It is told when a consultation is asked for after it.
    TalkToBot {
        /// What they say.
        words: String,
        /// What the bot says.
        answer: String,
    },
    /// Has read what was said.
    Read,
    /// Agrees to share phone number and name.
    ShareProfile {
        /// The number.
        phone_number: String,
        /// The name.
        nickname: String,
    },
    /// Leaves the room.
    Leave,
    /// Blocks the channel.
    BlockChannel,
    /// Takes that back.
    UnblockChannel,
}

impl UserAct {
    /// Writes these words.
    #[must_use]
    pub fn write(words: impl Into<String>) -> Self {
        Self::Write(words.into())
    }

    /// Presses the button of this label.
    #[must_use]
    pub fn press(label: impl Into<String>) -> Self {
        Self::Press(label.into())
    }

    /// Presses 상담하기 with what it carries, for us to answer.
    #[must_use]
    pub fn ask(extra: impl Into<String>) -> Self {
        Self::Ask {
            extra: Some(extra.into()),
            first_answer: FirstAnswer::Consultation,
        }
    }
}

/// The kind, and nothing of what they say.
impl std::fmt::Debug for UserAct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ask { .. } => "Ask",
            Self::Write(_) => "Write",
            Self::Send { .. } => "Send",
            Self::Press(_) => "Press",
            Self::TalkToBot { .. } => "TalkToBot",
            Self::Read => "Read",
            Self::ShareProfile { .. } => "ShareProfile",
            Self::Leave => "Leave",
            Self::BlockChannel => "BlockChannel",
            Self::UnblockChannel => "UnblockChannel",
        })
    }
}

/// What a person can send beside words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the platform documents these four")]
pub enum UserMedia {
    /// Pictures.
    Photo,
    /// Films.
    Video,
    /// Sounds.
    Audio,
    /// Other files.
    File,
}

impl UserMedia {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Photo => "jpg",
            Self::Video => "mp4",
            Self::Audio => "m4a",
            Self::File => "pdf",
        }
    }
}

/// Why a person cannot do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Impossible {
    /// A key is 1 to 20 characters.
    #[error("a user key is 1 to 20 characters")]
    UserKey,
    /// No button with that label was shown.
    #[error("no button with that label was shown")]
    NoButton,
    /// They blocked the channel themselves.
    #[error("they blocked the channel")]
    BlockedChannel,
    /// There is nothing to send.
    #[error("there is nothing to send")]
    Nothing,
}

impl Impossible {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UserKey => "kakao.sandbox.user_key",
            Self::NoButton => "kakao.sandbox.no_button",
            Self::BlockedChannel => "kakao.sandbox.blocked_channel",
            Self::Nothing => "kakao.sandbox.nothing",
        }
    }
}

impl Sandbox {
    /// Lets the person with this key do something; what that causes comes from [`poll_event`](Self::poll_event). Of somebody
    /// whom the centre blocked, nothing comes.
    ///
    /// # Errors
    /// [`Impossible`] where nobody could do that.
    pub fn user(&mut self, user: &str, act: &UserAct, now: Timestamp) -> Result<(), Impossible> {
        self.tick(now);
        if !(1..=USER_KEY_CHARS_MAX).contains(&user.chars().count()) {
            return Err(Impossible::UserKey);
        }
        let room = self.rooms.entry(user.into()).or_insert_with(Room::new);
        let is_blocked = room.is_blocked;
        if room.has_blocked && !matches!(act, UserAct::UnblockChannel) {
            return Err(Impossible::BlockedChannel);
        }
        match act {
            UserAct::Ask {
                extra,
                first_answer,
            } => {
                let is_open = room.session.is_open();
                let to_bot = match first_answer {
                    FirstAnswer::Consultation => false,
                    FirstAnswer::Bot => true,
                    FirstAnswer::BotUnlessOpen => !is_open,
                };
                if !to_bot && !is_blocked {
                    self.asks(user, extra.as_deref());
                }
            }
            UserAct::Write(words) if words.is_empty() => return Err(Impossible::Nothing),
            UserAct::Write(words) if words.trim() == END_COMMAND => {
                self.end_session(user, SessionEnd::Platform);
            }
            UserAct::Write(words) => self.writes(user, words, None),
            UserAct::Send { count: 0, .. } => return Err(Impossible::Nothing),
            UserAct::Send { media, count } => self.sends(user, *media, *count),
            UserAct::Press(label) => {
                let button = room.button(label).ok_or(Impossible::NoButton)?;
                let carries = button.carries.clone();
                match button.kind.as_str() {
                    "BK" => self.writes(user, label, carries.as_deref()),
                    "MD" => {
                        let shown = room.shown.iter().rev();
                        let body = shown
                            .filter(|shown| shown.buttons.iter().any(|one| one.label == *label))
                            .map(|shown| shown.words.clone())
                            .next();
                        let words = format!("{label}\n{}", body.unwrap_or_default());
                        self.writes(user, &words, carries.as_deref());
                    }
                    "BT" => {
                        self.goes_to_bot(user);
                    }
                    // A page or an app opens: nothing of that comes here.
                    _ => {}
                }
            }
            UserAct::TalkToBot { words, answer } => {
                room.bot_talk.push((false, words.as_str().into()));
                room.bot_talk.push((true, answer.as_str().into()));
            }
            UserAct::Read => {
                let recent = room
                    .said_at
                    .is_some_and(|at| self.now.since(at) <= READ_TOLD);
                if recent && room.session.is_open() {
                    let rest = [("msgType".to_owned(), "SEEN".into())];
                    self.tell_bizgo(Kind::SeenInfo, user, Map::from_iter(rest));
                }
            }
            UserAct::ShareProfile {
                phone_number,
                nickname,
            } => {
                if !room.shown.iter().any(|shown| shown.kind == "PERSONAL") {
                    return Err(Impossible::NoButton);
                }
                let info = json!({"phone_number": phone_number, "nickname": nickname});
                let rest = [
                    ("msgType".to_owned(), "PERSONAL".into()),
                    ("personalInfo".to_owned(), info),
                ];
                self.tell_bizgo(Kind::PersonalInfo, user, Map::from_iter(rest));
            }
            UserAct::Leave => {
                self.end_session(user, SessionEnd::Platform);
            }
            UserAct::BlockChannel => {
                room.has_blocked = true;
                self.end_session(user, SessionEnd::Platform);
            }
            UserAct::UnblockChannel => room.has_blocked = false,
        }
        Ok(())
    }

    fn asks(&mut self, user: &str, extra: Option<&str>) {
        let session = self.session_of(user, false);
        let now = self.now;
        let Some(room) = self.rooms.get_mut(user) else {
            return;
        };
        let last = room
            .last_asked_at
            .map(|at| (room.last_extra.clone().unwrap_or_default(), at));
        let came_from_bot = !room.bot_talk.is_empty();
        room.last_extra = extra.map(Into::into);
        room.last_asked_at = Some(now);
        let last = last
            .as_ref()
            .map(|(extra, at)| (&**extra, came_from_bot, *at));
        let last = last.or(came_from_bot.then_some(("", true, now)));
        self.tell_reference(user, &session, extra, last);
    }

    fn writes(&mut self, user: &str, words: &str, extra: Option<&str>) {
        if self.is_ignored(user) {
            return;
        }
        let session = self.session_of(user, true);
        let chars_max = text_chars_max(self.dialect);
        let is_long = words.chars().count() > chars_max;
        let full_text = is_long.then(|| {
            let url = format!("http://dn-m.talk.kakao.com/talkm/{}/full.txt", self.next());
            self.files.insert(url.as_str().into(), words.into());
            url
        });
        let shown = match (is_long, self.dialect) {
            (false, _) => words.to_owned(),
            (true, Dialect::Bizgo) => words.chars().take(chars_max).collect(),
            (true, _) => words.chars().take(LONG_TEXT_CHARS).collect(),
        };
        let written = Written {
            media: None,
            parts: vec![shown],
            full_text,
            extra,
        };
        self.tell_message(user, &session, &written);
    }

    fn sends(&mut self, user: &str, media: UserMedia, count: u8) {
        if self.is_ignored(user) {
            return;
        }
        let session = self.session_of(user, true);
        let host = "http://dn-m.talk.kakao.com/talkm";
        let parts = (0..count).map(|_| {
            let number = self.next();
            format!("{host}/{number}/{}.{}", media.as_str(), media.extension())
        });
        let written = Written {
            media: Some(media),
            parts: parts.collect(),
            full_text: None,
            extra: None,
        };
        self.tell_message(user, &session, &written);
    }

    /// To the channel's bot: the session ends.
    pub(super) fn goes_to_bot(&mut self, user: &str) -> Option<String> {
        let told = self.events.len();
        let ended = self.end_session(user, SessionEnd::Platform);
        if !self.tells_of_bot {
            self.events.truncate(told);
        }
        ended
    }

    fn is_ignored(&self, user: &str) -> bool {
        self.rooms.get(user).is_some_and(|room| room.is_blocked)
    }

    /// The open session, or one that opens by this; writing lengthens it.
    fn session_of(&mut self, user: &str, wrote: bool) -> String {
        let fresh = SESSION_FIRST.saturating_add(self.next()).to_string();
        let now = self.now;
        let room = self.rooms.entry(user.into()).or_insert_with(Room::new);
        let id: Option<SessionId> = match room.session.is_open() {
            true => room.session.id().cloned(),
            false => fresh.parse().ok(),
        };
        let input = match wrote {
            true => SessionInput::Heard(id.as_ref()),
            false => SessionInput::Entered(id.as_ref()),
        };
        if !room.session.is_open() {
            room.opened_at = Some(now);
        }
        for event in room.session.decide(&input, now) {
            room.session.apply(&event, now);
        }
        id.map_or(fresh, |id| id.to_string())
    }
}
