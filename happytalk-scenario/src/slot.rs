//! What a customer answers to a question, checked and brought into one form.

use happytalk_core::Value;

use crate::env::Env;
use crate::matching;
use crate::normal;

mod calendar;
mod courtesy;
mod numeral;
mod resident;

pub(crate) use resident::is_resident_number;

/// A kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Text,
    NameKr,
    PhoneKr,
    Email,
    Order,
    Pattern,
    Date,
    Time,
    Number,
    Money,
    Choice,
    Multi,
    YesNo,
    AddressKr,
    BirthKr,
    Image,
    Consent,
}

/// The names of the kinds.
pub(crate) const SLOTS: [(&str, Slot); 17] = [
    ("text", Slot::Text),
    ("name_kr", Slot::NameKr),
    ("phone_kr", Slot::PhoneKr),
    ("email", Slot::Email),
    ("order", Slot::Order),
    ("pattern", Slot::Pattern),
    ("date", Slot::Date),
    ("time", Slot::Time),
    ("number", Slot::Number),
    ("money", Slot::Money),
    ("choice", Slot::Choice),
    ("multi", Slot::Multi),
    ("yesno", Slot::YesNo),
    ("address_kr", Slot::AddressKr),
    ("birth_kr", Slot::BirthKr),
    ("image", Slot::Image),
    ("consent", Slot::Consent),
];

/// The longest answer that is looked at, in characters; longer ones are invalid.
pub(crate) const ANSWER_CHARS_MAX: usize = 10_000;

/// What an answer must be.
pub(crate) struct Rule<'a> {
    pub(crate) slot: Slot,
    pub(crate) pattern: Option<&'a regex_lite::Regex>,
    /// Of a text the fewest characters, of a number the least.
    pub(crate) min: Option<i64>,
    /// Of a text the most characters, of a number the largest.
    pub(crate) max: Option<i64>,
    /// Whether other than mobile numbers will do.
    pub(crate) landline: bool,
    /// The values a choice has.
    pub(crate) options: &'a [String],
}

/// What came in.
#[derive(Clone, Copy)]
pub(crate) struct Answer<'a> {
    /// The words.
    pub(crate) text: Option<&'a str>,
    /// The kind of content, where it is not words.
    pub(crate) media: Option<&'a str>,
    /// The id of the input.
    pub(crate) id: &'a str,
}

