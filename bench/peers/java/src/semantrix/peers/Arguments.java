package semantrix.peers;

import java.util.HashMap;
import java.util.Map;

/** The command line that all harnesses share, in every language: pairs of --name and value. */
record Arguments(
    String workload,
    int keys,
    long capacity,
    int valueBytes,
    int valueBytesMost,
    long warmup,
    int threads,
    long ops,
    int ttlSeconds,
    int entries,
    boolean serve) {

  static Arguments parse(String[] words) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      given.put(words[i], words[i + 1]);
    }
    return new Arguments(
        given.getOrDefault("--workload", ""),
        Integer.parseInt(given.getOrDefault("--keys", "1000000")),
        Long.parseLong(given.getOrDefault("--capacity", "100000")),
        Integer.parseInt(given.getOrDefault("--value-bytes", "256")),
        Integer.parseInt(given.getOrDefault("--value-bytes-most", "0")),
        Long.parseLong(given.getOrDefault("--warmup", "2000000")),
        Integer.parseInt(given.getOrDefault("--threads", "1")),
        Long.parseLong(given.getOrDefault("--ops", "1000000")),
        Integer.parseInt(given.getOrDefault("--ttl-seconds", "0")),
        Integer.parseInt(given.getOrDefault("--memory", "0")),
        Boolean.parseBoolean(given.getOrDefault("--serve", "false")));
  }
}
