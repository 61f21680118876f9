//! moka: `sync::Cache` with a fast hasher, as its documentation advises where SipHash is not needed
//! (the same hasher as quick_cache's), and told the number of entries.

mod harness;

use foldhash::fast::RandomState;
use harness::{Peer, Touch};
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

struct Moka(Cache<Box<str>, Arc<[u8]>, RandomState>);

impl Peer for Moka {
    fn new(capacity: usize, ttl_seconds: u64) -> Self {
        let mut builder = Cache::builder()
            .max_capacity(capacity as u64)
            .initial_capacity(capacity);
        if ttl_seconds > 0 {
            builder = builder.time_to_live(Duration::from_secs(ttl_seconds));
        }
        Moka(builder.build_with_hasher(RandomState::default()))
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
        self.0.run_pending_tasks();
        self.0.entry_count()
    }
}

fn main() {
    harness::run_peer::<Moka>("moka");
}
