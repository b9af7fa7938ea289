//! A morning at a small shop, from the first webhook to the bill: `cargo run --bin quickstart`.
//!
//! The two platforms run beside the centre in this process and talk to it over real HTTP on loopback. The morning's
//! clock is passed in, so it takes a second or two.

use std::error::Error;
use std::fs;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use happytalk::billing::{Account, PriceBook, Statement};
use happytalk::core::event::{AutoKind, StatusClass, TransferTarget};
use happytalk::core::id::{AccountId, AgentId, ConversationId, MessageId, SiteId};
use happytalk::core::time::Zone;
use happytalk::core::{ChannelName, Content, Secret};
use happytalk::routing::{self, AgentSpec, Queue};
use happytalk::scenario::Compiled;
use happytalk::sqi::{Dimension, Figures, Options};
use happytalk::{ContactCenter, Delivered, Desk, DeskCommand, Entrance, MemoryStore, Settings};
use happytalk_examples::clock::Clock;
use happytalk_examples::sandbox::{Hooks, Sandbox};
use happytalk_examples::shop::Shop;
use happytalk_examples::{print, webhooks};
use happytalk_kakao::{Dialect, Kakao};
use happytalk_naver::Naver;
use happytalk_naver::sandbox::EventFault;

type Failure = Box<dyn Error + Send + Sync>;

/// The flow that ships with the scenario crate.
const FLOW: &str = include_str!("../../../happytalk-scenario/scenarios/exchange-return.json");
const SENDER_KEY: &str = "6ab1c9f0d3e24758a1b2c3d4e5f60718293a4b5c";
const TALK_ACCOUNT: &str = "wc1a2b";
/// The end of TalkTalk's route, which nobody can guess; the adapter looks at it too.
const NAVER_SEGMENT: &str = "p7Rw4ZkY1cQx9LmT";
/// What the shop paid in that month: a top-up and its plan.
const LEDGER: [&str; 2] = [
    r#"{"type":"top_up","key":"deposit-1","amount_won":110000,"vat":"included"}"#,
    r#"{"type":"plan_set","key":"plan-1","plan":"starter","accounts":2}"#,
];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let clock = Clock::new("2026-11-16T09:00:00+09:00".parse()?);
    let dealer = happytalk_kakao::sandbox::Sandbox::new(Dialect::HappytalkV1, SENDER_KEY.parse()?);
    let talk = happytalk_naver::sandbox::Sandbox::new(TALK_ACCOUNT.parse()?);
    let (sandbox, platforms) = Sandbox::start(clock.clone(), dealer, talk).await?;
    let mut morning = Morning::begin(clock, sandbox, &platforms).await?;
    morning.play().await?;
    morning.report(Path::new("target/quickstart"))
}

/// The centre, its platforms, and what happened so far.
struct Morning {
    center: ContactCenter,
    entrance: Entrance,
    store: Arc<MemoryStore>,
    site: SiteId,
    sandbox: Sandbox,
    clock: Clock,
    happened: Delivered,
    remarks: Vec<String>,
}

