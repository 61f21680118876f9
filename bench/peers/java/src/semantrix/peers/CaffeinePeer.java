package semantrix.peers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Scanner;

/** Caffeine: bounded by size, told the number of entries, its executor and policy as they come. */
public final class CaffeinePeer {
  // Until the JIT compiler has seen the loop for this often, passes are not what they will be.
  private static final int JIT_PASSES = 2;
  private static final long JIT_OPS = 2_000_000;

  private CaffeinePeer() {}

  public static void main(String[] words) throws Exception {
    Arguments arguments = Arguments.parse(words);
    if (arguments.entries() > 0) {
      measureMemory(arguments);
    } else {
      measureThroughput(arguments);
    }
  }

  private static Cache<String, byte[]> newCache(Arguments arguments) {
    var builder = Caffeine.newBuilder().maximumSize(arguments.capacity());
    builder.initialCapacity((int) arguments.capacity());
    if (arguments.ttlSeconds() > 0) {
      builder.expireAfterWrite(Duration.ofSeconds(arguments.ttlSeconds()));
    }
    return builder.build();
  }

  private static void measureThroughput(Arguments arguments) throws Exception {
    // The compiler warms up on a cache of its own: this one shall see no more than its rivals.
    var scratch = new Replay(arguments, newCache(arguments));
    scratch.warmUp(arguments);
    for (int i = 0; i < JIT_PASSES; ++i) {
      scratch.pass(1, JIT_OPS);
      scratch.pass(2, JIT_OPS);
    }
    var replay = scratch.startOver(newCache(arguments));
    replay.warmUp(arguments);
    if (!arguments.serve()) {
      System.out.println(replay.pass(arguments.threads(), arguments.ops()));
      return;
    }
    System.out.println("{\"peer\":\"caffeine\",\"ready\":true}");
    var commands = new Scanner(System.in);
    while (commands.hasNextInt()) {
      System.out.println(replay.pass(commands.nextInt(), commands.nextLong()));
    }
  }

  // The resident memory of a JVM is what its collector has not yet given back; what the entries
  // cost is the heap in use after a collection.
  private static void measureMemory(Arguments arguments) {
    int least = arguments.valueBytes();
    int most = Math.max(least, arguments.valueBytesMost());
    long before = heapInUse();
    Cache<String, byte[]> cache = newCache(arguments);
    long payload = 0;
    for (int id = 0; id < arguments.entries(); ++id) {
      int bytes = least + (int) (id * 7919L % (most - least + 1));
      payload += Keys.BYTES + bytes;
      cache.put(Keys.text(id), new byte[bytes]);
    }
    cache.cleanUp();
    double size = cache.estimatedSize();
    double grown = heapInUse() - before;
    double perEntry = grown / size;
    System.out.printf(
        "{\"peer\":\"caffeine\",\"entries\":%.0f,\"bytes_per_entry\":%.1f,"
            + "\"overhead_per_entry\":%.1f}%n",
        size, perEntry, perEntry - (double) payload / arguments.entries());
    cache.invalidateAll(); // and so the cache was reachable until it had been measured
  }

  private static long heapInUse() {
    for (int i = 0; i < 3; ++i) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
