//! What Kakao allows, checked before anything is sent.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat>,
//! <https://developer-center.happytalk.io/KakaoWebhook/MessageSend/rich>,
//! <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> and
//! <https://kakaobusiness.gitbook.io/main/ad/bizmessage/consult> (read 2026-11-21).

use happytalk_core::TextUnit;

use super::{
    AppLink, AutoAnswer, Bubble, BubbleButton, CarouselBubble, Coupon, FileBubble, ImageBubble,
    ItemListBubble, Press, TextBubble, WebLink, WideItemListBubble,
};
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::{Error, IncompletePart, LimitedPart};

/// The longest text of one message, in characters, Korean and others alike.
pub(crate) const TEXT_CHARS_MAX: usize = 1000;

/// The longest URL and file name, in characters.
const URL_CHARS_MAX: usize = 1000;

/// The most buttons of one message.
pub(crate) const BUTTONS_MAX: usize = 5;

/// The most buttons of a wide bubble, and of a card in a carousel.
const WIDE_BUTTONS_MAX: usize = 2;

/// The most quick replies of one message.
pub(crate) const QUICK_REPLIES_MAX: usize = 10;

/// The longest label of a quick reply, in characters.
pub(crate) const QUICK_REPLY_LABEL_CHARS_MAX: usize = 14;

/// The longest text that a button sends back, or event that it calls.
///
/// Observed: a validator takes 50 of `[A-Za-z0-9_]`, as does Kakao's error 3026; HappyTalk's table says 100.
pub(crate) const VALUE_CHARS_MAX: usize = 50;

/// The longest event that a session is ended with, in characters.
const BOT_EVENT_CHARS_MAX: usize = 100;

/// The longest words of a coupon below words and below a wide bubble, in characters.
const COUPON_CHARS_MAX: usize = 12;
const WIDE_COUPON_CHARS_MAX: usize = 18;

/// The longest time a certificate may be waited for, in minutes. Ours: a session ends after 30 days anyway.
const EXPIRY_MINUTES_MAX: u32 = 30 * 24 * 60;

/// Whether `bubble` can be sent by the dialect of `config`.
pub(crate) fn check(bubble: &Bubble, config: &Config) -> Result<(), Error> {
    let check = Check { config };
    match bubble {
        Bubble::Text(text) => check.text(text),
        Bubble::Image(image) => check.image(image, BUTTONS_MAX, COUPON_CHARS_MAX),
        Bubble::WideImage(image) => {
            check.beyond_the_first_generation("wide image")?;
            check.words(image.text.as_deref().unwrap_or_default())?;
            check.image(image, WIDE_BUTTONS_MAX, WIDE_COUPON_CHARS_MAX)
        }
        Bubble::ItemList(list) => check.item_list(list),
        Bubble::WideItemList(list) => check.wide_item_list(list),
        Bubble::Carousel(carousel) => check.carousel(carousel),
        Bubble::Video(file) => {
            check.beyond_the_first_generation("video")?;
            check.media(file)
        }
        Bubble::Audio(file) => {
            if check.is_first_generation() {
                check.unconfirmed("audio")?;
                return check.file(file);
            }
            check.media(file)
        }
        Bubble::File(file) => check.file(file),
        Bubble::Personal(consent) => {
            check.bizgo("personal")?;
            check.words(&consent.text)
        }
        Bubble::Certificate(certificate) => {
            check.bizgo("certificate")?;
            if certificate.expiry_minutes == Some(0) {
                let part = IncompletePart::Expiry;
                return Err(Error::Incomplete { part });
            }
            if certificate.expiry_minutes > Some(EXPIRY_MINUTES_MAX) {
                return Err(Error::OverLimit {
                    part: LimitedPart::Expiry,
                    max: usize::try_from(EXPIRY_MINUTES_MAX).unwrap_or(usize::MAX),
                });
            }
            check.words(&certificate.text)
        }
    }
}

