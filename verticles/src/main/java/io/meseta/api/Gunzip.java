package io.meseta.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Inflates request bodies within bounds, so that few bytes cannot become very many. Pure. */
final class Gunzip {
  /** A body may grow by this factor; JSON of many equal tasks compresses about 100 times. */
  static final int MAX_RATIO = 200;

  /** Up to this size the ratio does not matter. */
  static final int FREE_BYTES = 1 << 20;

  private static final int STEP_BYTES = 16 << 10;

  /** The body is longer than allowed once inflated. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("the inflated body is larger than " + limit + " bytes", null, false, false);
    }
  }

  private Gunzip() {}

  /**
   * Inflates the whole body.
   *
   * @throws TooLarge if it is above {@code maxBytes}, or grows by more than {@link #MAX_RATIO}
   * @throws IOException if it is not gzip, or is cut short
   */
  static byte[] inflate(byte[] body, long maxBytes) throws IOException, TooLarge {
    long limit = Math.min(maxBytes, Math.max(FREE_BYTES, (long) body.length * MAX_RATIO));
    ByteArrayOutputStream out =
        new ByteArrayOutputStream((int) Math.min(limit, Math.max(64, body.length * 2L)));
    byte[] step = new byte[STEP_BYTES];
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), STEP_BYTES)) {
      int read = in.read(step);
      while (read >= 0) {
        if (out.size() + read > limit) {
          throw new TooLarge(limit);
        }
        out.write(step, 0, read);
        read = in.read(step);
      }
    }
    return out.toByteArray();
  }
}
