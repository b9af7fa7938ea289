//! The limits of what is sent, read from the wire and not from the adapter's own types, so that each can find the other out.

use super::tree::at;
use serde_json::Value;

/// The first limit that something breaks, by its place on the wire. The platform itself does not say which.
pub(super) type Broken = &'static str;

fn list(value: &Value, place: Broken, max: usize) -> Result<&[Value], Broken> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) if items.len() <= max => Ok(items),
        _ => Err(place),
    }
}

/// An optional text of at most `max` UTF-16 units.
fn text(value: &Value, place: Broken, max: usize) -> Result<bool, Broken> {
    match value {
        Value::Null => Ok(false),
        Value::String(text) if text.encode_utf16().count() <= max => Ok(!text.is_empty()),
        _ => Err(place),
    }
}

fn required(value: &Value, place: Broken, max: usize) -> Result<(), Broken> {
    text(value, place, max)?.then_some(()).ok_or(place)
}

const ANY: usize = 10_000;

/// An outgoing `send`. One without any content is taken and shows nothing.
pub(super) fn send(body: &Value) -> Result<(), Broken> {
    let contents = [
        at(body, "textContent"),
        at(body, "imageContent"),
        at(body, "compositeContent"),
    ];
    if contents.iter().filter(|content| !content.is_null()).count() > 1 {
        return Err("content");
    }
    let [words, image, composites] = contents;
    if !words.is_null() {
        required(at(words, "text"), "textContent.text", ANY)?;
    }
    if !image.is_null() {
        picture(image)?;
    }
    if !composites.is_null() {
        let all = list(at(composites, "compositeList"), "compositeList", 10)?;
        if all.is_empty() {
            return Err("compositeList");
        }
        all.iter().try_for_each(composite)?;
    }
    for content in contents {
        quick_reply(at(content, "quickReply"))?;
    }
    Ok(())
}

/// An outgoing `product`.
pub(super) fn product(options: &Value) -> Result<(), Broken> {
    let max = match at(options, "displayType").as_str() {
        Some("single") => 15,
        Some("list") => 4,
        _ => return Err("displayType"),
    };
    let ids = list(at(options, "ids"), "ids", max)?;
    if ids.is_empty() || !ids.iter().all(Value::is_u64) {
        return Err("ids");
    }
    for one in list(at(options, "customButtonList"), "customButtonList", max)? {
        if !ids.contains(at(one, "id")) {
            return Err("customButtonList.id");
        }
        buttons(at(one, "buttonList"), Place::Composite, 10)?;
    }
    quick_reply(at(options, "quickReply"))
}

fn picture(image: &Value) -> Result<(), Broken> {
    let url = text(at(image, "imageUrl"), "imageUrl", ANY)?;
    let id = text(at(image, "imageId"), "imageId", ANY)?;
    (url != id).then_some(()).ok_or("image")
}

fn composite(composite: &Value) -> Result<(), Broken> {
    let title = text(at(composite, "title"), "title", 200)?;
    let description = text(at(composite, "description"), "description", 1_000)?;
    let image = at(composite, "image");
    let has_image = !image.is_null();
    if has_image {
        picture(image)?;
    }
    let elements = at(composite, "elementList");
    let has_elements = !elements.is_null();
    if has_elements {
        let rows = list(at(elements, "data"), "elementList", 3)?;
        if at(elements, "type") != "LIST" || rows.is_empty() {
            return Err("elementList");
        }
        rows.iter().try_for_each(element)?;
    }
    buttons(at(composite, "buttonList"), Place::Composite, 10)?;
    let has_buttons = at(composite, "buttonList")
        .as_array()
        .is_some_and(|all| !all.is_empty());
    let says = [title, description, has_elements];
    let shows = [has_image, has_buttons];
    let all = says.iter().chain(&shows);
    if !says.contains(&true) || all.filter(|there| **there).count() < 2 {
        return Err("composite");
    }
    Ok(())
}

fn element(row: &Value) -> Result<(), Broken> {
    required(at(row, "title"), "element.title", 100)?;
    text(at(row, "description"), "element.description", 100)?;
    text(at(row, "subDescription"), "element.subDescription", 100)?;
    if !at(row, "image").is_null() {
        picture(at(row, "image"))?;
    }
    match at(row, "button") {
        Value::Null => Ok(()),
        one => button(one, Place::Element),
    }
}

