//! `decode`: a webhook body in, what the platform told out.

use std::io::Write;

use happytalk_core::Inbound;
use happytalk_core::id::AccountId;
use happytalk_kakao::{Dialect, Kind};
use happytalk_naver::EntryPoints;

use crate::args::{Decode, DecodeChannel};
use crate::failure::{Failure, Outcome, Place};
use crate::source::Source;

pub(crate) fn run(args: &Decode, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let inbound = match &args.channel {
        DecodeChannel::Kakao {
            kind,
            dialect,
            account,
        } => {
            let kind: Kind = kind.parse().map_err(Failure::usage)?;
            let dialect: Dialect = dialect.parse().map_err(Failure::usage)?;
            let account = account_id(account.as_deref())?;
            let (name, body) = Source::stdin().bytes(happytalk_kakao::BODY_BYTES_MAX)?;
            dialect
                .decode(kind, &body, account.as_ref())
                .map_err(|error| kakao(&name, &error))?
        }
        DecodeChannel::Naver {
            account,
            entry_points,
        } => {
            let account = account_id(account.as_deref())?;
            let (name, body) = Source::stdin().bytes(happytalk_naver::BODY_BYTES_MAX)?;
            let mut inbound = happytalk_naver::decode(&body, account.as_ref())
                .map_err(|error| naver(&name, &error))?;
            if *entry_points {
                let doors = EntryPoints::shipped();
                inbound.iter_mut().for_each(|one| doors.mark(one));
            }
            inbound
        }
    };
    for one in &inbound {
        writeln!(out, "{}", Inbound::to_json(one))?;
    }
    Ok(Outcome::Fine)
}

fn account_id(text: Option<&str>) -> Result<Option<AccountId>, Failure> {
    let id = text.map(str::parse).transpose();
    id.map_err(|error| Failure::usage(format!("bad value of `--account`: {error}")))
}

fn kakao(name: &str, error: &happytalk_kakao::Error) -> Failure {
    match error {
        happytalk_kakao::Error::BadJson(error) => Failure::json(name, error),
        happytalk_kakao::Error::BadId { source, .. } => {
            Failure::at(name, Place::START, format!("{error}: {source}"))
        }
        other => Failure::at(name, Place::START, other),
    }
}

fn naver(name: &str, error: &happytalk_naver::Error) -> Failure {
    match error {
        happytalk_naver::Error::BadBody { fault } => Failure::json(name, fault),
        happytalk_naver::Error::BadUser { source, .. } => {
            Failure::at(name, Place::START, format!("{error}: {source}"))
        }
        other => Failure::at(name, Place::START, other),
    }
}
