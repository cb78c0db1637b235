package dev.jackpot.config;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dev.jackpot.config.proto.Experiment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes an experiment down: as textproto, as what differs from the defaults, as a hash. */
public final class ExperimentText {
  private ExperimentText() {}

  /**
   * One setting that is not the schema's default.
   *
   * @param path as {@code --set} takes it
   * @param value as textproto writes it
   * @param defaultValue empty where the schema has none
   */
  public record Difference(String path, String value, String defaultValue) {
    @Override
    public String toString() {
      return path + "=" + value + (defaultValue.isEmpty() ? "" : " (default " + defaultValue + ")");
    }
  }

  /**
   * Textproto that reads back to an equal message. Fields in the schema's order, map entries by
   * key.
   */
  public static String print(Experiment experiment) {
    StringBuilder text = new StringBuilder();
    print(experiment, "", text);
    return text.toString();
  }

  private static void print(MessageOrBuilder message, String indent, StringBuilder text) {
    for (Map.Entry<FieldDescriptor, Object> entry : inOrder(message).entrySet()) {
      FieldDescriptor field = entry.getKey();
      text.append(field.getJavaType() == JavaType.MESSAGE ? "" : indent + field.getName() + ": ");
      if (field.getJavaType() == JavaType.MESSAGE) {
        for (Message inner : messages(message, field)) {
          block(field, inner, indent, text);
        }
      } else if (field.isRepeated()) {
        text.append(Show.list((List<?>) entry.getValue())).append("\n");
      } else {
        text.append(Show.scalar(entry.getValue())).append("\n");
      }
    }
  }

  private static void block(
      FieldDescriptor field, Message inner, String indent, StringBuilder text) {
    text.append(indent).append(field.getName()).append(" {");
    if (!inner.getAllFields().isEmpty()) {
      text.append("\n");
      print(inner, indent + "  ", text);
      text.append(indent);
    }
    text.append("}\n");
  }

  /** Fields in the order in which the schema declares them. */
  private static Map<FieldDescriptor, Object> inOrder(MessageOrBuilder message) {
    Map<FieldDescriptor, Object> ordered =
        new TreeMap<>(Comparator.comparingInt(FieldDescriptor::getIndex));
    ordered.putAll(message.getAllFields());
    return ordered;
  }

  private static List<Message> messages(MessageOrBuilder message, FieldDescriptor field) {
    List<Message> messages = new ArrayList<>();
    if (!field.isRepeated()) {
      messages.add((Message) message.getField(field));
      return messages;
    }
    for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
      messages.add((Message) message.getRepeatedField(field, i));
    }
    if (field.isMapField()) {
      FieldDescriptor key = field.getMessageType().findFieldByName("key");
      messages.sort(Comparator.comparing(entry -> String.valueOf(entry.getField(key))));
    }
    return messages;
  }

  /** Every setting that is not a default, in the schema's order. */
  public static List<Difference> differences(Experiment experiment) {
    List<Difference> differences = new ArrayList<>();
    collect(Draft.of(experiment), differences);
    return differences;
  }

  private static void collect(Draft draft, List<Difference> differences) {
    for (FieldDescriptor field : draft.type().getFields()) {
      List<Draft.Value> values = draft.values(field);
      if (field.isMapField()) {
        for (Draft.Value value : values) {
          Draft entry = (Draft) value.content();
          FieldDescriptor content = entry.type().findFieldByName("value");
          String shown = Show.scalar(entry.values(content).get(0).content());
          differences.add(new Difference(entry.path(), shown, ""));
        }
      } else if (field.getJavaType() == JavaType.MESSAGE) {
        for (Draft.Value value : values) {
          Draft inner = (Draft) value.content();
          if (inner.isEmpty()) {
            differences.add(new Difference(inner.path(), "{}", ""));
          }
          collect(inner, differences);
        }
      } else if (field.isRepeated()) {
        if (!values.isEmpty()) {
          differences.add(
              new Difference(
                  draft.path(field),
                  Show.list(values.stream().map(Draft.Value::content).toList()),
                  ""));
        }
      } else if (!values.isEmpty() && !isDefault(field, values.get(0).content())) {
        String usual = field.hasDefaultValue() ? Show.scalar(field.getDefaultValue()) : "";
        differences.add(
            new Difference(draft.path(field), Show.scalar(values.get(0).content()), usual));
      }
    }
  }

  private static boolean isDefault(FieldDescriptor field, Object value) {
    return field.hasDefaultValue() && field.getDefaultValue().equals(value);
  }

  /**
   * SHA-256, in hexadecimal, of the protobuf encoding with map entries sorted and values that equal
   * their default left out: the same however the config was written, on every machine.
   */
  public static String hash(Experiment experiment) {
    Message plain = withoutDefaults(experiment);
    byte[] bytes = new byte[plain.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      plain.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("an array has no I/O errors", e);
    }
    return HexFormat.of().formatHex(Seeds.sha256(bytes));
  }

  private static Message withoutDefaults(Message message) {
    Message.Builder builder = message.toBuilder();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.isMapField()) {
                return;
              } else if (field.getJavaType() != JavaType.MESSAGE) {
                if (!field.isRepeated() && isDefault(field, value)) {
                  builder.clearField(field);
                }
              } else if (field.isRepeated()) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                  Message element = (Message) message.getRepeatedField(field, i);
                  builder.setRepeatedField(field, i, withoutDefaults(element));
                }
              } else {
                builder.setField(field, withoutDefaults((Message) value));
              }
            });
    return builder.build();
  }
}