impl Morning {
    async fn begin(clock: Clock, sandbox: Sandbox, platforms: &str) -> Result<Self, Failure> {
        let site: SiteId = "shop".parse()?;
        let settings = settings()?;
        let desk_of = site.clone();
        let blank = move || {
            let account = Account::new(PriceBook::shipped(), Zone::default());
            Ok(Desk::new(desk_of.clone(), settings.clone())?.with_account(account))
        };
        let store = Arc::new(MemoryStore::new());
        let mut number = 0;
        let mint = move || {
            number += 1;
            format!("c-{number}")
                .parse::<ConversationId>()
                .expect("a short plain id")
        };
        let http = Arc::new(
            reqwest::Client::builder()
                .timeout(Duration::from_secs(15))
                .build()?,
        );
        let (sender_key, talk): (AccountId, AccountId) =
            (SENDER_KEY.parse()?, TALK_ACCOUNT.parse()?);
        let kakao = sandbox.kakao().with(|dealer| dealer.config(platforms));
        let naver = sandbox.naver().with(|platform| platform.config(platforms));
        let naver = naver.with_route_segment(Secret::new(NAVER_SEGMENT));
        let center = ContactCenter::open(blank, store.clone(), mint)
            .await?
            .with_channel(
                sender_key.clone(),
                Arc::new(Kakao::new(kakao, http.clone())?),
            )
            .with_channel(talk.clone(), Arc::new(Naver::new(naver, http)?))
            .with_calls(Arc::new(Shop));
        let entrance = center.entrance();

        let kakao_path = "/kakao/n3X9qL2vT8";
        let naver_path = &format!("/naver/{NAVER_SEGMENT}");
        let now = |clock: &Clock| {
            let clock = clock.clone();
            move || clock.now()
        };
        let routes = webhooks::route(
            kakao_path,
            entrance.clone(),
            ChannelName::KAKAO_CONSULT,
            sender_key,
            now(&clock),
        )
        .merge(webhooks::route(
            naver_path,
            entrance.clone(),
            ChannelName::NAVER_TALKTALK,
            talk,
            now(&clock),
        ));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let host = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        sandbox.call_back(Hooks {
            kakao: format!("{host}{kakao_path}"),
            naver: format!("{host}{naver_path}"),
        });
        let (happened, remarks) = (Delivered::default(), Vec::new());
        Ok(Self {
            center,
            entrance,
            store,
            site,
            sandbox,
            clock,
            happened,
            remarks,
        })
    }

