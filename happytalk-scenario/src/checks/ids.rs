//! Where the nodes stand, by their names.

use crate::document::Document;
use crate::table::{Table, hash};

/// The places of a document's nodes.
pub(crate) struct Ids<'d> {
    document: &'d Document,
    table: Table,
}

impl<'d> Ids<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        let mut table = Table::with_room(document.nodes.len());
        // The last of a name is the one that counts.
        for (place, node) in document.nodes.iter().enumerate().rev() {
            table.insert(hash(node.id.as_str().as_bytes()), place);
        }
        Self { document, table }
    }

    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.table.find(hash(id.as_bytes()), |place| {
            let node = self.document.nodes.get(place);
            node.is_some_and(|node| node.id.as_str() == id)
        })
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.find(id).is_some()
    }
}
