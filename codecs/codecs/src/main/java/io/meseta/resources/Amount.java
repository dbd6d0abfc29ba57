package io.meseta.resources;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * How much of something: the value part of a resource. Two amounts are only combined when their
 * identities agree, and an identity includes the type; so both sides are always of one kind.
 */
sealed interface Amount {
  boolean isEmpty();

  Amount plus(Amount that);

  /** The difference; empty instead of negative. */
  Amount minus(Amount that);

  boolean contains(Amount that);

  /** As a plain quantity in thousandths: the scalar, or the number of elements. */
  long millis();

  void writeTo(Resource.Builder message);

  /** Reads the value of a valid resource. */
  static Amount of(Resource message) {
    return switch (message.getType()) {
      case SCALAR -> new Scalar(Scalars.toMillis(message.getScalar().getValue()));
      case RANGES -> new Numbers(Ranges.of(message.getRanges()));
      case SET -> Items.of(message.getSet().getItemList());
      case TEXT -> throw new IllegalArgumentException("Unsupported resource type");
    };
  }

  record Scalar(long millis) implements Amount {
    @Override
    public boolean isEmpty() {
      return millis <= 0;
    }

    @Override
    public Amount plus(Amount that) {
      return new Scalar(Scalars.add(millis, that.millis()));
    }

    @Override
    public Amount minus(Amount that) {
      return new Scalar(Math.max(0, millis - that.millis()));
    }

    @Override
    public boolean contains(Amount that) {
      return millis >= that.millis();
    }

    @Override
    public void writeTo(Resource.Builder message) {
      message
          .setType(Value.Type.SCALAR)
          .setScalar(Value.Scalar.newBuilder().setValue(Scalars.toDouble(millis)));
    }
  }

  record Numbers(Ranges ranges) implements Amount {
    @Override
    public boolean isEmpty() {
      return ranges.isEmpty();
    }

    @Override
    public Amount plus(Amount that) {
      return new Numbers(ranges.plus(((Numbers) that).ranges));
    }

    @Override
    public Amount minus(Amount that) {
      return new Numbers(ranges.minus(((Numbers) that).ranges));
    }

    @Override
    public boolean contains(Amount that) {
      return ranges.contains(((Numbers) that).ranges);
    }

    @Override
    public long millis() {
      return thousandsOf(ranges.size());
    }

    @Override
    public void writeTo(Resource.Builder message) {
      message.setType(Value.Type.RANGES).setRanges(ranges.toProto());
    }
  }

  /** Names without order, kept sorted. */
  record Items(List<String> names) implements Amount {
    static Items of(Collection<String> names) {
      return new Items(List.copyOf(new TreeSet<>(names)));
    }

    @Override
    public boolean isEmpty() {
      return names.isEmpty();
    }

    @Override
    public Amount plus(Amount that) {
      TreeSet<String> all = new TreeSet<>(names);
      all.addAll(((Items) that).names);
      return new Items(List.copyOf(all));
    }

    @Override
    public Amount minus(Amount that) {
      List<String> rest = new ArrayList<>(names);
      rest.removeAll(new TreeSet<>(((Items) that).names));
      return new Items(List.copyOf(rest));
    }

    @Override
    public boolean contains(Amount that) {
      return new TreeSet<>(names).containsAll(((Items) that).names);
    }

    @Override
    public long millis() {
      return thousandsOf(names.size());
    }

    @Override
    public void writeTo(Resource.Builder message) {
      message.setType(Value.Type.SET).setSet(Value.Set.newBuilder().addAllItem(names));
    }
  }

  private static long thousandsOf(long count) {
    return count > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : count * 1000;
  }
}
