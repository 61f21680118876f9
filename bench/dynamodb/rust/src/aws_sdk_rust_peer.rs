//! The AWS SDK for Rust as a service uses it: one client, a task for each caller, on one thread.
//!
//!     aws_sdk_rust_peer --host 127.0.0.1 --port 8000
//!     then lines on standard input: get CALLERS VALUE_BYTES OPS
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, Config};
use std::io::{BufRead, Write};
use std::time::Instant;

fn cpu_seconds() -> f64 {
    let mut used: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut used) };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
    seconds(used.ru_utime) + seconds(used.ru_stime)
}

/// The bytes that one caller got, and how long each call took.
async fn get(client: Client, key: String, calls: usize) -> (usize, Vec<u64>) {
    let (mut bytes, mut latencies) = (0, Vec::with_capacity(calls));
    for _ in 0..calls {
        let called = Instant::now();
        let found = client
            .get_item()
            .table_name("cache")
            .key("key", AttributeValue::S(key.clone()))
            .send()
            .await
            .expect("the server answers");
        latencies.push(called.elapsed().as_nanos() as u64);
        let item = found.item.expect("the item is there");
        bytes += item["value"].as_b().expect("bytes").as_ref().len();
    }
    (bytes, latencies)
}

fn percentile(sorted: &[u64], share: f64) -> f64 {
    sorted[(share * (sorted.len() - 1) as f64) as usize] as f64 / 1e3
}

async fn pass(client: &Client, callers: usize, value_bytes: usize, ops: usize) -> String {
    let (cpu_began, began) = (cpu_seconds(), Instant::now());
    let calls = ops / callers;
    let key = format!("bench:{value_bytes}");
    let tasks: Vec<_> = (0..callers)
        .map(|_| tokio::spawn(get(client.clone(), key.clone(), calls)))
        .collect();
    let (mut checksum, mut latencies) = (0, Vec::new());
    for task in tasks {
        let (bytes, took) = task.await.expect("a caller ends well");
        checksum += bytes;
        latencies.extend(took);
    }
    let seconds = began.elapsed().as_secs_f64();
    let done = calls * callers;
    latencies.sort_unstable();
    serde_json::json!({
        "verb": "get", "callers": callers, "value_bytes": value_bytes, "ops": done,
        "seconds": seconds, "ops_per_second": done as f64 / seconds,
        "cpu_ns_per_op": (cpu_seconds() - cpu_began) * 1e9 / done as f64,
        "allocations_per_op": null, "p50_us": percentile(&latencies, 0.5),
        "p99_us": percentile(&latencies, 0.99), "checksum": checksum
    })
    .to_string()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = words.iter().position(|word| word == name).expect("--host and --port");
        words[at + 1].clone()
    };
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-west-2"))
        .credentials_provider(Credentials::new("bench", "bench", None, None, "bench"))
        .endpoint_url(format!("http://{}:{}", option("--host"), option("--port")))
        .build();
    let client = Client::from_conf(config);
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| words[at].parse().expect("a number");
        println!("{}", pass(&client, number(1), number(2), number(3)).await);
        std::io::stdout().flush().expect("standard output");
    }
}