/// Whether a session can be ended with this event of the bot's.
pub(crate) fn event(event: Option<&str>) -> Result<Option<&str>, Error> {
    let event = event.filter(|event| !event.is_empty());
    let part = LimitedPart::BotEvent;
    within(event.unwrap_or_default(), part, BOT_EVENT_CHARS_MAX)?;
    Ok(event)
}

struct Check<'a> {
    config: &'a Config,
}

impl Check<'_> {
    /// HappyTalk's first generation, or the hub, which writes like it.
    const fn is_first_generation(&self) -> bool {
        matches!(self.config.dialect, Dialect::HappytalkV1 | Dialect::Hub)
    }

    const fn beyond_the_first_generation(&self, what: &'static str) -> Result<(), Error> {
        if self.is_first_generation() {
            return Err(Error::NotCarried { what });
        }
        Ok(())
    }

    const fn bizgo(&self, what: &'static str) -> Result<(), Error> {
        match self.config.dialect {
            Dialect::Bizgo => Ok(()),
            Dialect::HappytalkV1 | Dialect::HappytalkV3 | Dialect::Hub => {
                Err(Error::NotCarried { what })
            }
        }
    }

    const fn unconfirmed(&self, what: &'static str) -> Result<(), Error> {
        if self.config.unconfirmed {
            return Ok(());
        }
        Err(Error::NotCarried { what })
    }

    fn text(&self, text: &TextBubble) -> Result<(), Error> {
        let (buttons, replies) = (&text.buttons, &text.quick_replies);
        self.pressed(buttons, replies, text.coupon.as_ref(), BUTTONS_MAX)?;
        self.coupon(text.coupon.as_ref(), COUPON_CHARS_MAX)?;
        self.auto_answer(text.auto_answer)?;
        self.lock(text.lock)?;
        self.words(&text.text)
    }

    fn image(
        &self,
        image: &ImageBubble,
        buttons_max: usize,
        coupon_chars_max: usize,
    ) -> Result<(), Error> {
        let (buttons, replies) = (&image.buttons, &image.quick_replies);
        self.pressed(buttons, replies, image.coupon.as_ref(), buttons_max)?;
        self.coupon(image.coupon.as_ref(), coupon_chars_max)?;
        self.lock(image.lock)?;
        media_url(&image.image)?;
        let bare = buttons.is_empty() && replies.is_empty() && image.coupon.is_none();
        match &image.text {
            // Nothing can be pressed without words.
            None if !bare => Err(Error::Incomplete {
                part: IncompletePart::Text,
            }),
            None => Ok(()),
            Some(text) => self.words(text),
        }
    }

    fn item_list(&self, list: &ItemListBubble) -> Result<(), Error> {
        self.beyond_the_first_generation("item list")?;
        self.unconfirmed("item list")?;
        let (buttons, replies) = (&list.buttons, &list.quick_replies);
        self.pressed(buttons, replies, list.coupon.as_ref(), BUTTONS_MAX)?;
        self.coupon(list.coupon.as_ref(), COUPON_CHARS_MAX)?;
        count(list.items.len(), LimitedPart::Items, 2, 10)?;
        for item in &list.items {
            self.words(&item.title)?;
            self.words(&item.description)?;
        }
        for text in [&list.header, &list.description].into_iter().flatten() {
            self.words(text)?;
        }
        self.words(&list.text)
    }

    fn wide_item_list(&self, list: &WideItemListBubble) -> Result<(), Error> {
        self.beyond_the_first_generation("wide item list")?;
        self.unconfirmed("wide item list")?;
        let (buttons, replies) = (&list.buttons, &list.quick_replies);
        self.pressed(buttons, replies, list.coupon.as_ref(), WIDE_BUTTONS_MAX)?;
        self.coupon(list.coupon.as_ref(), WIDE_COUPON_CHARS_MAX)?;
        count(list.items.len(), LimitedPart::Items, 3, 4)?;
        for item in &list.items {
            self.words(&item.title)?;
            media_url(&item.image)?;
            web_link(&item.link)?;
        }
        self.words(&list.header)
    }

    fn carousel(&self, carousel: &CarouselBubble) -> Result<(), Error> {
        self.beyond_the_first_generation("carousel")?;
        self.unconfirmed("carousel")?;
        count(carousel.cards.len(), LimitedPart::Cards, 2, 10)?;
        for card in &carousel.cards {
            self.pressed(&card.buttons, &[], card.coupon.as_ref(), WIDE_BUTTONS_MAX)?;
            self.coupon(card.coupon.as_ref(), WIDE_COUPON_CHARS_MAX)?;
            self.words(&card.header)?;
            self.words(&card.text)?;
            if let Some(image) = &card.image {
                media_url(image)?;
            }
        }
        carousel.more.as_ref().map_or(Ok(()), web_link)
    }

    /// A film or a sound: its name and size are told where they are known.
    fn media(&self, file: &FileBubble) -> Result<(), Error> {
        if let Some(name) = &file.name {
            within(name, LimitedPart::FileName, URL_CHARS_MAX)?;
        }
        media_url(&file.url)
    }

    fn file(&self, file: &FileBubble) -> Result<(), Error> {
        let incomplete = |part| Error::Incomplete { part };
        if file.name.as_deref().is_none_or(str::is_empty) {
            return Err(incomplete(IncompletePart::FileName));
        }
        if file.size.is_none() {
            return Err(incomplete(IncompletePart::FileSize));
        }
        self.media(file)
    }

    fn words(&self, text: &str) -> Result<(), Error> {
        within(text, LimitedPart::Text, TEXT_CHARS_MAX)?;
        if text.trim().is_empty() {
            return Err(Error::Incomplete {
                part: IncompletePart::Text,
            });
        }
        Ok(())
    }

    fn auto_answer(&self, auto_answer: Option<AutoAnswer>) -> Result<(), Error> {
        match self.config.dialect {
            Dialect::Bizgo if auto_answer.is_some() => self.unconfirmed("system message"),
            _ => Ok(()),
        }
    }

    fn lock(&self, lock: bool) -> Result<(), Error> {
        if !lock {
            return Ok(());
        }
        self.beyond_the_first_generation("locked message")?;
        match self.config.dialect {
            Dialect::Bizgo => self.unconfirmed("locked message"),
            _ => Ok(()),
        }
    }

    fn coupon(&self, coupon: Option<&Coupon>, chars_max: usize) -> Result<(), Error> {
        let Some(coupon) = coupon else {
            return Ok(());
        };
        self.beyond_the_first_generation("coupon")?;
        self.unconfirmed("coupon")?;
        self.words(&coupon.title)?;
        within(&coupon.description, LimitedPart::Coupon, chars_max)?;
        web_link(&coupon.link)
    }

    fn pressed(
        &self,
        buttons: &[BubbleButton],
        quick_replies: &[BubbleButton],
        coupon: Option<&Coupon>,
        buttons_max: usize,
    ) -> Result<(), Error> {
        // A coupon takes the place of one of the five; a wide bubble has room for both.
        let max = match coupon {
            Some(_) if buttons_max == BUTTONS_MAX => BUTTONS_MAX - 1,
            _ => buttons_max,
        };
        count(buttons.len(), LimitedPart::Buttons, 0, max)?;
        count(
            quick_replies.len(),
            LimitedPart::QuickReplies,
            0,
            QUICK_REPLIES_MAX,
        )?;
        // HappyTalk's first generation allows longer ones; elsewhere every page says 14.
        let label_chars_max = self.config.button_label_chars_max;
        for button in buttons {
            label(&button.label, LimitedPart::ButtonLabel, label_chars_max)?;
            self.press(&button.press)?;
        }
        for reply in quick_replies {
            let (part, max) = (LimitedPart::QuickReplyLabel, QUICK_REPLY_LABEL_CHARS_MAX);
            label(&reply.label, part, max)?;
            self.press(&reply.press)?;
        }
        Ok(())
    }

    fn press(&self, press: &Press) -> Result<(), Error> {
        match press {
            Press::Web(link) => web_link(link),
            Press::App(link) => app_link(link),
            Press::Keyword { extra } => token(extra.as_deref()),
            Press::Deliver { extra } => {
                if self.is_first_generation() {
                    self.unconfirmed("button that delivers the message")?;
                }
                token(extra.as_deref())
            }
            Press::Bot { event } => token(event.as_deref()),
            Press::Form { key } => {
                self.unconfirmed("button to a form")?;
                if key.is_empty() {
                    return Err(Error::Incomplete {
                        part: IncompletePart::FormKey,
                    });
                }
                within(key, LimitedPart::ButtonValue, URL_CHARS_MAX)
            }
        }
    }
}

