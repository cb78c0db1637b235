package dev.jackpot.cli;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.jackpot.config.proto.Experiment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A config in the schema's JSON form, under the schema's own names: a file a run takes. */
final class ExperimentJson {
  private ExperimentJson() {}

  static JsonObject of(Experiment experiment) {
    return Json.object("experiment", fields(experiment)).getAsJsonObject("experiment");
  }

  private static Map<String, Object> fields(Message message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    message
        .getAllFields()
        .forEach(
            (field, value) ->
                fields.put(
                    field.getName(),
                    field.isMapField()
                        ? entries((List<?>) value)
                        : value instanceof List<?> list
                            ? list.stream().map(ExperimentJson::value).toList()
                            : value(value)));
    return fields;
  }

  private static Map<String, Object> entries(List<?> entries) {
    Map<String, Object> map = new TreeMap<>();
    for (Object entry : entries) {
      List<FieldDescriptor> keyAndValue = ((Message) entry).getDescriptorForType().getFields();
      map.put(
          String.valueOf(((Message) entry).getField(keyAndValue.get(0))),
          value(((Message) entry).getField(keyAndValue.get(1))));
    }
    return map;
  }

  private static Object value(Object value) {
    if (value instanceof Message message) {
      return fields(message);
    }
    return value instanceof EnumValueDescriptor e ? e.getName() : value;
  }
}
