//! quick_cache: `sync::Cache`, its default hasher, locks and shards, told the number of entries.

mod harness;

use harness::{Peer, Touch};
use quick_cache::sync::Cache;
use std::sync::Arc;

struct QuickCache(Cache<Box<str>, Arc<[u8]>>);

impl Peer for QuickCache {
    fn new(capacity: usize, ttl_seconds: u64) -> Self {
        assert_eq!(ttl_seconds, 0, "quick_cache has no ttl");
        QuickCache(Cache::new(capacity))
    }

    #[inline]
    fn lookup(&self, key: &str, touch: &mut Touch) -> bool {
        match self.0.get(key) {
            Some(value) => {
                touch.see(&value);
                true
            }
            None => false,
        }
    }

    #[inline]
    fn store(&self, key: &str, value: &[u8]) {
        self.0.insert(key.into(), value.into());
    }

    fn size(&self) -> u64 {
        self.0.len() as u64
    }
}

fn main() {
    harness::run_peer::<QuickCache>("quick_cache");
}
