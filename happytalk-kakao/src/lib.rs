//! KakaoTalk 상담톡 as a happytalk channel.
