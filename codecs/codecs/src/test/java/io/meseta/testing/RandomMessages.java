package io.meseta.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/**
 * Valid messages of any type from a seed: required fields always set, others often, values leaning
 * to the edges of their range. The same seed gives the same messages.
 */
public final class RandomMessages {
  /** Deepest nesting at which optional fields are still set. */
  private static final int MAX_DEPTH = 5;

  private static final int MAX_ELEMENTS = 3;
  private static final double[] DOUBLES = {
    0, -0.0, 1, 0.1, -1.5, 1e-7, 1e21, 123456789.12345679, Double.MIN_VALUE, Double.MAX_VALUE, 1e15
  };
  private static final long[] LONGS = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, 1L << 31
  };

  private final Random random;

  private RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  public static RandomMessages seeded(long seed) {
    return new RandomMessages(seed);
  }

  /** The next message of this type. */
  @SuppressWarnings("unchecked") // A default instance's builder builds its own type.
  public <T extends Message> T next(T defaultInstance) {
    Message.Builder builder = defaultInstance.newBuilderForType();
    fill(builder, 0);
    return (T) builder.build();
  }

  private void fill(Message.Builder builder, int depth) {
    // Rich messages as well as sparse ones, thinning out with depth so that their size is bounded.
    double share = depth >= MAX_DEPTH ? 0 : random.nextDouble() / (1 + depth);
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (!field.isRequired() && random.nextDouble() >= share) {
        continue;
      }
      if (!field.isRepeated()) {
        builder.setField(field, value(builder, field, depth));
        continue;
      }
      int count = 1 + random.nextInt(MAX_ELEMENTS);
      for (int i = 0; i < count; i++) {
        builder.addRepeatedField(
            field,
            field.isMapField() ? entry(builder, field, i, depth) : value(builder, field, depth));
      }
    }
  }

  /** Keys of one map differ. */
  private Message entry(Message.Builder parent, FieldDescriptor field, int index, int depth) {
    Message.Builder entry = parent.newBuilderForField(field);
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor held = field.getMessageType().findFieldByNumber(2);
    if (key.getJavaType() != FieldDescriptor.JavaType.STRING) {
      throw new UnsupportedOperationException("a map with keys of type " + key.getType());
    }
    entry.setField(key, text() + index);
    entry.setField(held, value(entry, held, depth));
    return entry.build();
  }

  private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> (float) fraction();
      case DOUBLE -> fraction();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text();
      case BYTE_STRING -> bytes();
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> {
        Message.Builder nested = parent.newBuilderForField(field);
        fill(nested, depth + 1);
        yield nested.build();
      }
    };
  }

  private long number() {
    return switch (random.nextInt(3)) {
      case 0 -> LONGS[random.nextInt(LONGS.length)];
      case 1 -> random.nextInt(1000);
      default -> random.nextLong();
    };
  }

  private double fraction() {
    return switch (random.nextInt(4)) {
      case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
      case 1 -> random.nextInt(100_000) / 1000.0;
      case 2 -> random.nextGaussian();
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isNaN(any) ? Double.POSITIVE_INFINITY : any;
      }
    };
  }

  private String text() {
    int length = random.nextInt(random.nextInt(20) == 0 ? 300 : 12);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int point =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/<>&'\u007f\u2028".charAt(random.nextInt(9));
            case 2 -> random.nextInt(Character.MAX_CODE_POINT + 1);
            default -> 'a' + random.nextInt(26);
          };
      // Halves of surrogate pairs are no text.
      text.appendCodePoint(Character.getType(point) == Character.SURROGATE ? '?' : point);
    }
    return text.toString();
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
