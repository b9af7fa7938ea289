//! JSON whose names are spelled as the dealer spells them: `user_key` at HappyTalk, `userKey` at Bizgo.

use std::borrow::Cow;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// How names are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `user_key`.
    Snake,
    /// `userKey`.
    Camel,
}

/// A value. Names are in snake case until it is written.
pub(crate) enum Node<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A list.
    List(Vec<Self>),
    /// Members, in the order in which they are written.
    Object(Vec<(&'static str, Self)>),
}

/// Members that are there only where they have something to say.
pub(crate) struct Members<'a>(Vec<(&'static str, Node<'a>)>);

impl<'a> Members<'a> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn text(self, name: &'static str, text: &'a str) -> Self {
        self.node(name, Node::Text(text))
    }

    pub(crate) fn text_if(self, name: &'static str, text: Option<&'a str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub(crate) fn number_if(self, name: &'static str, number: Option<u64>) -> Self {
        match number {
            Some(number) => self.node(name, Node::Number(number)),
            None => self,
        }
    }

    pub(crate) fn list_if(self, name: &'static str, list: Vec<Node<'a>>) -> Self {
        if list.is_empty() {
            return self;
        }
        self.node(name, Node::List(list))
    }

    pub(crate) fn object_if(self, name: &'static str, members: Self) -> Self {
        if members.0.is_empty() {
            return self;
        }
        self.node(name, members.into_node())
    }

    pub(crate) fn node(mut self, name: &'static str, node: Node<'a>) -> Self {
        self.0.push((name, node));
        self
    }

    pub(crate) fn into_node(self) -> Node<'a> {
        Node::Object(self.0)
    }
}

/// A value as it is written.
pub(crate) struct Spelled<'a>(pub(crate) &'a Node<'a>, pub(crate) Spelling);

impl Serialize for Spelled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(node, spelling) = *self;
        match node {
            Node::Text(text) => serializer.serialize_str(text),
            Node::Number(number) => serializer.serialize_u64(*number),
            Node::Flag(flag) => serializer.serialize_bool(*flag),
            Node::List(list) => {
                let mut items = serializer.serialize_seq(Some(list.len()))?;
                for item in list {
                    items.serialize_element(&Self(item, spelling))?;
                }
                items.end()
            }
            Node::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(&spelled(name, spelling), &Self(value, spelling))?;
                }
                map.end()
            }
        }
    }
}

fn spelled(name: &'static str, spelling: Spelling) -> Cow<'static, str> {
    if spelling == Spelling::Snake || !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut camel = String::with_capacity(name.len());
    let mut is_first_of_word = false;
    for letter in name.chars() {
        if letter == '_' {
            is_first_of_word = true;
        } else {
            camel.push(if is_first_of_word {
                letter.to_ascii_uppercase()
            } else {
                letter
            });
            is_first_of_word = false;
        }
    }
    Cow::Owned(camel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_members_are_spelled_in_either_way_and_stay_in_their_order() {
        let inner = Members::new().text("img_url", "u").number_if("size", None);
        let node = Members::new()
            .text("user_key", "u-1")
            .object_if("attachment", inner)
            .list_if("buttons", Vec::new())
            .node("lock", Node::Flag(true))
            .into_node();
        let written = |spelling| serde_json::to_string(&Spelled(&node, spelling)).unwrap();
        assert_eq!(
            written(Spelling::Snake),
            r#"{"user_key":"u-1","attachment":{"img_url":"u"},"lock":true}"#
        );
        assert_eq!(
            written(Spelling::Camel),
            r#"{"userKey":"u-1","attachment":{"imgUrl":"u"},"lock":true}"#
        );
    }
}
