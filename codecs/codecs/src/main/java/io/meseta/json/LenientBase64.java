package io.meseta.json;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64 as clients have always been allowed to send it (J-17): white space is skipped, and only a
 * character outside the alphabet is an error, never a wrong length or missing padding.
 */
final class LenientBase64 {
  private static final byte[] SIX_BITS = new byte[128];

  static {
    Arrays.fill(SIX_BITS, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      SIX_BITS[alphabet.charAt(i)] = (byte) i;
    }
  }

  /** The first bytes of an array. */
  @SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
  record Decoded(byte[] bytes, int size) {}

  private LenientBase64() {}

  static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Decodes, or throws {@link IllegalArgumentException} with the reason. */
  static Decoded decode(String text) {
    byte[] out = new byte[text.length() / 4 * 3 + 3];
    int size = 0;
    int bits = 0;
    int count = 0;
    boolean padded = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '=') {
        padded = true;
        continue;
      }
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        continue;
      }
      int value = c < 128 ? SIX_BITS[c] : -1;
      if (value < 0 || padded) {
        throw new IllegalArgumentException("Invalid character '" + c + "'");
      }
      bits = bits << 6 | value;
      if (++count == 4) {
        out[size++] = (byte) (bits >> 16);
        out[size++] = (byte) (bits >> 8);
        out[size++] = (byte) bits;
        bits = 0;
        count = 0;
      }
    }
    // Of an incomplete group only whole bytes count.
    if (count == 2) {
      out[size++] = (byte) (bits >> 4);
    } else if (count == 3) {
      out[size++] = (byte) (bits >> 10);
      out[size++] = (byte) (bits >> 2);
    }
    return new Decoded(out, size);
  }
}
