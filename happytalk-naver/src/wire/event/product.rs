//! Products of the account's own shop (상품 메시지).
//!
//! Source: <https://github.com/navertalk/chatbot-api> product_message_api.md (read 2026-11-21)

use serde::Serialize;

use super::at_most;
use super::button::{Place, WireButton};
use super::composite::BUTTONS_MAX;
use crate::error::Error;
use crate::message::{ProductButtons, ProductDisplay, Products};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomButtons<'a> {
    id: u64,
    button_list: Vec<WireButton<'a>>,
}

/// The name of the display.
pub(super) const fn display(products: &Products) -> &'static str {
    match products.display {
        ProductDisplay::Single => "single",
        ProductDisplay::List => "list",
    }
}

/// The numbers of the products, as many as may stand there.
pub(super) fn ids(products: &Products) -> Result<&[u64], Error> {
    at_most(
        "products.ids",
        products.ids.len(),
        products.display.count_max(),
    )?;
    if products.ids.is_empty() {
        return Err(Error::Empty {
            place: "products.ids",
        });
    }
    Ok(&products.ids)
}

/// The buttons below each product.
pub(super) fn custom_buttons(products: &Products) -> Result<Vec<CustomButtons<'_>>, Error> {
    let one = |product: &'_ ProductButtons| -> Result<(), Error> {
        at_most("products.buttons", product.buttons.len(), BUTTONS_MAX)?;
        if products.ids.contains(&product.id) {
            Ok(())
        } else {
            Err(Error::BadValue {
                place: "products.buttons.id",
            })
        }
    };
    products.buttons.iter().try_for_each(one)?;
    let lists = products.buttons.iter().map(|product| {
        let list = product.buttons.iter();
        let list = list.map(|button| WireButton::of(button, Place::CARD));
        Ok(CustomButtons {
            id: product.id,
            button_list: list.collect::<Result<_, _>>()?,
        })
    });
    lists.collect()
}
