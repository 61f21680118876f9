//! The harness of the Rust caches: the steps of ../cpp/harness.hpp, so that the numbers compare.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::sync::Barrier;
use std::time::Instant;

pub const KEY_BYTES: usize = 32;

/// A cache under test. Values are `Arc<[u8]>`: one allocation each, handed out by reference count.
pub trait Peer: Sync {
    /// `ttl_seconds` 0: entries do not expire.
    fn new(capacity: usize, ttl_seconds: u64) -> Self;
    /// On a hit hands the value to `touch` and returns true.
    fn lookup(&self, key: &str, touch: &mut Touch) -> bool;
    /// Copies the value into a fresh allocation.
    fn store(&self, key: &str, value: &[u8]);
    /// Live entries, after the maintenance that the cache's documentation asks for.
    fn size(&self) -> u64;
}

pub struct Arguments {
    workload: String,
    keys: u32,
    capacity: usize,
    value_bytes: usize,
    value_bytes_most: usize,
    warmup: u64,
    threads: usize,
    ops: u64,
    ttl_seconds: u64,
    entries: u32,
    serve: bool,
}

impl Arguments {
    fn parse() -> Self {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let given: HashMap<&str, &str> = words
            .chunks_exact(2)
            .map(|pair| (pair[0].as_str(), pair[1].as_str()))
            .collect();
        let number = |name: &str, absent: u64| -> u64 {
            given
                .get(name)
                .map_or(absent, |text| text.parse().expect(name))
        };
        Arguments {
            workload: given.get("--workload").unwrap_or(&"").to_string(),
            keys: number("--keys", 1_000_000) as u32,
            capacity: number("--capacity", 100_000) as usize,
            value_bytes: number("--value-bytes", 256) as usize,
            value_bytes_most: number("--value-bytes-most", 0) as usize,
            warmup: number("--warmup", 2_000_000),
            threads: number("--threads", 1) as usize,
            ops: number("--ops", 1_000_000),
            ttl_seconds: number("--ttl-seconds", 0),
            entries: number("--memory", 0) as u32,
            serve: given.get("--serve") == Some(&"true"),
        }
    }
}

/// Looks at each value that was hit: its length and its first byte, which tells whose it is.
#[derive(Default)]
pub struct Touch {
    id: u32,
    checksum: u64,
}

impl Touch {
    #[inline]
    pub fn see(&mut self, value: &[u8]) {
        self.checksum += value.len() as u64 + u64::from(value[0] ^ self.id as u8);
    }
}

/// What one thread did, and when by its own watch: the thread that starts the others may itself be
/// kept waiting for a core.
struct Tally {
    hits: u64,
    checksum: u64,
    began: Instant,
    ended: Instant,
}

fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

fn key_text(id: u32) -> [u8; KEY_BYTES] {
    let mut text = [0u8; KEY_BYTES];
    for half in 0..2u64 {
        let mut word = mix(2 * u64::from(id) + half + 1);
        for i in 0..16 {
            text[half as usize * 16 + i] = b"0123456789abcdef"[(word & 15) as usize];
            word >>= 4;
        }
    }
    text
}

fn as_str(text: &[u8; KEY_BYTES]) -> &str {
    std::str::from_utf8(text).expect("hexadecimal digits")
}

/// All keys in one string, so that taking one checks no encoding and follows no pointer.
struct KeyTable(String);

impl KeyTable {
    fn new(count: u32) -> Self {
        let mut texts = String::with_capacity(count as usize * KEY_BYTES);
        for id in 0..count {
            texts.push_str(as_str(&key_text(id)));
        }
        KeyTable(texts)
    }

    #[inline]
    fn get(&self, id: u32) -> &str {
        let start = id as usize * KEY_BYTES;
        &self.0[start..start + KEY_BYTES]
    }
}

fn read_ids(path: &str, keys: u32) -> Vec<u32> {
    let bytes = std::fs::read(path).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    let ids: Vec<u32> = bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes(word.try_into().unwrap()))
        .collect();
    assert!(
        !ids.is_empty() && ids.iter().all(|&id| id < keys),
        "{path}: no requests, or keys"
    );
    ids
}

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

fn cpu_seconds() -> f64 {
    const PROCESS_CPU_TIME: i32 = 2;
    let mut now = Timespec {
        seconds: 0,
        nanoseconds: 0,
    };
    // SAFETY: the layout is that of timespec on 64-bit Linux, and the struct outlives the call.
    unsafe { clock_gettime(PROCESS_CPU_TIME, &mut now) };
    now.seconds as f64 + now.nanoseconds as f64 * 1e-9
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("/proc/self/statm");
    let pages: u64 = statm
        .split_whitespace()
        .nth(1)
        .expect("resident")
        .parse()
        .expect("pages");
    pages * 4096
}

struct Harness<P: Peer> {
    name: &'static str,
    value_bytes: usize,
    keys: KeyTable,
    ids: Vec<u32>,
    cache: P,
    position: usize,
}

