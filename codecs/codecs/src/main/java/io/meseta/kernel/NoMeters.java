package io.meseta.kernel;

import java.util.function.DoubleSupplier;

final class NoMeters implements Meters {
  @Override
  public Counter counter(Name name) {
    return amount -> {};
  }

  @Override
  public void gauge(Name name, DoubleSupplier value) {}

  @Override
  public Timer timer(Name name) {
    return nanos -> {};
  }
}