impl Rule<'_> {
    /// The value in its one form; `None` where the answer will not do.
    pub(crate) fn accept(&self, answer: Answer<'_>, env: &Env) -> Option<Value> {
        if self.slot == Slot::Image {
            let is_image = answer.media == Some("image");
            return is_image.then(|| Value::from(answer.id));
        }
        // A picture with words beside it is still a picture.
        let words = answer
            .text
            .filter(|_| answer.media.is_none_or(|media| media == "text"));
        let text = words.filter(|text| !text.trim().is_empty())?;
        // A byte limit first, so that counting characters is bounded as well.
        if text.len() > ANSWER_CHARS_MAX * 4 || text.chars().count() > ANSWER_CHARS_MAX {
            return None;
        }
        let plain = normal::plain(text);
        match self.slot {
            Slot::Text => {
                // What a customer writes freely is kept as written, but for its composition.
                let kept = normal::composed(text.trim());
                self.length(&kept).then(|| Value::Text(kept.into_owned()))
            }
            Slot::NameKr => name(&plain).map(Value::Text),
            Slot::PhoneKr => {
                courtesy::without(&plain, |text| phone(text, self.landline)).map(Value::Text)
            }
            Slot::Email => courtesy::without(&plain, email).map(Value::Text),
            Slot::Order | Slot::Pattern => {
                let kept: String = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                let fits = match self.pattern {
                    // Compiled inside `^(?:…)$`, so that it takes the whole text.
                    Some(pattern) => pattern.is_match(&kept),
                    None => order(&kept),
                };
                (fits && self.length(&kept)).then_some(Value::Text(kept))
            }
            Slot::Date => {
                let today = env.zone.date(env.now);
                let date = courtesy::without(&plain, |text| calendar::date(text, today))?;
                Some(Value::from(date.to_string()))
            }
            Slot::BirthKr => {
                let today = env.zone.date(env.now);
                let date = courtesy::without(&plain, |text| calendar::birth(text, today))?;
                Some(Value::from(date.to_string()))
            }
            Slot::Time => courtesy::without(&plain, calendar::time).map(Value::Text),
            Slot::Number => self.size(courtesy::without(&plain, number)?),
            Slot::Money => self.size(courtesy::without(&plain, money)?),
            Slot::Choice => self.option(&plain).map(Value::from),
            Slot::Multi => {
                let mut values = Vec::new();
                for piece in plain
                    .split([',', '/', '·'])
                    .filter(|p| !p.trim().is_empty())
                {
                    let value = Value::from(self.option(piece)?);
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                Some(Value::List(values))
            }
            Slot::YesNo => matching::yes_or_no(&plain).map(Value::Bool),
            Slot::Consent => match matching::yes_or_no(&plain)? {
                true => Some(Value::Bool(true)),
                // No consent is no answer to go on with: the limit of the question decides.
                false => None,
            },
            Slot::AddressKr => {
                let kept: String = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                let letters = kept.chars().count();
                // An address has several words, or the number of a house.
                let parts = kept.contains(' ') || kept.contains(|c: char| c.is_ascii_digit());
                let reads = kept.chars().any(crate::hangul::is_syllable) && parts;
                ((5..=200).contains(&letters) && reads).then_some(Value::Text(kept))
            }
            Slot::Image => None,
        }
    }

    fn length(&self, text: &str) -> bool {
        let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        self.min.is_none_or(|min| letters >= min) && self.max.is_none_or(|max| letters <= max)
    }

    fn size(&self, number: i64) -> Option<Value> {
        let fits =
            self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max);
        fits.then_some(Value::Int(number))
    }

    fn option(&self, text: &str) -> Option<&str> {
        let wanted = normal::n2_of(text);
        let found = self
            .options
            .iter()
            .find(|option| normal::n2_of(option) == wanted);
        found.map(String::as_str)
    }
}

/// 2 to 20 letters: Hangul, written without spaces, or Latin, with single spaces, hyphens and apostrophes between.
fn name(text: &str) -> Option<String> {
    let kept = courtesy::bare_name(text)
        .split_whitespace()
        .collect::<Vec<_>>();
    let hangul = kept
        .iter()
        .flat_map(|word| word.chars())
        .all(crate::hangul::is_syllable);
    let kept = kept.join(if hangul { "" } else { " " });
    let letters = kept.chars().filter(|c| c.is_alphabetic()).count();
    let latin = kept.starts_with(|c: char| c.is_ascii_alphabetic())
        && kept
            .chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    ((2..=20).contains(&letters) && kept.chars().count() <= 20 && (hangul || latin)).then_some(kept)
}

/// Digits alone, with `+82` as the leading 0.
fn phone(text: &str, landline: bool) -> Option<String> {
    let (rest, abroad) = match text.strip_prefix("+82") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let written = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || ".()".contains(c) || normal::is_dash(c)
    };
    if !rest.chars().all(written) {
        return None;
    }
    let mut digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    if abroad && !digits.starts_with('0') {
        digits.insert(0, '0');
    }
    let mobile = digits.len() >= 10
        && digits.len() <= 11
        && digits.starts_with("01")
        && matches!(digits.chars().nth(2), Some('0' | '1' | '6'..='9'));
    let other = digits.starts_with('0') && (9..=11).contains(&digits.len());
    let service = digits.starts_with('1') && digits.len() == 8;
    (mobile || landline && (other || service)).then_some(digits)
}

/// At most 254 bytes, one `@`, a dot inside the domain; the domain in lower case.
fn email(text: &str) -> Option<String> {
    let (name, domain) = text.split_once('@')?;
    let fits_name = !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c))
        && !name.split('.').any(str::is_empty);
    let labels: Vec<&str> = domain.split('.').collect();
    let fits_label = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let fits = fits_name && labels.len() >= 2 && labels.iter().all(fits_label) && text.len() <= 254;
    fits.then(|| format!("{name}@{}", domain.to_ascii_lowercase()))
}

