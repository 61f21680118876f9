package semantrix.peers;

import java.nio.charset.StandardCharsets;

/** The 32-byte keys that the ids of a workload stand for, the same as in the other languages. */
final class Keys {
  static final int BYTES = 32;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Keys() {}

  static String[] table(int count) {
    String[] texts = new String[count];
    for (int id = 0; id < count; ++id) {
      texts[id] = text(id);
    }
    return texts;
  }

  static String text(int id) {
    byte[] text = new byte[BYTES];
    for (int half = 0; half < 2; ++half) {
      long word = mix(2L * id + half + 1);
      for (int i = 0; i < 16; ++i, word >>>= 4) {
        text[half * 16 + i] = DIGITS[(int) (word & 15)];
      }
    }
    return new String(text, StandardCharsets.ISO_8859_1); // one byte a character, in the JVM too
  }

  private static long mix(long word) {
    word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    word = (word ^ (word >>> 27)) * 0x94D049BB133111EBL;
    return word ^ (word >>> 31);
  }
}
