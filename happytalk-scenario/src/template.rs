//! Texts with holes: `{{order.item|josa:'은/는'}}`.

use std::fmt::Write as _;

use happytalk_core::{Rounding, Timestamp, Value, Won};

use crate::env::Env;
use crate::expr::{Path, Scope, day};
use crate::hangul::Josa;

/// What is done to a value before it is shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// `6,000원`.
    Won,
    /// A date or time by a pattern such as `M월 D일`.
    Date(String),
    /// A time as people say it: `내일 오전 9시`.
    When,
    /// The value and the particle that follows it.
    Josa(Josa),
    /// What is personal as stars.
    Mask,
    /// An enum value as the label of the button that sets it.
    Word,
    /// Upper case.
    Upper,
    /// What is shown where there is no value.
    Default(String),
}

/// The names of the filters, for a hint.
pub(crate) const FILTERS: [&str; 8] = [
    "won", "date", "when", "josa", "mask", "word", "upper", "default",
];

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Words(String),
    Hole(Path, Vec<Filter>),
}

/// A text with holes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// `{{` without `}}`.
    Open,
    /// What stands in the hole is no path.
    Path(String),
    /// There is no such filter.
    Filter(String),
    /// The filter needs an argument, takes none, or does not understand it.
    Argument(String),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            if !before.is_empty() {
                parts.push(Part::Words(before.to_owned()));
            }
            let (hole, after) = after.split_once("}}").ok_or(TemplateError::Open)?;
            parts.push(Self::hole(hole)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Words without holes.
    pub(crate) fn words(text: &str) -> Self {
        Self(vec![Part::Words(text.to_owned())])
    }

    fn hole(text: &str) -> Result<Part, TemplateError> {
        let mut pieces = split_filters(text).into_iter();
        let path = pieces.next().unwrap_or("").trim();
        let path = Path::read(path).ok_or_else(|| TemplateError::Path(path.to_owned()))?;
        let filters = pieces.map(Filter::read).collect::<Result<_, _>>()?;
        Ok(Part::Hole(path, filters))
    }

    /// The holes, with their filters.
    pub(crate) fn holes(&self) -> impl Iterator<Item = (&Path, &[Filter])> {
        self.0.iter().filter_map(|part| match part {
            Part::Hole(path, filters) => Some((path, filters.as_slice())),
            Part::Words(_) => None,
        })
    }

    /// The text, where it has no holes.
    pub(crate) fn as_words(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Words(words)] => Some(words),
            _ => None,
        }
    }

    /// The text as people know it: holes by their names, without filters.
    pub(crate) fn source(&self) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Words(words) => words.clone(),
            Part::Hole(path, _) => format!("{{{{{path}}}}}"),
        });
        parts.collect()
    }

    /// The words between the holes.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Words(words) => Some(words.as_str()),
            Part::Hole(..) => None,
        })
    }

    /// Whether nothing would ever be shown.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Words(words) => crate::normal::n1(words).is_empty(),
            Part::Hole(..) => false,
        })
    }

    /// The text with its holes filled. `word` gives the label of an enum value of a path.
    pub(crate) fn render<'w>(
        &self,
        scope: &Scope<'_>,
        word: &dyn Fn(&Path, &str) -> Option<&'w str>,
    ) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Words(words) => out.push_str(words),
                Part::Hole(path, filters) => {
                    let value = scope.lookup(path);
                    out.push_str(&shown(path, &value, filters, scope.env, word));
                }
            }
        }
        out
    }
}

/// Splits at `|`, but not inside quotes.
fn split_filters(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (place, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '|' if !quoted => {
                pieces.push(text.get(start..place).unwrap_or(""));
                start = place + 1;
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or(""));
    pieces
}

impl Filter {
    fn read(text: &str) -> Result<Self, TemplateError> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name.trim(), Some(argument.trim())),
            None => (text.trim(), None),
        };
        if !FILTERS.contains(&name) {
            return Err(TemplateError::Filter(name.to_owned()));
        }
        let refused = || TemplateError::Argument(name.to_owned());
        let quoted = argument
            .and_then(|text| text.strip_prefix('\'')?.strip_suffix('\''))
            .map(str::to_owned);
        match (name, argument, quoted) {
            ("won", None, _) => Ok(Self::Won),
            ("when", None, _) => Ok(Self::When),
            ("mask", None, _) => Ok(Self::Mask),
            ("word", None, _) => Ok(Self::Word),
            ("upper", None, _) => Ok(Self::Upper),
            ("date", _, Some(pattern)) => Ok(Self::Date(pattern)),
            ("default", _, Some(text)) => Ok(Self::Default(text)),
            ("josa", _, Some(pair)) => Josa::read(&pair).map(Self::Josa).ok_or_else(refused),
            _ => Err(refused()),
        }
    }
}

