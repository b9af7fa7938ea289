//! The routes that the platforms call. Each account has a path of its own that nobody can guess.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use happytalk::Entrance;
use happytalk::core::ChannelName;
use happytalk::core::id::AccountId;
use happytalk::core::time::Timestamp;

/// The longest body a platform sends: TalkTalk's profiles are large.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Where one account's webhooks come in.
#[derive(Clone)]
struct Route {
    entrance: Entrance,
    channel: ChannelName,
    account: AccountId,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// The route of one account below `path`, such as `/kakao/{a long random word}`.
pub fn route(
    path: &str,
    entrance: Entrance,
    channel: ChannelName,
    account: AccountId,
    now: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> Router {
    let route = Route {
        entrance,
        channel,
        account,
        now: Arc::new(now),
    };
    Router::new()
        .route(path, post(receive))
        .route(&format!("{path}/{{event}}"), post(receive))
        .with_state(route)
}

async fn receive(State(route): State<Route>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        let mut refused = Response::new(Body::empty());
        *refused.status_mut() = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        return refused;
    };
    let request = axum::http::Request::from_parts(parts, body.to_vec());
    let now = (route.now)();
    route
        .entrance
        .receive(&route.channel, &route.account, request, now)
        .await
        .map(Body::from)
}