fn within(text: &str, part: LimitedPart, max: usize) -> Result<(), Error> {
    if TextUnit::Chars.count(text) > max {
        return Err(Error::OverLimit { part, max });
    }
    Ok(())
}

fn count(number: usize, part: LimitedPart, min: usize, max: usize) -> Result<(), Error> {
    if number > max {
        return Err(Error::OverLimit { part, max });
    }
    if number < min {
        return Err(Error::TooFew { part, min });
    }
    Ok(())
}

fn label(text: &str, part: LimitedPart, max: usize) -> Result<(), Error> {
    within(text, part, max)?;
    if text.trim().is_empty() {
        return Err(Error::Incomplete {
            part: IncompletePart::ButtonLabel,
        });
    }
    Ok(())
}

/// What a button carries: refused rather than cut, which the platform does in silence.
fn token(value: Option<&str>) -> Result<(), Error> {
    let value = value.unwrap_or_default();
    within(value, LimitedPart::ButtonValue, VALUE_CHARS_MAX)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !value.bytes().all(allowed) {
        return Err(Error::Incomplete {
            part: IncompletePart::ButtonValue,
        });
    }
    Ok(())
}

fn web_page(url: &str) -> Result<(), Error> {
    within(url, LimitedPart::Url, URL_CHARS_MAX)?;
    if is_web(url) {
        return Ok(());
    }
    Err(Error::Incomplete {
        part: IncompletePart::ButtonUrl,
    })
}

