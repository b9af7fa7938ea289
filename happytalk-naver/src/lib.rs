//! Naver TalkTalk as a happytalk channel.
