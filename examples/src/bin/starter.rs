//! A server to copy and go on from: `cargo run --bin starter --features rustls`, the platforms' keys in the environment.
//! What is typed is said in the conversation of the last message; `/end` ends it.

use std::{error::Error, sync::Arc, time::Duration};

use happytalk::core::event::StatusClass;
use happytalk::core::id::{AccountId, AgentId, ConversationId, MessageId, SiteId, Word};
use happytalk::core::{ChannelName, Content, Event, Secret, Stream, conversation::Phase};
use happytalk::routing::{self, AgentSpec, Queue};
use happytalk::scenario::Compiled;
use happytalk::{ContactCenter, Desk, DeskCommand, Entrance, MemoryStore, Settings};
use happytalk_examples::{clock, ids, setting, webhooks};
use happytalk_kakao::{Config as KakaoConfig, HAPPYTALK_PRODUCTION, Kakao};
use happytalk_naver::{Config as NaverConfig, Naver};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

const FLOW: &str = include_str!("../../../happytalk-scenario/scenarios/exchange-return.json");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // What to replace first: the store, by one that writes to disk.
    let store = Arc::new(MemoryStore::new());
    let flow = Compiled::load(FLOW).map_err(|diagnostics| format!("{diagnostics:?}"))?;
    let routing = routing::Settings::new(Queue::new("cs".parse()?));
    let settings = Settings::new(routing).with_main_bot(flow);
    let site: SiteId = "shop".parse()?;
    let blank = move || Desk::new(site.clone(), settings.clone());

    let timeout = Duration::from_secs(15);
    let http = Arc::new(reqwest::Client::builder().timeout(timeout).build()?);
    let sender: AccountId = setting("KAKAO_SENDER_KEY", "sender").parse()?;
    let secret = Secret::new(setting("KAKAO_CLIENT_SECRET", "unset"));
    let id = setting("KAKAO_CLIENT_ID", "unset");
    let kakao = KakaoConfig::new(HAPPYTALK_PRODUCTION, id, secret, sender.clone());
    let talk: AccountId = setting("NAVER_ACCOUNT", "talk").parse()?;
    let key = Secret::new(setting("NAVER_AUTHORIZATION", "unset"));
    let naver = NaverConfig::new(talk.clone(), key);
    let mut center = ContactCenter::open(blank, store, ids::since(clock::real()))
        .await?
        .with_channel(sender.clone(), Arc::new(Kakao::new(kakao, http.clone())?))
        .with_channel(talk.clone(), Arc::new(Naver::new(naver, http)?));
    let entrance = center.entrance();

    // The platforms sign nothing: a long random path for each account is what keeps strangers out.
    let route = |path: String, channel: ChannelName, account: AccountId| {
        webhooks::route(&path, entrance.clone(), channel, account, clock::real)
    };
    let (kakao, naver) = (ChannelName::KAKAO_CONSULT, ChannelName::NAVER_TALKTALK);
    let kakao = route(setting("KAKAO_PATH", "/kakao/change-me"), kakao, sender);
    let naver = route(setting("NAVER_PATH", "/naver/change-me"), naver, talk);
    let routes = kakao.merge(naver);
    let listener = tokio::net::TcpListener::bind(setting("LISTEN", "127.0.0.1:8080")).await?;
    println!("listening on {}", listener.local_addr()?);
    let server = tokio::spawn(async move {
        let stopped = async { drop(tokio::signal::ctrl_c().await) };
        let serving = axum::serve(listener, routes);
        serving.with_graceful_shutdown(stopped).await
    });

    let agent: AgentId = "me".parse()?;
    tokio::spawn(come_to_work(entrance.clone(), agent.clone()));
    let mut terminal = BufReader::new(stdin()).lines();
    let mut current: Option<ConversationId> = None;
    while !server.is_finished() {
        tokio::select! {
            () = center.ready() => {}
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            Ok(Some(line)) = terminal.next_line() => if let Some(conversation) = current.clone() {
                tokio::spawn(answer(entrance.clone(), agent.clone(), conversation, line));
            },
        }
        for line in center.deliver(clock::real()).await.lines {
            let told = (line.stream, line.event);
            let (Stream::Conversation(id), Event::CustomerSaid { message }) = told else {
                continue;
            };
            let words = message.open().map(|message| message.words());
            println!("[{id}] {}", words.unwrap_or_default());
            let conversation = center.desk().conversation(&id);
            if conversation.is_some_and(|it| it.phase() != Phase::Bot) {
                current = Some(id);
            }
        }
    }
    server.await??;
    Ok(())
}

async fn come_to_work(entrance: Entrance, agent: AgentId) -> Result<(), happytalk::Error> {
    let (name, spec) = (agent.clone(), AgentSpec::new());
    let set = DeskCommand::SetAgent { agent: name, spec };
    entrance.command(set).await?;
    let (status, class) = (Word::from_code("available"), StatusClass::Accepting);
    let on = DeskCommand::SetStatus {
        agent,
        status,
        class,
    };
    entrance.command(on).await
}

async fn answer(entrance: Entrance, agent: AgentId, conversation: ConversationId, line: String) {
    let message = MessageId::numbered(&conversation, clock::real().as_millis().unsigned_abs());
    let content = vec![Content::text(&line)];
    let command = match line.trim() {
        "/end" => DeskCommand::End {
            conversation,
            agent: Some(agent),
        },
        _ => DeskCommand::Say {
            agent,
            conversation,
            message,
            content,
        },
    };
    if let Err(error) = entrance.command(command).await {
        eprintln!("{error}");
    }
}
