//! `…/send/plain` and `…/send/rich` of HappyTalk's second generation, and the same two of Bizgo: one shape, spelled in
//! two ways.
//!
//! Source: <https://developer-center.happytalk.io/KakaoWebhook/MessageSend/plain>,
//! <https://developer-center.happytalk.io/KakaoWebhook/MessageSend/rich> and
//! <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).
//!
//! Assumed: quick replies stand in `supplement.quick_reply` as in the first generation; `attachment.file` holds films
//! and sounds too, its names those of the first generation; Bizgo has the same members in its own spelling, and an
//! empty `message` where there are no words, since its schema wants one. Assumed: the members of lists, carousels and
//! coupons, which are those of Kakao's brand messages; they are sent only where the settings say so.

use happytalk_core::id::{AccountId, CustomerId};

use super::endpoint::Endpoint;
use super::tree::{Members, Node, Spelling};
use crate::bubble::{
    Bubble, BubbleButton, CarouselBubble, Coupon, FeedCard, FileBubble, ImageBubble,
    ItemListBubble, Press, TextBubble, WebLink, WideItemListBubble,
};
use crate::config::ButtonKeys;

/// What is told to whom, under which name of ours.
pub(crate) struct ChatSend<'a> {
    pub(crate) customer: &'a CustomerId,
    pub(crate) account: &'a AccountId,
    /// The serial number; at Bizgo, which has none, what comes back beside the result.
    pub(crate) ours: &'a str,
    pub(crate) spelling: Spelling,
    pub(crate) keys: ButtonKeys,
}

impl<'a> ChatSend<'a> {
    /// Where `bubble` goes, and the body. It was checked before.
    pub(crate) fn body(&self, bubble: &'a Bubble) -> (Endpoint, Node<'a>) {
        let members = self.head(bubble);
        let (rich, members) = match bubble {
            Bubble::Text(text) => self.text(members, text),
            Bubble::Image(image) => self.image(members, image, is_rich(image)),
            Bubble::WideImage(image) => self.image(members, image, true),
            Bubble::ItemList(list) => (true, self.item_list(members, list)),
            Bubble::WideItemList(list) => (true, self.wide_item_list(members, list)),
            Bubble::Carousel(carousel) => (true, self.carousel(members, carousel)),
            Bubble::Video(file) | Bubble::Audio(file) | Bubble::File(file) => {
                let attachment = Members::new().object_if("file", attached(file));
                let members = self.message(members, None);
                (false, members.object_if("attachment", attachment))
            }
            Bubble::Personal(consent) => (true, self.message(members, Some(&consent.text))),
            Bubble::Certificate(certificate) => {
                let members = self.message(members, Some(&certificate.text));
                let minutes = certificate.expiry_minutes.map(u64::from);
                (true, members.number_if("cert_expiry", minutes))
            }
        };
        let members = match self.spelling {
            Spelling::Snake => members,
            Spelling::Camel => members.text("ref", self.ours),
        };
        let endpoint = if rich {
            Endpoint::SendRich
        } else {
            Endpoint::SendPlain
        };
        (endpoint, members.into_node())
    }

