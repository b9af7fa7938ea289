//! What becomes of buttons and quick replies.

use unicode_segmentation::UnicodeSegmentation;

use super::{CONTINUED, FitError, Fitting};
use crate::capability::TextUnit;
use crate::content::{Button, ButtonAction};

/// What a button becomes on a channel.
pub(super) enum Converted {
    /// A button.
    Press(Button),
    /// Lines that say where it leads.
    Lines(Vec<String>),
    /// Words that a customer may type instead.
    Choice(String),
}

impl Fitting<'_> {
    /// Whether the channel has cards with buttons.
    pub(super) fn has_buttons(&self) -> bool {
        self.carries("card") && self.to.buttons_max > 0
    }

    /// What stands for `button`, whatever its label's length, where something can be pressed (`to_press`) or nothing can.
    pub(super) fn converted(&self, button: &Button, to_press: bool) -> Result<Converted, FitError> {
        if button.label.trim().is_empty() {
            return Err(FitError::Empty { what: "label" });
        }
        let carried = |action| to_press && self.to.button_actions.contains(&action);
        if carried(button.action) {
            self.check(button)?;
            return Ok(Converted::Press(button.clone()));
        }
        match button.action {
            ButtonAction::Postback | ButtonAction::Agent => {
                Ok(Converted::Choice(button.label.trim().to_owned()))
            }
            ButtonAction::Bot => Err(FitError::NotCarried { what: "bot button" }),
            ButtonAction::App if carried(ButtonAction::Url) => {
                let mut link = button.clone();
                link.action = ButtonAction::Url;
                link.value = addresses(button)?.swap_remove(0);
                Ok(Converted::Press(link))
            }
            ButtonAction::App | ButtonAction::Url | ButtonAction::Phone => {
                let addresses = addresses(button)?;
                addresses.iter().try_for_each(|to| self.uncut(to))?;
                let label = button.label.trim();
                let lines = addresses.into_iter().map(|to| format!("{label}: {to}"));
                Ok(Converted::Lines(lines.collect()))
            }
        }
    }

    /// That a link has room as a whole: one that is cut leads nowhere.
    pub(super) fn uncut(&self, address: &str) -> Result<(), FitError> {
        let max = self.to.text_max;
        if self.to.unit.count(address) > max {
            return Err(FitError::TooLong { what: "link", max });
        }
        Ok(())
    }

    /// What a button that is carried must hold.
    fn check(&self, button: &Button) -> Result<(), FitError> {
        match button.action {
            ButtonAction::Postback | ButtonAction::Agent | ButtonAction::Bot => {
                let max = self.to.value_max;
                if self.to.unit.count(&button.value) > max {
                    return Err(FitError::TooLong { what: "value", max });
                }
                let in_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                if self.to.value_is_token && !button.value.bytes().all(in_token) {
                    return Err(FitError::BadValue);
                }
                Ok(())
            }
            ButtonAction::Url | ButtonAction::Phone => addresses(button).map(|_| ()),
            ButtonAction::App => Ok(()),
        }
    }

    /// The buttons that can be pressed, and the lines that stand for the others. Of `buttons` so many can be pressed
    /// at the most; a choice that cannot has its place in the list before it, which a bot understands too.
    pub(super) fn pressed_or_said(
        &self,
        buttons: &[Button],
        pressed_max: usize,
    ) -> Result<(Vec<Button>, Vec<String>), FitError> {
        let mut pressed = Vec::new();
        let mut lines = Vec::new();
        for (index, button) in buttons.iter().enumerate() {
            match self.converted(button, pressed.len() < pressed_max)? {
                Converted::Press(button) => pressed.push(button),
                Converted::Lines(said) => lines.extend(said),
                Converted::Choice(label) => lines.push(format!("{}. {label}", index + 1)),
            }
        }
        Ok((pressed, lines))
    }
}

/// Where a link or a number leads, each address once; at least one.
fn addresses(button: &Button) -> Result<Vec<String>, FitError> {
    let targets = button.targets.as_ref();
    let pages = targets.map(|targets| [targets.web.as_deref(), targets.pc.as_deref()]);
    let further = pages.into_iter().flatten().flatten();
    let is_page = |text: &str| {
        let scheme = text.get(..4).unwrap_or_default();
        scheme.eq_ignore_ascii_case("http")
    };
    let mut found = Vec::new();
    for address in std::iter::once(button.value.as_str()).chain(further) {
        let address = match button.action {
            ButtonAction::Phone => address.strip_prefix("tel:").unwrap_or(address),
            _ => address,
        };
        let leads = !address.trim().is_empty()
            && (button.action != ButtonAction::App || is_page(address))
            && !found.iter().any(|before| before == address);
        if leads {
            found.push(address.to_owned());
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    Err(match button.action {
        // Its schemes open an app or nothing: they are no words.
        ButtonAction::App => FitError::NotCarried { what: "app button" },
        _ => FitError::Empty { what: "address" },
    })
}

/// Shortens the labels that are over `max` to a number and their beginning. The lines give each in full.
///
/// What comes back from a button without a value is its label alone, so such a label is not shortened.
pub(super) fn shorten(
    buttons: &mut [Button],
    max: usize,
    unit: TextUnit,
) -> Result<Vec<String>, FitError> {
    let mut lines = Vec::new();
    for (index, button) in buttons.iter_mut().enumerate() {
        if unit.count(&button.label) <= max {
            continue;
        }
        let says_label = matches!(button.action, ButtonAction::Postback | ButtonAction::Agent);
        let short = shortened(&button.label, index + 1, max, unit);
        let Some(short) = short.filter(|_| !says_label || !button.value.is_empty()) else {
            return Err(FitError::TooLong { what: "label", max });
        };
        lines.push(format!("{}. {}", index + 1, button.label.trim()));
        button.label = short;
    }
    Ok(lines)
}

/// `1. Beginn…` within `max`; the number alone where there is no room for more.
fn shortened(label: &str, number: usize, max: usize, unit: TextUnit) -> Option<String> {
    let mut short = format!("{number}. ");
    let mut room = max.checked_sub(unit.count(&short) + unit.count(CONTINUED));
    let before = short.len();
    for grapheme in label.trim().graphemes(true) {
        room = room.and_then(|room| room.checked_sub(unit.count(grapheme)));
        if room.is_none() {
            break;
        }
        short.push_str(grapheme);
    }
    if short.len() > before {
        short.push_str(CONTINUED);
        return Some(short);
    }
    let number = number.to_string();
    (unit.count(&number) <= max).then_some(number)
}
