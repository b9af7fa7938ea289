//! A store that keeps everything in memory: for tests, examples and a first day.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use happytalk_core::customer::{HistoryIndex, HistoryPage, HistoryQuery};
use happytalk_core::id::SiteId;
use happytalk_core::store::{Batch, History, Store, StoreError, StoreErrorKind, Stored};

/// Keeps sites in memory. What it holds is gone with it.
#[derive(Default)]
pub struct MemoryStore {
    sites: Mutex<BTreeMap<SiteId, Stored>>,
}

impl MemoryStore {
    /// A store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The log of `site` as JSON lines.
    #[must_use]
    pub fn log(&self, site: &SiteId) -> String {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = sites
            .get(site)
            .map_or(&[][..], |stored| stored.lines.as_slice());
        lines.iter().map(|line| line.to_json() + "\n").collect()
    }
}

/// Says how many sites there are and nothing of what they hold.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "MemoryStore({} sites)", sites.len())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, site: &SiteId, batch: &Batch) -> Result<(), StoreError> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let stored = sites.entry(site.clone()).or_default();
        if u64::try_from(stored.lines.len()) != Ok(batch.after) {
            return Err(StoreError::new(StoreErrorKind::Conflict));
        }
        stored.lines.extend(batch.lines.iter().cloned());
        stored.effects.extend(batch.effects.iter().cloned());
        stored
            .effects
            .retain(|effect| !batch.settled.contains(&effect.id));
        stored.seen.extend(batch.seen.iter().cloned());
        for (conversation, state) in &batch.states {
            stored.states.retain(|(id, _)| id != conversation);
            if let Some(state) = state {
                stored.states.push((conversation.clone(), state.clone()));
            }
        }
        Ok(())
    }

    async fn load(&self, site: &SiteId) -> Result<Stored, StoreError> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(sites.get(site).cloned().unwrap_or_default())
    }
}

/// Folds the whole log for each question: fit for what fits in memory.
#[async_trait]
impl History for MemoryStore {
    async fn find(&self, site: &SiteId, query: &HistoryQuery) -> Result<HistoryPage, StoreError> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let mut index = HistoryIndex::new();
        for line in sites.get(site).into_iter().flat_map(|stored| &stored.lines) {
            index.observe(line);
        }
        Ok(index.find(query))
    }
}