/// Without a pattern of its own: 4 to 40 digits, Latin letters and hyphens, a digit among them.
fn order(text: &str) -> bool {
    (4..=40).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && text.chars().any(|c| c.is_ascii_digit())
}

/// A whole number, with thousands separators, in words, or with a counter such as 개 behind it.
fn number(text: &str) -> Option<i64> {
    const COUNTERS: [&str; 14] = [
        "개월", "박스", "개", "명", "건", "번", "장", "권", "분", "벌", "켤레", "병", "대", "원",
    ];
    let counted = |counter: &&str| numeral::whole(text.strip_suffix(*counter)?.trim_end());
    numeral::whole(text).or_else(|| COUNTERS.iter().find_map(counted))
}

/// Won: `12,000원`, `3만 5천원`, `2만5000`, 만원.
fn money(text: &str) -> Option<i64> {
    let text = text.strip_prefix('₩').unwrap_or(text).trim_start();
    let text = text.strip_suffix('원').unwrap_or(text).trim_end();
    numeral::whole(text)
}

/// Whether somebody born on that day is under 14 today (만 14세 미만).
pub(crate) fn is_under_14(born: &Value, env: &Env) -> bool {
    let born = born
        .as_text()
        .and_then(|text| text.parse::<happytalk_core::time::Date>().ok());
    born.is_some_and(|born| calendar::years(born, env.zone.date(env.now)) < 14)
}