    /// Lets `what` happen and everything that follows from it, then lets `seconds` pass.
    async fn then<T>(&mut self, seconds: u64, what: impl Future<Output = T>) -> T {
        let mut what = pin!(what);
        let mut came_to = None;
        while came_to.is_none() || !self.sandbox.is_quiet() || !self.center.is_idle() {
            tokio::select! {
                result = &mut what, if came_to.is_none() => came_to = Some(result),
                () = self.center.ready() => {}
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
            self.deliver().await;
        }
        self.wait(seconds).await;
        came_to.expect("the loop ends once it has")
    }

    /// Lets time pass, stopping at every deadline on the way.
    async fn wait(&mut self, seconds: u64) {
        let until = self.clock.now().plus(Duration::from_secs(seconds));
        while let Some(due) = self.center.next_deadline().filter(|due| *due <= until) {
            self.clock.pass(due.since(self.clock.now()));
            self.deliver().await;
        }
        self.clock.pass(until.since(self.clock.now()));
    }

    async fn deliver(&mut self) {
        let Delivered {
            lines,
            explanations,
            passed_over,
            failed,
            ..
        } = self.center.deliver(self.clock.now()).await;
        self.happened.lines.extend(lines);
        self.happened.explanations.extend(explanations);
        self.happened.passed_over.extend(passed_over);
        self.happened.failed.extend(failed);
    }

    async fn command(&mut self, seconds: u64, command: DeskCommand) -> Result<(), Failure> {
        let entrance = self.entrance.clone();
        Ok(self
            .then(seconds, async move { entrance.command(command).await })
            .await?)
    }

    async fn says(&mut self, agent: &str, conversation: &str, words: &str) -> Result<(), Failure> {
        let message: MessageId = format!("{agent}-{}", self.happened.lines.len()).parse()?;
        let (agent, conversation) = (agent.parse()?, conversation.parse()?);
        let content = vec![Content::text(words)];
        self.command(
            20,
            DeskCommand::Say {
                agent,
                conversation,
                message,
                content,
            },
        )
        .await
    }

    async fn play(&mut self) -> Result<(), Failure> {
        for json in LEDGER {
            self.command(
                0,
                DeskCommand::Book {
                    json: json.to_owned(),
                },
            )
            .await?;
        }
        for (order, name) in ["kim", "lee"].into_iter().enumerate() {
            let agent: AgentId = name.parse()?;
            let spec = AgentSpec::new()
                .with_order(u32::try_from(order)? + 1)
                .with_cap(2)
                .with_group("cs".parse()?);
            self.command(
                0,
                DeskCommand::SetAgent {
                    agent: agent.clone(),
                    spec,
                },
            )
            .await?;
            let class = StatusClass::Accepting;
            self.command(
                0,
                DeskCommand::SetStatus {
                    agent,
                    status: "상담가능".parse()?,
                    class,
                },
            )
            .await?;
        }
        self.solved_by_the_bot().await?;
        self.answered_by_an_agent().await?;
        self.transferred_on_talktalk().await?;
        self.abandoned_in_the_queue().await?;
        self.fallen_silent_on_talktalk().await?;
        self.back_with_the_bot_on_talktalk().await?;
        // After-work, and whatever else has a limit, runs out.
        self.wait(3_600).await;
        Ok(())
    }

    /// c-1: an exchange from the first word to the claim number, without an agent.
    async fn solved_by_the_bot(&mut self) -> Result<(), Failure> {
        let customer = self.sandbox.kakao_user("k-ann");
        self.then(10, customer.ask("footer")).await;
        self.then(8, customer.press("교환")).await;
        self.then(10, customer.say("20261110-000123x")).await;
        self.then(12, customer.say("20261110-0001234")).await;
        self.then(9, customer.say("010-1234-5678")).await;
        self.then(7, customer.press("단순변심")).await;
        self.then(60, customer.press("접수하기")).await;
        Ok(())
    }

    /// c-2: a person is asked for, answers, and ends it. One webhook comes twice, and one is no JSON.
    async fn answered_by_an_agent(&mut self) -> Result<(), Failure> {
        let customer = self.sandbox.kakao_user("k-bo");
        self.then(15, customer.say("안녕하세요")).await;
        let (status, body) = self.then(1, customer.say("상담원 연결")).await;
        let hook = format!("{}/message", self.sandbox.hooks_for_kakao());
        let (sandbox, again) = (self.sandbox.clone(), hook.clone());
        let repeated = self
            .then(1, async move { sandbox.post(&again, body).await })
            .await;
        self.remarks.push(format!(
            "the same webhook twice: answered {status}, then {repeated}, taken once"
        ));
        let sandbox = self.sandbox.clone();
        let broken = self
            .then(20, async move {
                sandbox.post(&hook, "{\"user_key\":".to_owned()).await
            })
            .await;
        self.remarks.push(format!(
            "a broken body: answered {broken}, and the next one was served"
        ));

        self.says("kim", "c-2", "안녕하세요, 무엇을 도와드릴까요?")
            .await?;
        self.then(25, customer.say("주문한 티셔츠 사이즈를 바꾸고 싶어요."))
            .await;
        self.says("kim", "c-2", "M 사이즈로 교환 접수해 드렸습니다.")
            .await?;
        self.then(10, customer.say("감사합니다!")).await;
        self.end("c-2", "kim", 45).await?;
        self.command(
            30,
            DeskCommand::EndAfterWork {
                conversation: "c-2".parse()?,
            },
        )
        .await
    }

    /// c-3: from one agent to another, who accepts.
    async fn transferred_on_talktalk(&mut self) -> Result<(), Failure> {
        let customer = self.sandbox.naver_user("nv-7Qk2mZtYw0aXcV9Lb3P");
        self.then(12, customer.open()).await;
        self.then(20, customer.say("상담원")).await;
        let first = self.owner("c-3")?;
        let second: AgentId = if first.as_str() == "kim" {
            "lee"
        } else {
            "kim"
        }
        .parse()?;
        self.says(first.as_str(), "c-3", "네, 고객님. 어떤 상품 문의이신가요?")
            .await?;
        self.then(20, customer.say("대량 구매 견적을 받고 싶어요."))
            .await;
        let (conversation, to): (ConversationId, _) =
            ("c-3".parse()?, TransferTarget::Agent(second.clone()));
        let asked = DeskCommand::RequestTransfer {
            agent: first,
            conversation: conversation.clone(),
            to,
        };
        self.command(25, asked).await?;
        self.command(
            15,
            DeskCommand::AcceptTransfer {
                agent: second.clone(),
                conversation,
            },
        )
        .await?;
        self.says(
            second.as_str(),
            "c-3",
            "견적 담당입니다. 수량을 알려 주시겠어요?",
        )
        .await?;
        self.then(15, customer.say("200장이요.")).await;
        self.says(second.as_str(), "c-3", "메일로 견적서를 보내 드리겠습니다.")
            .await?;
        self.end("c-3", second.as_str(), 40).await
    }

    /// c-4 and c-5: both agents are on a break. One customer waits a minute and leaves; the next is still there when
    /// the agents are back, and is given to one of them in the same moment.
    async fn abandoned_in_the_queue(&mut self) -> Result<(), Failure> {
        self.everybody("휴식", StatusClass::Paused).await?;
        let customer = self.sandbox.kakao_user("k-cha");
        self.then(9, customer.ask("item-42")).await;
        self.then(60, customer.say("상담원 연결해 주세요")).await;
        let patient = self.sandbox.kakao_user("k-dia");
        self.then(6, patient.ask("item-7")).await;
        self.then(40, patient.say("상담사 연결")).await;
        self.then(30, customer.leave()).await;
        self.everybody("상담가능", StatusClass::Accepting).await?;
        let owner = self.owner("c-5")?;
        self.says(
            owner.as_str(),
            "c-5",
            "기다려 주셔서 감사합니다. 무엇을 도와드릴까요?",
        )
        .await?;
        self.then(15, patient.say("배송지를 바꿔 주세요.")).await;
        self.says(owner.as_str(), "c-5", "변경해 드렸습니다.")
            .await?;
        self.end("c-5", owner.as_str(), 30).await
    }

    /// c-6: the bot does not understand, hands over, and the customer never comes back.
    async fn fallen_silent_on_talktalk(&mut self) -> Result<(), Failure> {
        let customer = self.sandbox.naver_user("nv-Zz81LmNoPqRsTuVwXy2");
        self.then(10, customer.open()).await;
        for words in ["포인트는 어디서 보나요", "적립금 말이에요", "그게 아니라요"]
        {
            self.then(12, customer.say(words)).await;
        }
        let owner = self.owner("c-6")?;
        self.says(
            owner.as_str(),
            "c-6",
            "포인트는 마이페이지 상단에서 보실 수 있어요.",
        )
        .await?;
        self.then(5, customer.say("찾았어요")).await;
        self.says(
            owner.as_str(),
            "c-6",
            "다행입니다. 더 도와드릴 것이 있을까요?",
        )
        .await?;
        self.wait(1_900).await;
        Ok(())
    }

    /// c-7: whoever talked with two agents on c-3 comes again, is told of twice, and goes from the bot to an agent and back
    /// to the bot, with echoes on all the while.
    async fn back_with_the_bot_on_talktalk(&mut self) -> Result<(), Failure> {
        let customer = self.sandbox.naver_user("nv-7Qk2mZtYw0aXcV9Lb3P");
        // From the list of chats a customer is only reading, so nobody says anything.
        self.then(30, customer.look()).await;
        let talk = self.sandbox.naver();
        talk.with(|talk| talk.fail_next_event(EventFault::Twice));
        self.then(8, customer.open()).await;
        self.then(15, customer.say("상담원")).await;
        let owner = self.owner("c-7")?;
        self.says(owner.as_str(), "c-7", "반품은 챗봇이 바로 접수해 드려요.")
            .await?;
        let back = DeskCommand::ReturnToBot {
            conversation: "c-7".parse()?,
            agent: Some(owner),
            next: "c-7-bot".parse()?,
        };
        self.command(5, back).await?;
        self.then(10, customer.press("반품")).await;
        self.then(9, customer.say("20261110-0001234")).await;
        self.then(8, customer.say("010-1234-5678")).await;
        self.then(7, customer.press("단순변심")).await;
        self.then(60, customer.press("접수하기")).await;
        let received = self.sandbox.received();
        let said = received
            .iter()
            .filter(|request| request.platform == "naver" && request.body["event"] == "send");
        let (said, echoes) = (said.count(), self.sandbox.echoes());
        self.remarks.push(format!(
            "TalkTalk with echoes on: {said} messages out, {echoes} echoes back, and no answer to any"
        ));
        if said != echoes {
            return Err("what was said and what came back differ".into());
        }
        Ok(())
    }

    async fn everybody(&mut self, status: &str, class: StatusClass) -> Result<(), Failure> {
        for agent in ["kim", "lee"] {
            let command = DeskCommand::SetStatus {
                agent: agent.parse()?,
                status: status.parse()?,
                class,
            };
            self.command(0, command).await?;
        }
        Ok(())
    }

    async fn end(&mut self, conversation: &str, agent: &str, seconds: u64) -> Result<(), Failure> {
        let (conversation, agent) = (conversation.parse()?, Some(agent.parse()?));
        self.command(
            seconds,
            DeskCommand::End {
                conversation,
                agent,
            },
        )
        .await
    }

    fn owner(&self, conversation: &str) -> Result<AgentId, Failure> {
        let conversation = self.center.desk().conversation(&conversation.parse()?);
        let owner = conversation
            .and_then(|conversation| conversation.agent())
            .cloned();
        owner.ok_or_else(|| "nobody has the conversation".into())
    }

    fn report(&self, folder: &Path) -> Result<(), Failure> {
        let lines = &self.happened.lines;
        print::heading("대화 · Transcript");
        print::transcript(lines, &Zone::default());
        print::heading("나간 요청 · Requests that went out");
        print::requests(&self.sandbox.received());
        print::heading("배분 · Who got which conversation, and why");
        print::explanations(&self.happened.explanations);
        print::heading("그 밖에 · Besides");
        for remark in &self.remarks {
            println!("- {remark}");
        }

        let mut by_agent = Figures::new(Options::new().with_by([Dimension::Agent]));
        let mut whole = Figures::new(Options::new());
        for line in lines {
            by_agent.push(line)?;
            whole.push(line)?;
        }
        print::heading("상담품질지표 · Service quality indicators");
        print::figures(&whole.report());
        print::heading("상담사별 · By agent");
        print::figures(&by_agent.report());
        print::heading("톡캐시 · The bill");
        let statement = self.statement()?;
        print::bill(&statement);

        fs::create_dir_all(folder)?;
        let log = folder.join("log.jsonl");
        fs::write(&log, self.store.log(&self.site))?;
        fs::write(folder.join("sqi.json"), whole.report().to_json())?;
        fs::write(folder.join("bill.json"), statement.to_json())?;
        print::heading("로그 · The log");
        println!(
            "{} lines in {}. The same figures again from the log:",
            lines.len(),
            log.display()
        );
        println!("  cargo run --bin happytalk -- sqi {}", log.display());
        println!("  cargo run --bin happytalk -- bill {}", log.display());
        Ok(())
    }

    fn statement(&self) -> Result<Statement, Failure> {
        let account = self
            .center
            .desk()
            .account()
            .ok_or("the desk has a ledger")?;
        Ok(account.statement())
    }
}

fn settings() -> Result<Settings, Failure> {
    let flow = Compiled::load(FLOW).map_err(|diagnostics| format!("{diagnostics:?}"))?;
    let queue = Queue::new("cs".parse()?);
    let routing = routing::Settings::new(queue).with_explanations();
    let mut settings = Settings::new(routing)
        .with_main_bot(flow)
        .with_text(
            AutoKind::Greeting,
            "상담원을 연결하고 있어요. 잠시만 기다려 주세요.".parse()?,
        )
        .with_text(
            AutoKind::Closing,
            "상담을 마칩니다. 이용해 주셔서 감사합니다.".parse()?,
        );
    settings.closing.after_work = Some(Duration::from_secs(600));
    Ok(settings)
}
