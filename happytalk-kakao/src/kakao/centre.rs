//! The centre's calls as methods: asked, answered, read.

use happytalk_core::id::{CustomerId, ProviderId};
use happytalk_core::inbound::Private;
use happytalk_core::transport::Body;

use super::Kakao;
use crate::centre::{
    Category, CentreCall, ConsultSession, ConsultTime, NewSender, ReceiveDomains, Sender,
    SystemMessage,
};
use crate::error::Error;
use crate::wire;

/// The centre's calls. Each fails with [`Error::NotInDialect`] where the dealer has no such call, with
/// [`Error::Incomplete`] and [`Error::OverLimit`] where the platform would not take it, both before anything is sent,
/// and then as any call does.
impl Kakao {
    /// Sends the channel's administrator a token by 알림톡, good for 7 days; registering takes it.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn request_sender_token(
        &self,
        channel_id: impl Into<String> + Send,
        phone: impl Into<String> + Send,
    ) -> Result<(), Error> {
        let (channel_id, phone) = (channel_id.into(), phone.into());
        self.order(&CentreCall::SenderToken { channel_id, phone })
            .await
    }

    /// Registers a profile (발신프로필) and gives what is known of it then. Its key is what a
    /// [`Config`](crate::Config) for it is made with.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn create_sender(&self, sender: NewSender) -> Result<Sender, Error> {
        self.ask(&CentreCall::CreateSender(sender), wire::sender)
            .await
    }

    /// What is known of the profile.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn sender(&self) -> Result<Sender, Error> {
        self.ask(&CentreCall::Sender {}, wire::sender).await
    }

    /// Where events are posted to.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn receive_domains(&self) -> Result<ReceiveDomains, Error> {
        let call = CentreCall::ReceiveDomains {};
        self.ask(&call, wire::receive_domains).await
    }

    /// Posts events below `domain` from now on, which should hold a path segment that nobody can guess: nothing else
    /// proves who posts.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn set_receive_domain(&self, domain: impl Into<String> + Send) -> Result<(), Error> {
        let domain = domain.into();
        self.order(&CentreCall::SetReceiveDomain { domain }).await
    }

    /// The class of `code`, or all classes that a channel can be of.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn categories(&self, code: Option<&str>) -> Result<Vec<Category>, Error> {
        let code = code.map(str::to_owned);
        let call = CentreCall::Categories { code };
        self.ask(&call, wire::categories).await
    }

    /// The system message of `id`, or all; an id that is not known gives none.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn system_messages(&self, id: Option<&str>) -> Result<Vec<SystemMessage>, Error> {
        let id = id.map(str::to_owned);
        let call = CentreCall::SystemMessages { id };
        self.ask(&call, wire::system_messages).await
    }

    /// Switches the channel's chat function on: what `kakao.chat_off` asks for.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn activate_chat(&self) -> Result<(), Error> {
        self.order(&CentreCall::ActivateChat {}).await
    }

    /// Switches the channel's chat function off.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn deactivate_chat(&self) -> Result<(), Error> {
        self.order(&CentreCall::DeactivateChat {}).await
    }

    /// Starts using 상담톡 with the profile, its content entrusted to `company` (위탁사).
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn activate_sender(&self, company: impl Into<String> + Send) -> Result<(), Error> {
        let company = company.into();
        self.order(&CentreCall::ActivateSender { company }).await
    }

    /// Stops using 상담톡 with the profile, which deletes its consult times.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn deactivate_sender(&self, company: impl Into<String> + Send) -> Result<(), Error> {
        let company = company.into();
        self.order(&CentreCall::DeactivateSender { company }).await
    }

    /// The customer's last session.
    ///
    /// # Errors
    /// Those of any of the centre's calls; `kakao.not_found` where there never was one.
    pub async fn session(&self, customer: &CustomerId) -> Result<ConsultSession, Error> {
        let customer = customer.clone();
        let call = CentreCall::Session { customer };
        self.ask(&call, wire::session).await
    }

    /// Takes a message back, for good. `message` is the id that its receipt gave.
    ///
    /// # Errors
    /// Those of any of the centre's calls; `kakao.wrong_state` where it cannot be taken back.
    pub async fn delete_message(
        &self,
        customer: &CustomerId,
        message: &ProviderId,
    ) -> Result<(), Error> {
        let (customer, message) = (customer.clone(), message.clone());
        self.order(&CentreCall::DeleteMessage { customer, message })
            .await
    }

    /// The hours that the channel's home page shows.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn consult_times(&self) -> Result<Vec<ConsultTime>, Error> {
        let call = CentreCall::ConsultTimes {};
        self.ask(&call, wire::consult_times).await
    }

    /// Shows other hours on the channel's home page. Once there are some they can be changed, not removed.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn set_consult_times(&self, days: Vec<ConsultTime>) -> Result<(), Error> {
        self.order(&CentreCall::SetConsultTimes { days }).await
    }

    /// What the customer and the channel's bot said before, each message as its JSON: no document names its members.
    ///
    /// # Errors
    /// Those of any of the centre's calls.
    pub async fn bot_history(&self, customer: &CustomerId) -> Result<Vec<Private>, Error> {
        let customer = customer.clone();
        let call = CentreCall::BotHistory { customer };
        self.ask(&call, wire::bot_history).await
    }

    async fn order(&self, call: &CentreCall) -> Result<(), Error> {
        self.ask(call, |_| Some(())).await
    }

    async fn ask<T>(
        &self,
        call: &CentreCall,
        read: impl Fn(&str) -> Option<T> + Send,
    ) -> Result<T, Error> {
        let call = wire::centre_call(call, &self.config, &self.api)?;
        let endpoint = call.endpoint;
        let request = call.request.map(Body::from);
        let response = self.exchange(endpoint, request).await?;
        let answered = wire::read_answer(endpoint, self.config.dialect, &response)?;
        read(answered.payload).ok_or(Error::BadReply {
            endpoint,
            status: response.status().as_u16(),
        })
    }
}