impl<P: Peer> Harness<P> {
    /// Where all keys fit, all are put, and every request of the passes is a hit. Where not,
    /// the requests before the passes' own are answered.
    fn warm_up(&mut self, arguments: &Arguments) {
        if arguments.capacity < arguments.keys as usize {
            self.replay(0, arguments.warmup);
            self.position = arguments.warmup as usize;
            return;
        }
        let mut value = vec![b'v'; self.value_bytes];
        for id in 0..arguments.keys {
            value[0] = id as u8;
            self.cache.store(self.keys.get(id), &value);
        }
    }

    fn replay(&self, start: usize, count: u64) -> Tally {
        let mut value = vec![b'v'; self.value_bytes];
        let mut touch = Touch::default();
        let mut hits = 0;
        let began = Instant::now();
        let mut at = start % self.ids.len();
        for _ in 0..count {
            let id = self.ids[at];
            at += 1;
            if at == self.ids.len() {
                at = 0;
            }
            touch.id = id;
            let key = self.keys.get(id);
            if self.cache.lookup(key, &mut touch) {
                hits += 1;
            } else {
                value[0] = id as u8;
                self.cache.store(key, &value);
            }
        }
        Tally {
            hits,
            checksum: touch.checksum,
            began,
            ended: Instant::now(),
        }
    }

    fn pass(&mut self, threads: usize, ops: u64) {
        let share = ops / threads as u64;
        let barrier = Barrier::new(threads);
        let this = &*self;
        let cpu_began = cpu_seconds();
        let tallies: Vec<Tally> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|t| {
                    let start = this.position + t * (this.ids.len() / threads);
                    let barrier = &barrier;
                    scope.spawn(move || {
                        barrier.wait();
                        this.replay(start, share)
                    })
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().expect("worker"))
                .collect()
        });
        let cpu = cpu_seconds() - cpu_began;
        let began = tallies
            .iter()
            .map(|tally| tally.began)
            .min()
            .expect("a thread");
        let ended = tallies
            .iter()
            .map(|tally| tally.ended)
            .max()
            .expect("a thread");
        let seconds = (ended - began).as_secs_f64();
        self.position += share as usize;

        let ops = share * threads as u64;
        let hits: u64 = tallies.iter().map(|tally| tally.hits).sum();
        let checksum: u64 = tallies.iter().map(|tally| tally.checksum).sum();
        println!(
            "{{\"peer\":\"{}\",\"threads\":{threads},\"ops\":{ops},\"seconds\":{seconds:.6},\
             \"cpu_seconds\":{cpu:.6},\"ops_per_second\":{:.0},\"hits\":{hits},\
             \"hit_ratio\":{:.6},\"checksum\":{checksum},\"size\":{}}}",
            self.name,
            ops as f64 / seconds,
            hits as f64 / ops as f64,
            self.cache.size()
        );
        std::io::stdout().flush().expect("standard output");
    }
}

fn measure_memory<P: Peer>(name: &str, arguments: &Arguments) {
    let least = arguments.value_bytes;
    let most = least.max(arguments.value_bytes_most);
    let value = vec![b'v'; most];
    let before = resident_bytes();
    let cache = P::new(arguments.capacity, arguments.ttl_seconds);
    let mut payload = 0usize;
    for id in 0..arguments.entries {
        let bytes = least + id as usize * 7919 % (most - least + 1);
        payload += KEY_BYTES + bytes;
        cache.store(as_str(&key_text(id)), &value[..bytes]);
    }
    let size = cache.size() as f64;
    let grown = (resident_bytes() - before) as f64;
    let mean_payload = payload as f64 / f64::from(arguments.entries);
    println!(
        "{{\"peer\":\"{name}\",\"entries\":{size:.0},\"bytes_per_entry\":{:.1},\
         \"overhead_per_entry\":{:.1}}}",
        grown / size,
        grown / size - mean_payload
    );
}

pub fn run_peer<P: Peer>(name: &'static str) {
    let arguments = Arguments::parse();
    if arguments.entries > 0 {
        return measure_memory::<P>(name, &arguments);
    }
    let mut harness = Harness {
        name,
        value_bytes: arguments.value_bytes,
        keys: KeyTable::new(arguments.keys),
        ids: read_ids(&arguments.workload, arguments.keys),
        cache: P::new(arguments.capacity, arguments.ttl_seconds),
        position: 0,
    };
    harness.warm_up(&arguments);
    if !arguments.serve {
        return harness.pass(arguments.threads, arguments.ops);
    }
    println!("{{\"peer\":\"{name}\",\"ready\":true}}");
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input");
        let mut words = line
            .split_whitespace()
            .map(|word| word.parse::<u64>().expect("a number"));
        if let (Some(threads), Some(ops)) = (words.next(), words.next()) {
            harness.pass(threads as usize, ops);
        }
    }
}