fn shown<'w>(
    path: &Path,
    value: &Value,
    filters: &[Filter],
    env: &Env,
    word: &dyn Fn(&Path, &str) -> Option<&'w str>,
) -> String {
    if value.is_null() {
        return instead(filters).unwrap_or_default();
    }
    let mut text = plain(value);
    for filter in filters {
        text = match filter {
            Filter::Won => match value {
                Value::Int(amount) => won(*amount),
                _ => text,
            },
            Filter::Date(pattern) => date(value, pattern, env).unwrap_or(text),
            Filter::When => when(value, env).unwrap_or(text),
            Filter::Josa(josa) => {
                let particle = josa.after(&text).to_owned();
                text + &particle
            }
            Filter::Mask => mask(&text),
            Filter::Word => word(path, &text).map_or(text, str::to_owned),
            Filter::Upper => text.to_uppercase(),
            Filter::Default(_) => text,
        };
    }
    text
}

/// What is shown where there is no value; the particle and the case behind it are of what is shown.
fn instead(filters: &[Filter]) -> Option<String> {
    let default = |filter: &Filter| match filter {
        Filter::Default(text) => Some(text.clone()),
        _ => None,
    };
    // Where nobody knows when the centre opens, a sentence around it still reads well.
    let when = |filter: &Filter| matches!(filter, Filter::When).then(|| "상담 시간".to_owned());
    let text = filters
        .iter()
        .find_map(default)
        .or_else(|| filters.iter().find_map(when))?;
    let dressed = filters.iter().fold(text, |text, filter| match filter {
        Filter::Josa(josa) if !text.is_empty() => {
            let particle = josa.after(&text).to_owned();
            text + &particle
        }
        Filter::Upper => text.to_uppercase(),
        _ => text,
    });
    Some(dressed)
}

/// A value as words; lists by commas, objects not at all.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Bool(true) => "예".to_owned(),
        Value::Bool(false) => "아니요".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
    }
}

fn won(amount: i64) -> String {
    match Won::from_won(amount) {
        Some(won) => {
            // `Won` knows the separators; whole won have no part to show.
            debug_assert_eq!(won.to_won(Rounding::Floor), amount);
            format!("{won}원")
        }
        None => format!("{amount}원"),
    }
}

fn wall(value: &Value, env: &Env) -> Option<happytalk_core::time::WallTime> {
    match value {
        Value::Int(millis) => Some(env.zone.wall(Timestamp::from_millis(*millis))),
        Value::Text(text) => match text.parse::<Timestamp>() {
            Ok(at) => Some(env.zone.wall(at)),
            Err(_) => {
                let date = day(value, env)?;
                Some(happytalk_core::time::WallTime::new(date, 0))
            }
        },
        _ => None,
    }
}

const WEEKDAYS: [&str; 7] = ["월", "화", "수", "목", "금", "토", "일"];

fn weekday(date: happytalk_core::time::Date) -> &'static str {
    let place = usize::try_from(date.weekday() - 1).unwrap_or(0);
    WEEKDAYS.get(place).copied().unwrap_or("")
}

fn date(value: &Value, pattern: &str, env: &Env) -> Option<String> {
    let wall = wall(value, env)?;
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let same = rest.chars().take_while(|&c| c == letter).count();
        let run = if letter.is_ascii_alphabetic() {
            same
        } else {
            1
        };
        let written = match (letter, run) {
            ('Y', 4) => write!(out, "{:04}", wall.date.year()),
            ('Y', 2) => write!(out, "{:02}", wall.date.year().rem_euclid(100)),
            ('M', 1) => write!(out, "{}", wall.date.month()),
            ('M', 2) => write!(out, "{:02}", wall.date.month()),
            ('D', 1) => write!(out, "{}", wall.date.day()),
            ('D', 2) => write!(out, "{:02}", wall.date.day()),
            ('d', _) => write!(out, "{}", weekday(wall.date)),
            ('H', 1) => write!(out, "{}", wall.hour()),
            ('H', 2) => write!(out, "{:02}", wall.hour()),
            ('m', 1) => write!(out, "{}", wall.minute()),
            ('m', 2) => write!(out, "{:02}", wall.minute()),
            _ => rest.chars().take(run).try_for_each(|c| out.write_char(c)),
        };
        written.ok()?;
        let taken: usize = rest.chars().take(run).map(char::len_utf8).sum();
        rest = rest.get(taken..).unwrap_or("");
    }
    Some(out)
}

/// `오늘 오후 1시`, `내일 오전 9시 30분`, `1월 19일(월) 오전 9시`; of a date alone, the day alone.
fn when(value: &Value, env: &Env) -> Option<String> {
    let wall = wall(value, env)?;
    let today = env.zone.date(env.now);
    let mut out = match wall.date.days_since(today) {
        -1 => "어제".to_owned(),
        0 => "오늘".to_owned(),
        1 => "내일".to_owned(),
        _ => {
            let (month, day) = (wall.date.month(), wall.date.day());
            let same = format!("{month}월 {day}일({})", weekday(wall.date));
            if wall.date.year() == today.year() {
                same
            } else {
                format!("{}년 {same}", wall.date.year())
            }
        }
    };
    let names_a_time = match value {
        Value::Text(text) => text.parse::<Timestamp>().is_ok(),
        _ => true,
    };
    if names_a_time {
        let (half, hour) = match wall.hour() {
            0 => ("오전", 12),
            hour @ 1..=11 => ("오전", hour),
            12 => ("오후", 12),
            hour => ("오후", hour - 12),
        };
        write!(out, " {half} {hour}시").ok()?;
        if wall.minute() > 0 {
            write!(out, " {}분", wall.minute()).ok()?;
        }
    }
    Some(out)
}

