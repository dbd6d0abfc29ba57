package io.meseta.kernel;

import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Randomness as cores get it: handed in, so that a seed replays a run. Not thread-safe. */
public final class Rng {
  private final RandomGenerator source;

  private Rng(RandomGenerator source) {
    this.source = source;
  }

  /** A reproducible source. */
  public static Rng seeded(long seed) {
    return new Rng(new Random(seed));
  }

  /** A source fit for ids that must not be guessed. */
  public static Rng secure() {
    return new Rng(new SecureRandom());
  }

  public long nextLong() {
    return source.nextLong();
  }

  /** Uniform in {@code [0, bound)}. */
  public int nextInt(int bound) {
    return source.nextInt(bound);
  }

  /** Uniform in {@code [0, bound)}. */
  public long nextLong(long bound) {
    return source.nextLong(bound);
  }

  /** Uniform in {@code [0, 1)}. */
  public double nextDouble() {
    return source.nextDouble();
  }

  public boolean chance(double probability) {
    return source.nextDouble() < probability;
  }

  /** Puts the list into a uniformly random order, in place. */
  public void shuffle(List<?> list) {
    for (int i = list.size(); i > 1; i--) {
      Collections.swap(list, i - 1, source.nextInt(i));
    }
  }
}
