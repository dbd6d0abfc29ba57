package io.meseta.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A message type as the mapping sees it: its fields in declared order, by name and by tag. One per
 * type, kept for good; there are as many as message types in the process.
 */
final class MessagePlan {
  /**
   * Answers whose lists are written even when they are empty (W-6): clients index into them. Other
   * messages leave empty lists out.
   */
  private static final Set<String> LISTS_ALWAYS_WRITTEN =
      Set.of(
          "mesos.v1.master.Response.GetAgents",
          "mesos.v1.master.Response.GetExecutors",
          "mesos.v1.master.Response.GetFrameworks",
          "mesos.v1.master.Response.GetTasks",
          "mesos.v1.agent.Response.GetExecutors",
          "mesos.v1.agent.Response.GetFrameworks",
          "mesos.v1.agent.Response.GetTasks");

  /** Field numbers up to this one are found without hashing. */
  private static final int MAX_DENSE_NUMBER = 255;

  private static final Map<Descriptor, MessagePlan> PLANS = new ConcurrentHashMap<>();

  /** In declared order (J-1). */
  final FieldPlan[] fields;

  /** {@code google.protobuf.Duration}, which may also be given as text (W-7). */
  final boolean duration;

  private final Map<String, FieldPlan> byName;
  private final @Nullable FieldPlan[] byNumber;
  private final Map<Integer, FieldPlan> bySparseNumber = new HashMap<>();

  private MessagePlan(Descriptor descriptor) {
    boolean listsAlways = LISTS_ALWAYS_WRITTEN.contains(descriptor.getFullName());
    List<FieldDescriptor> declared = descriptor.getFields();
    this.fields = new FieldPlan[declared.size()];
    this.byName = HashMap.newHashMap(fields.length);
    this.duration = descriptor.getFullName().equals("google.protobuf.Duration");
    int maxNumber =
        declared.stream()
            .mapToInt(FieldDescriptor::getNumber)
            .filter(number -> number <= MAX_DENSE_NUMBER)
            .max()
            .orElse(0);
    this.byNumber = new FieldPlan[maxNumber + 1];
    for (int i = 0; i < fields.length; i++) {
      FieldPlan field = new FieldPlan(declared.get(i), i, listsAlways);
      fields[i] = field;
      byName.put(field.name, field);
      int number = declared.get(i).getNumber();
      if (number <= maxNumber) {
        byNumber[number] = field;
      } else {
        bySparseNumber.put(number, field);
      }
    }
  }

  static MessagePlan of(Descriptor type) {
    MessagePlan plan = PLANS.get(type);
    return plan != null ? plan : PLANS.computeIfAbsent(type, MessagePlan::new);
  }

  /** The field of this exact name (J-11: other spellings are unknown). */
  @Nullable FieldPlan field(String name) {
    return byName.get(name);
  }

  /** The field whose values this tag announces, or null if the message has none such. */
  @Nullable FieldPlan field(int tag) {
    int number = tag >>> 3;
    FieldPlan field = number < byNumber.length ? byNumber[number] : bySparseNumber.get(number);
    return field != null && (field.tag == tag || field.packedTag == tag) ? field : null;
  }
}
