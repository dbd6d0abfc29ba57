package io.meseta.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;

/** What a message becomes on its way through JSON: declared defaults are written and so set. */
final class Defaults {
  private Defaults() {}

  static Message written(Message message) {
    Message.Builder builder = message.newBuilderForType();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        builder.setField(field, entry.getValue());
      } else if (field.isRepeated()) {
        for (Object element : (List<?>) entry.getValue()) {
          builder.addRepeatedField(field, written((Message) element));
        }
      } else {
        builder.setField(field, written((Message) entry.getValue()));
      }
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (!field.isRepeated()
          && field.hasDefaultValue()
          && !field.getOptions().getDeprecated()
          && !message.hasField(field)) {
        builder.setField(field, field.getDefaultValue());
      }
    }
    return builder.build();
  }
}
