//! The button as a form of a web page.

use super::{PC_WINDOW_PX_MIN, START_PAGE};

/// The name of the window that a PC opens.
const WINDOW: &str = "kakao_consult";

/// What the page is shown on: the two are opened differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the platform tells these two apart"
)]
pub enum Device {
    /// A phone: in the same window, from where KakaoTalk takes over.
    Phone,
    /// A PC: in a window of its own that is large enough.
    Pc,
}

/// A 상담하기 button as a form that posts.
#[derive(Clone, PartialEq, Eq)]
pub struct StartForm<'a> {
    fields: Vec<(&'static str, &'a str)>,
}

/// What the form carries does not show.
impl std::fmt::Debug for StartForm<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StartForm").finish_non_exhaustive()
    }
}

impl<'a> StartForm<'a> {
    pub(super) const fn new(fields: Vec<(&'static str, &'a str)>) -> Self {
        Self { fields }
    }

    /// Where it posts to.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        START_PAGE
    }

    /// Its fields, the channel first: for a page that builds its own form.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, &'a str)] {
        &self.fields
    }

    /// The form as HTML with one button that says `label`. On a PC a line of script opens the window first, since a target
    /// alone may open a tab of any size; a page that allows no script in its text uses [`fields`](Self::fields).
    ///
    /// ```
    /// use happytalk_kakao::{Device, StartButton};
    ///
    /// let button = StartButton::new("@happytalk".parse()?);
    /// let html = button.form().to_html("상담하기", Device::Pc);
    /// assert!(html.contains(r#"target="kakao_consult""#) && html.contains("width=1024,height=800"));
    /// # Ok::<(), happytalk_kakao::Error>(())
    /// ```
    #[must_use]
    pub fn to_html(&self, label: &str, device: Device) -> String {
        let (width, height) = PC_WINDOW_PX_MIN;
        let window = match device {
            Device::Phone => String::new(),
            Device::Pc => format!(
                r#" target="{WINDOW}" onsubmit="window.open('', '{WINDOW}', 'width={width},height={height}')""#
            ),
        };
        let mut html = format!(
            "<form method=\"post\" action=\"{START_PAGE}\" accept-charset=\"utf-8\"{window}>\n"
        );
        for (name, value) in &self.fields {
            let value = escaped(value);
            html.push_str(&format!(
                "  <input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n"
            ));
        }
        let label = escaped(label);
        html.push_str(&format!(
            "  <button type=\"submit\">{label}</button>\n</form>\n"
        ));
        html
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
