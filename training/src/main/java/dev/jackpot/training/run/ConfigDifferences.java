package dev.jackpot.training.run;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists where two configs differ, by path: {@code stages[1].search.sparsity: 0.9 before, 0.95 now}.
 */
final class ConfigDifferences {
  private final List<String> found = new ArrayList<>();

  private ConfigDifferences() {}

  /**
   * The differences in the order of the schema; an unset field differs from one that is set to its
   * default.
   */
  static List<String> between(Message before, Message now) {
    ConfigDifferences differences = new ConfigDifferences();
    differences.compare("", before, now);
    return List.copyOf(differences.found);
  }

  private void compare(String prefix, Message before, Message now) {
    for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
      String path = prefix + field.getName();
      if (field.isRepeated()) {
        compareRepeated(path, field, before, now);
      } else if (before.hasField(field) != now.hasField(field)) {
        add(path, value(field, before), value(field, now));
      } else if (before.hasField(field)) {
        compareValues(path, field, before.getField(field), now.getField(field));
      }
    }
  }

  private void compareRepeated(String path, FieldDescriptor field, Message before, Message now) {
    int a = before.getRepeatedFieldCount(field);
    int b = now.getRepeatedFieldCount(field);
    for (int i = 0; i < Math.min(a, b); i++) {
      compareValues(
          path + "[" + i + "]",
          field,
          before.getRepeatedField(field, i),
          now.getRepeatedField(field, i));
    }
    if (a != b) {
      add(path, a + " entries", b + " entries");
    }
  }

  private void compareValues(String path, FieldDescriptor field, Object before, Object now) {
    if (before instanceof Message a && now instanceof Message b) {
      compare(path + ".", a, b);
    } else if (!before.equals(now)) {
      add(path, text(field, before), text(field, now));
    }
  }

  private void add(String path, String before, String now) {
    found.add("%s: %s before, %s now".formatted(path, before, now));
  }

  private static String value(FieldDescriptor field, Message holder) {
    return holder.hasField(field) ? text(field, holder.getField(field)) : "not set";
  }

  private static String text(FieldDescriptor field, Object value) {
    return value instanceof Message m
        ? "{" + TextFormat.printer().shortDebugString(m) + "}"
        : TextFormat.printer().printFieldToString(field, value).strip().replaceFirst("^\\w+: ", "");
  }
}