fn web_link(link: &WebLink) -> Result<(), Error> {
    web_page(&link.mobile)?;
    link.pc.as_deref().map_or(Ok(()), web_page)
}

fn app_link(link: &AppLink) -> Result<(), Error> {
    for page in [&link.mobile, &link.pc].into_iter().flatten() {
        web_page(page)?;
    }
    for scheme in [&link.android, &link.ios].into_iter().flatten() {
        within(scheme, LimitedPart::Url, URL_CHARS_MAX)?;
    }
    let addresses = [&link.android, &link.ios, &link.mobile];
    let usable = addresses.into_iter().flatten();
    if usable.filter(|address| !address.is_empty()).count() < 2 {
        return Err(Error::Incomplete {
            part: IncompletePart::AppTargets,
        });
    }
    Ok(())
}

fn media_url(url: &str) -> Result<(), Error> {
    within(url, LimitedPart::Url, URL_CHARS_MAX)?;
    if is_web(url) {
        return Ok(());
    }
    Err(Error::Incomplete {
        part: IncompletePart::Url,
    })
}

/// Whether it is an `http` or `https` address of some host. Whether somebody answers there is not our question.
pub(super) fn is_web(url: &str) -> bool {
    let after = |scheme: &str| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| url.get(scheme.len()..))
            .flatten()
    };
    let rest = after("https://").or_else(|| after("http://"));
    rest.is_some_and(|rest| {
        let host_starts = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        host_starts && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}