/// A phone number, an e-mail address, a name or anything else with stars in its middle.
pub(crate) fn mask(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_phone = text.starts_with('0') && (9..=11).contains(&digits);
    if is_phone && text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        let head: String = if digits.starts_with(&['0', '2']) {
            "02".to_owned()
        } else {
            digits.iter().take(3).collect()
        };
        let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
        let stars = "*".repeat(digits.len().saturating_sub(head.len() + 4));
        return format!("{head}-{stars}-{tail}");
    }
    if let Some((name, domain)) = text.split_once('@') {
        let first: String = name.chars().take(1).collect();
        return format!("{first}***@{domain}");
    }
    let letters: Vec<char> = text.chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn render(template: &str) -> String {
        let slots: BTreeMap<String, Value> = BTreeMap::from([
            ("fee".to_owned(), Value::Int(1_234_500)),
            ("debt".to_owned(), Value::Int(-500)),
            ("item".to_owned(), Value::from("면 티셔츠")),
            ("on".to_owned(), Value::from("2026-01-05")),
            ("phone".to_owned(), Value::from("01012345678")),
            ("kind".to_owned(), Value::from("exchange")),
            (
                "open".to_owned(),
                Value::Int(
                    "2026-01-13T09:30:00+09:00"
                        .parse::<Timestamp>()
                        .unwrap()
                        .as_millis(),
                ),
            ),
            ("later".to_owned(), Value::from("2027-01-19T13:00:00+09:00")),
        ]);
        let env = Env::new("2026-01-12T23:59:00+09:00".parse().unwrap());
        let any = |name: &String| (name.clone(), crate::document::Var::any());
        let vars = slots.keys().map(any).collect();
        let scope = Scope {
            vars: &vars,
            slots: &slots,
            env: &env,
        };
        Template::parse(template)
            .unwrap()
            .render(&scope, &|_, value| (value == "exchange").then_some("교환"))
    }

    #[test]
    fn each_filter_writes_as_people_do() {
        assert_eq!(render("{{fee|won}}"), "1,234,500원");
        assert_eq!(render("{{debt|won}}"), "-500원");
        assert_eq!(
            render("{{item|josa:'은/는'}} 배송 중"),
            "면 티셔츠는 배송 중"
        );
        assert_eq!(render("{{on|date:'M월 D일(d)'}}"), "1월 5일(월)");
        assert_eq!(render("{{on|date:'YYYY.MM.DD'}}"), "2026.01.05");
        assert_eq!(render("{{open|date:'HH:mm'}}"), "09:30");
        assert_eq!(render("{{open|when}}부터"), "내일 오전 9시 30분부터");
        assert_eq!(render("{{later|when}}"), "2027년 1월 19일(화) 오후 1시");
        assert_eq!(render("{{on|when}}"), "1월 5일(월)");
        assert_eq!(render("{{phone|mask}}"), "010-****-5678");
        assert_eq!(render("{{kind|word|josa:'을/를'}}"), "교환을");
        assert_eq!(render("{{kind|upper}}"), "EXCHANGE");
    }

    #[test]
    fn case_47_a_missing_value_shows_its_default_or_nothing() {
        assert_eq!(render("{{gone|default:'고객'}}님"), "고객님");
        assert_eq!(render("{{gone}}님"), "님");
        assert_eq!(render("{{gone|upper|josa:'은/는'}}"), "");
        assert_eq!(render("{{gone|when}}에"), "상담 시간에");
        assert_eq!(render("{{gone|default:'고객'|josa:'은/는'}}"), "고객은");
        assert_eq!(render("{{gone|josa:'이/가'|default:'주소'}}"), "주소가");
        assert_eq!(render("{{gone|when|josa:'이/가'}}"), "상담 시간이");
        assert_eq!(render("{{gone|default:''|josa:'은/는'}}"), "");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        let error = |text: &str| Template::parse(text).err().unwrap();
        assert_eq!(error("{{a"), TemplateError::Open);
        assert_eq!(error("{{}}"), TemplateError::Path(String::new()));
        assert_eq!(error("{{a|shout}}"), TemplateError::Filter("shout".into()));
        assert_eq!(error("{{a|josa}}"), TemplateError::Argument("josa".into()));
        assert_eq!(
            error("{{a|won:'x'}}"),
            TemplateError::Argument("won".into())
        );
    }

    #[test]
    fn personal_values_keep_only_their_ends() {
        assert_eq!(mask("02-123-4567"), "02-***-4567");
        assert_eq!(mask("kim@example.com"), "k***@example.com");
        assert_eq!(mask("홍길동"), "홍*동");
        assert_eq!(mask("김"), "*");
    }
}