fn quick_reply(quick_reply: &Value) -> Result<(), Broken> {
    buttons(at(quick_reply, "buttonList"), Place::QuickReply, 10)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Composite,
    Element,
    Option,
    QuickReply,
}

fn buttons(value: &Value, place: Place, max: usize) -> Result<(), Broken> {
    let mut all = list(value, "buttonList", max)?.iter();
    all.try_for_each(|one| button(one, place))
}

fn button(button: &Value, place: Place) -> Result<(), Broken> {
    let data = at(button, "data");
    let title_max = match place {
        Place::Composite => 18,
        // The table's number; a comment in the platform's sample says 4.
        Place::Element | Place::Option | Place::QuickReply => 10,
    };
    let title = |is_required: bool| {
        let there = text(at(data, "title"), "button.title", title_max)?;
        let fine = there || !is_required;
        fine.then_some(()).ok_or("button.title")
    };
    text(at(data, "code"), "button.code", 1_000)?;
    match at(button, "type").as_str() {
        Some("TEXT") => title(true),
        Some("LINK") => {
            title(true)?;
            required(at(data, "url"), "button.url", ANY)?;
            required(at(data, "mobileUrl"), "button.mobileUrl", ANY)?;
            match at(data, "mobileTargetAttr/webviewHeight") {
                Value::Null => Ok(()),
                height => height
                    .as_u64()
                    .filter(|height| (30..=90).contains(height))
                    .map(drop)
                    .ok_or("webviewHeight"),
            }
        }
        // On a row it is taken, and nothing shows.
        Some("OPTION") if matches!(place, Place::Composite | Place::Element) => {
            title(true)?;
            let inner = list(at(data, "buttonList"), "option.buttonList", 10)?;
            if inner.is_empty() {
                return Err("option.buttonList");
            }
            buttons(at(data, "buttonList"), Place::Option, 10)
        }
        Some("PAY") if place != Place::Element => {
            let info = at(data, "paymentInfo");
            required(at(info, "merchantPayKey"), "merchantPayKey", ANY)?;
            let total = at(info, "totalPayAmount").as_u64();
            if total.is_none_or(|total| total < 100) {
                return Err("totalPayAmount");
            }
            let items = list(at(info, "productItems"), "productItems", ANY)?;
            if items.is_empty() {
                return Err("productItems");
            }
            items.iter().try_for_each(|item| {
                ["categoryType", "categoryId", "uid", "name"]
                    .iter()
                    .try_for_each(|key| required(at(item, key), "productItems", ANY))
            })
        }
        Some("TIME" | "CALENDAR") => title(false),
        Some("TIMEINTERVAL") => {
            title(false)?;
            match at(data, "options/timeInterval/interval") {
                Value::Null => Ok(()),
                minutes => minutes
                    .as_str()
                    .and_then(|minutes| minutes.parse().ok())
                    .filter(|minutes: &u32| {
                        (5..=720).contains(minutes) && minutes.is_multiple_of(5)
                    })
                    .map(drop)
                    .ok_or("interval"),
            }
        }
        _ => Err("button.type"),
    }
}

/// Whether a row has a menu: then nothing of the message shows.
pub(super) fn is_invisible(body: &Value) -> bool {
    let composites = at(body, "compositeContent/compositeList").as_array();
    let mut rows = composites
        .into_iter()
        .flatten()
        .filter_map(|composite| at(composite, "elementList/data").as_array())
        .flatten();
    rows.any(|row| at(row, "button/type") == "OPTION")
}

/// The fixed menu: its entries on each of at most three levels.
pub(super) fn menu(entries: &Value, levels: usize) -> Result<(), Broken> {
    let entries = entries.as_array().ok_or("menus")?;
    if levels == 0 || entries.len() > 4 {
        return Err("menus");
    }
    for entry in entries {
        let data = at(entry, "data");
        required(at(data, "title"), "menu.title", 20)?;
        match at(entry, "type").as_str() {
            Some("TEXT") => required(at(data, "code"), "menu.code", 1_000)?,
            Some("LINK") => required(at(data, "url"), "menu.url", ANY)?,
            Some("NESTED") => menu(at(data, "menus"), levels - 1)?,
            _ => return Err("menu.type"),
        }
    }
    Ok(())
}