    fn head(&self, bubble: &Bubble) -> Members<'a> {
        let head = Members::new()
            .text("user_key", self.customer.as_str())
            .text("sender_key", self.account.as_str());
        match self.spelling {
            Spelling::Snake => head
                .text("serial_number", self.ours)
                .text("chat_bubble_type", self.kind(bubble)),
            Spelling::Camel => head.text("msg_type", self.kind(bubble)),
        }
    }

    const fn kind(&self, bubble: &Bubble) -> &'static str {
        match (bubble, self.spelling) {
            (Bubble::Text(_), _) => "TEXT",
            (Bubble::Image(_), _) => "IMAGE",
            (Bubble::WideImage(_), Spelling::Snake) => "WIDE_IMAGE",
            (Bubble::WideImage(_), Spelling::Camel) => "WIDE",
            (Bubble::ItemList(_), _) => "ITEM_LIST",
            (Bubble::WideItemList(_), _) => "WIDE_ITEM_LIST",
            (Bubble::Carousel(_), _) => "CAROUSEL_FEED",
            (Bubble::Video(_), _) => "VIDEO",
            (Bubble::Audio(_), _) => "AUDIO",
            (Bubble::File(_), _) => "FILE",
            (Bubble::Personal(_), _) => "PERSONAL",
            (Bubble::Certificate(_), _) => "KAKAO_CERT",
        }
    }

    fn message(&self, members: Members<'a>, words: Option<&'a str>) -> Members<'a> {
        match (words, self.spelling) {
            (None, Spelling::Camel) => members.text("message", ""),
            (words, _) => members.text_if("message", words),
        }
    }

    fn text(&self, members: Members<'a>, text: &'a TextBubble) -> (bool, Members<'a>) {
        let rich = text.lock
            || text.auto_answer.is_some()
            || text.coupon.is_some()
            || !text.buttons.is_empty()
            || !text.quick_replies.is_empty();
        let attachment = self.attachment(&text.buttons, None, text.coupon.as_ref());
        let answer = text.auto_answer.map(crate::bubble::AutoAnswer::as_str);
        let members = self
            .message(members, Some(&text.text))
            .object_if("attachment", attachment)
            .text_if("auto_answer", answer);
        let members = locked(members, text.lock);
        (rich, self.supplement(members, &text.quick_replies))
    }

    fn image(
        &self,
        members: Members<'a>,
        image: &'a ImageBubble,
        rich: bool,
    ) -> (bool, Members<'a>) {
        let picture = Some(image.image.as_str());
        let attachment = self.attachment(&image.buttons, picture, image.coupon.as_ref());
        let members = self
            .message(members, image.text.as_deref())
            .object_if("attachment", attachment);
        let members = locked(members, image.lock);
        (rich, self.supplement(members, &image.quick_replies))
    }

    fn item_list(&self, members: Members<'a>, list: &'a ItemListBubble) -> Members<'a> {
        let rows = list.items.iter().map(|item| {
            let row = Members::new().text("title", &item.title);
            row.text("description", &item.description).into_node()
        });
        let items = Members::new().list_if("list", rows.collect());
        let attachment = self
            .attachment(&list.buttons, None, list.coupon.as_ref())
            .object_if("item", items);
        let members = members.text_if("header", list.header.as_deref());
        let members = self
            .message(members, Some(&list.text))
            .text_if("description", list.description.as_deref())
            .object_if("attachment", attachment);
        self.supplement(members, &list.quick_replies)
    }

    fn wide_item_list(&self, members: Members<'a>, list: &'a WideItemListBubble) -> Members<'a> {
        let rows = list.items.iter().map(|item| {
            let row = Members::new()
                .text("title", &item.title)
                .text("img_url", &item.image);
            page(row, &item.link).into_node()
        });
        let items = Members::new().list_if("list", rows.collect());
        let attachment = self
            .attachment(&list.buttons, None, list.coupon.as_ref())
            .object_if("item", items);
        let members = members.text("header", &list.header);
        let members = self
            .message(members, None)
            .object_if("attachment", attachment);
        self.supplement(members, &list.quick_replies)
    }

    fn carousel(&self, members: Members<'a>, carousel: &'a CarouselBubble) -> Members<'a> {
        let cards = carousel.cards.iter().map(|card| self.card(card));
        let inner = Members::new().list_if("list", cards.collect());
        let inner = match &carousel.more {
            Some(link) => inner.object_if("tail", page(Members::new(), link)),
            None => inner,
        };
        self.message(members, None).object_if("carousel", inner)
    }

    fn card(&self, card: &'a FeedCard) -> Node<'a> {
        let attachment =
            self.attachment(&card.buttons, card.image.as_deref(), card.coupon.as_ref());
        Members::new()
            .text("header", &card.header)
            .text("message", &card.text)
            .object_if("attachment", attachment)
            .into_node()
    }

    fn attachment(
        &self,
        buttons: &'a [BubbleButton],
        picture: Option<&'a str>,
        coupon: Option<&'a Coupon>,
    ) -> Members<'a> {
        let buttons = buttons.iter().map(|button| self.button(button, self.keys));
        let picture = Members::new().text_if("img_url", picture);
        let attachment = Members::new()
            .list_if("buttons", buttons.collect())
            .object_if("image", picture);
        match coupon {
            None => attachment,
            Some(coupon) => {
                let members = Members::new()
                    .text("title", &coupon.title)
                    .text("description", &coupon.description);
                attachment.object_if("coupon", page(members, &coupon.link))
            }
        }
    }

    fn supplement(&self, members: Members<'a>, replies: &'a [BubbleButton]) -> Members<'a> {
        let replies = replies
            .iter()
            .map(|reply| self.button(reply, ButtonKeys::Bizmessage));
        let inner = Members::new().list_if("quick_reply", replies.collect());
        members.object_if("supplement", inner)
    }

    fn button(&self, button: &'a BubbleButton, keys: ButtonKeys) -> Node<'a> {
        let members = Members::new()
            .text("name", &button.label)
            .text("type", button.press.code());
        let (extra_name, event_name) = match keys {
            ButtonKeys::Consult => ("extra", "event"),
            ButtonKeys::Bizmessage => ("chat_extra", "chat_event"),
        };
        let members = match &button.press {
            Press::Web(link) => page(members, link),
            Press::App(link) => members
                .text_if("url_mobile", link.mobile.as_deref())
                .text_if("url_pc", link.pc.as_deref())
                .text_if("scheme_android", link.android.as_deref())
                .text_if("scheme_ios", link.ios.as_deref()),
            Press::Keyword { extra } | Press::Deliver { extra } => {
                members.text_if(extra_name, extra.as_deref())
            }
            Press::Bot { event } => members.text_if(event_name, event.as_deref()),
            Press::Form { key } => members.text("biz_form_key", key),
        };
        members.into_node()
    }
}

const fn is_rich(image: &ImageBubble) -> bool {
    image.text.is_some() || image.lock
}

fn locked(members: Members<'_>, lock: bool) -> Members<'_> {
    if lock {
        members.node("lock", Node::Flag(true))
    } else {
        members
    }
}

fn page<'a>(members: Members<'a>, link: &'a WebLink) -> Members<'a> {
    members
        .text("url_mobile", &link.mobile)
        .text_if("url_pc", link.pc.as_deref())
        .text_if("target", link.outside.then_some("out"))
}

fn attached(file: &FileBubble) -> Members<'_> {
    Members::new()
        .text("file_url", &file.url)
        .text_if("file_name", file.name.as_deref())
        .number_if("file_size", file.size)
}