/// The kind of value a slot stores.
pub(crate) fn stored(slot: Slot, options: &[String]) -> crate::expr::Kind {
    use crate::expr::Kind;
    match slot {
        Slot::Text
        | Slot::NameKr
        | Slot::Email
        | Slot::Order
        | Slot::Pattern
        | Slot::Time
        | Slot::AddressKr
        | Slot::Image => Kind::Text,
        Slot::PhoneKr => Kind::Phone,
        Slot::Date | Slot::BirthKr => Kind::Date,
        Slot::Number | Slot::Money => Kind::Int,
        Slot::Choice => Kind::Enum(options.to_vec()),
        Slot::Multi => Kind::List(Box::new(Kind::Enum(options.to_vec()))),
        Slot::YesNo | Slot::Consent => Kind::Bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(slot: Slot, text: &str) -> Option<Value> {
        let options = ["빨강".to_owned(), "파랑".to_owned()];
        let rule = Rule {
            slot,
            pattern: None,
            min: None,
            max: None,
            landline: false,
            options: &options,
        };
        let env = Env::new("2026-01-12T10:00:00+09:00".parse().unwrap());
        let answer = Answer {
            text: Some(text),
            media: None,
            id: "m-1",
        };
        rule.accept(answer, &env)
    }

    fn text(slot: Slot, text: &str) -> Option<String> {
        accept(slot, text).map(|value| value.as_text().unwrap().to_owned())
    }

    #[test]
    fn case_29_a_name_has_two_to_twenty_letters() {
        assert_eq!(text(Slot::NameKr, "c"), None);
        assert_eq!(text(Slot::NameKr, "가나다").as_deref(), Some("가나다"));
        assert_eq!(text(Slot::NameKr, "Jane  Doe").as_deref(), Some("Jane Doe"));
        assert_eq!(text(Slot::NameKr, &"가".repeat(21)), None);
        assert_eq!(text(Slot::NameKr, "홍길동1"), None);
        assert_eq!(text(Slot::NameKr, "ㅎㅎㅎ"), None);
        assert_eq!(text(Slot::NameKr, "김Tom"), None);
        for said in [
            "홍 길동",
            "홍길동입니다",
            "저는 홍길동이에요",
            "홍길동이라고 합니다.",
        ] {
            assert_eq!(
                text(Slot::NameKr, said).as_deref(),
                Some("홍길동"),
                "{said}"
            );
        }
        assert_eq!(text(Slot::NameKr, "김이요").as_deref(), Some("김이요"));
        assert_eq!(text(Slot::NameKr, "O'Brien").as_deref(), Some("O'Brien"));
        assert_eq!(text(Slot::NameKr, "--"), None);
    }

    #[test]
    fn case_30_a_mobile_number_is_stored_as_digits() {
        let stored = Some("01012345678");
        assert_eq!(
            text(Slot::PhoneKr, "０１０－１２３４－５６７８").as_deref(),
            stored
        );
        assert_eq!(text(Slot::PhoneKr, "+82 10 1234 5678").as_deref(), stored);
        assert_eq!(text(Slot::PhoneKr, "+82-010-1234-5678").as_deref(), stored);
        assert_eq!(text(Slot::PhoneKr, "02-123-4567"), None);
        assert_eq!(text(Slot::PhoneKr, "010-1234"), None);
        for polite in [
            "010-1234-5678 입니다",
            "010–1234–5678이에요",
            "010-1234-5678.",
        ] {
            assert_eq!(text(Slot::PhoneKr, polite).as_deref(), stored, "{polite}");
        }
        assert_eq!(text(Slot::PhoneKr, "+82 010 1234 5678").as_deref(), stored);
        assert_eq!(text(Slot::PhoneKr, "010-1234-5678 010-1111-2222"), None);
        assert_eq!(phone("02-123-4567", true).as_deref(), Some("021234567"));
        assert_eq!(phone("1588-1234", true).as_deref(), Some("15881234"));
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(money("12,000원"), Some(12_000));
        assert_eq!(money("3만 5천원"), Some(35_000));
        assert_eq!(money("2만5000"), Some(25_000));
        assert_eq!(money("1억 2천만"), Some(120_000_000));
        assert_eq!(money("천원"), Some(1_000));
        assert_eq!(money("원"), None);
        assert_eq!(money("12,00원"), None);
        for (said, won) in [
            ("만원", 10_000),
            ("오만 원", 50_000),
            ("만 오천원", 15_000),
            ("1.5만원", 15_000),
        ] {
            assert_eq!(money(said), Some(won), "{said}");
        }
        assert_eq!(number("3개"), Some(3));
        assert_eq!(number("세 개"), Some(3));
        assert_eq!(accept(Slot::Number, "열두 명이요"), Some(Value::Int(12)));
        assert_eq!(accept(Slot::Number, "이요"), Some(Value::Int(2)));
        assert_eq!(accept(Slot::Money, "3만원이요"), Some(Value::Int(30_000)));
        assert_eq!(number("-3"), Some(-3));
        assert_eq!(number("3.5"), None);
        assert_eq!(number("99999999999999999999"), None);
    }

    #[test]
    fn the_other_kinds_take_what_they_are_for() {
        assert_eq!(
            text(Slot::Email, "Kim@Example.COM").as_deref(),
            Some("Kim@example.com")
        );
        assert_eq!(text(Slot::Email, "kim@example"), None);
        assert_eq!(
            text(Slot::Email, "kim@example.com이에요").as_deref(),
            Some("kim@example.com")
        );
        assert_eq!(text(Slot::Email, "a..b@example.com"), None);
        assert_eq!(
            text(Slot::Order, "20260115-0001").as_deref(),
            Some("20260115-0001")
        );
        assert_eq!(text(Slot::Order, "주문"), None);
        assert_eq!(text(Slot::Choice, " 파랑 ").as_deref(), Some("파랑"));
        assert_eq!(text(Slot::Choice, "초록"), None);
        assert_eq!(accept(Slot::YesNo, "네"), Some(Value::Bool(true)));
        assert_eq!(accept(Slot::Consent, "아니요"), None);
        assert!(text(Slot::AddressKr, "서울시 마포구 양화로 45").is_some());
        assert!(text(Slot::AddressKr, "서울시마포구양화로45").is_some());
        assert_eq!(text(Slot::AddressKr, "abc"), None);
        assert_eq!(text(Slot::Text, "  "), None);
        assert_eq!(text(Slot::Text, "\u{1100}\u{1161}").as_deref(), Some("가"));
        assert_eq!(text(Slot::Date, "어제").as_deref(), Some("2026-01-11"));
    }
}
