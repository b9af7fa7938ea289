//! A chat-consultation centre to embed: channels, bot, routing, figures and billing in one assembly.
