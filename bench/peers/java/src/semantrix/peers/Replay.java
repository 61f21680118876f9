package semantrix.peers;

import com.github.benmanes.caffeine.cache.Cache;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Warm-up and timed passes: the same steps as ../../../../cpp/harness.hpp. */
final class Replay {
  // What one thread did, and when by its own watch: the thread that starts the others may itself be
  // kept waiting for a core.
  private record Tally(long hits, long checksum, long began, long ended) {}

  private final int valueBytes;
  private final String[] keys;
  private final int[] ids;
  private final Cache<String, byte[]> cache;
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private long position; // where the next pass begins in the file

  Replay(Arguments arguments, Cache<String, byte[]> cache) throws IOException {
    this(
        arguments.valueBytes(),
        Keys.table(arguments.keys()),
        readIds(Path.of(arguments.workload())),
        cache);
  }

  private Replay(int valueBytes, String[] keys, int[] ids, Cache<String, byte[]> cache) {
    this.valueBytes = valueBytes;
    this.keys = keys;
    this.ids = ids;
    this.cache = cache;
  }

  /** The same requests from their beginning, to another cache. */
  Replay startOver(Cache<String, byte[]> other) {
    return new Replay(valueBytes, keys, ids, other);
  }

  // Where all keys fit, all are put, and every request of the passes is a hit. Where they do not,
  // the requests before the passes' own are answered.
  void warmUp(Arguments arguments) {
    if (arguments.capacity() < keys.length) {
      run(0, arguments.warmup());
      position = arguments.warmup();
      return;
    }
    for (int id = 0; id < keys.length; ++id) {
      byte[] value = new byte[valueBytes];
      value[0] = (byte) id;
      cache.put(keys[id], value);
    }
  }

  /** One timed pass, as a line of JSON. */
  String pass(int threads, long ops) throws InterruptedException {
    long share = ops / threads;
    var tallies = new Tally[threads];
    var start = new CyclicBarrier(threads);
    long cpuBegan = process.getProcessCpuTime();
    var workers = new Thread[threads];
    for (int t = 0; t < threads; ++t) {
      long from = position + (long) t * (ids.length / threads);
      int slot = t;
      workers[t] = new Thread(() -> tallies[slot] = runTogether(start, from, share));
      workers[t].start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    double cpu = (process.getProcessCpuTime() - cpuBegan) * 1e-9;
    position += share;
    long hits = Arrays.stream(tallies).mapToLong(Tally::hits).sum();
    long checksum = Arrays.stream(tallies).mapToLong(Tally::checksum).sum();
    long began = Arrays.stream(tallies).mapToLong(Tally::began).min().orElseThrow();
    long ended = Arrays.stream(tallies).mapToLong(Tally::ended).max().orElseThrow();
    return report(threads, share * threads, (ended - began) * 1e-9, cpu, hits, checksum);
  }

  private String report(
      int threads, long ops, double seconds, double cpu, long hits, long checksum) {
    cache.cleanUp();
    return String.format(
        Locale.ROOT,
        "{\"peer\":\"caffeine\",\"threads\":%d,\"ops\":%d,\"seconds\":%.6f,\"cpu_seconds\":%.6f,"
            + "\"ops_per_second\":%.0f,\"hits\":%d,\"hit_ratio\":%.6f,\"checksum\":%d,\"size\":%d}",
        threads, ops, seconds, cpu, ops / seconds, hits, (double) hits / ops, checksum,
        cache.estimatedSize());
  }

  private Tally runTogether(CyclicBarrier start, long from, long count) {
    try {
      start.await();
    } catch (InterruptedException | BrokenBarrierException stopped) {
      throw new IllegalStateException(stopped);
    }
    return run(from, count);
  }

  private Tally run(long from, long count) {
    byte[] template = new byte[valueBytes];
    long hits = 0;
    long checksum = 0;
    long began = System.nanoTime();
    int at = (int) (from % ids.length);
    for (long i = 0; i < count; ++i) {
      int id = ids[at];
      if (++at == ids.length) {
        at = 0;
      }
      String key = keys[id];
      byte[] value = cache.getIfPresent(key);
      if (value != null) {
        ++hits;
        checksum += value.length + ((value[0] ^ id) & 0xFF);
      } else {
        template[0] = (byte) id;
        cache.put(key, template.clone());
      }
    }
    return new Tally(hits, checksum, began, System.nanoTime());
  }

  private static int[] readIds(Path file) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var words = bytes.asIntBuffer();
    int[] ids = new int[words.remaining()];
    words.get(ids);
    return ids;
  }
}
