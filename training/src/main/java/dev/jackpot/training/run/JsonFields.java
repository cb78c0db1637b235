package dev.jackpot.training.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the fields of one JSON object strictly: a missing or mistyped field is an error that names
 * the place and the field. Unknown fields are left alone, so that older programs read newer files.
 * A number that is not finite has no form in JSON: it is left out when writing, and an absent
 * optional number is read as NaN.
 */
final class JsonFields {
  private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().create();
  private static final TypeAdapter<JsonElement> ELEMENT = LINE.getAdapter(JsonElement.class);
  private static final Gson PRETTY =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private final String place;
  private final JsonObject object;

  private JsonFields(String place, JsonObject object) {
    this.place = place;
    this.object = object;
  }

  /**
   * @param place where the text stands, for messages
   * @throws JackpotException if the text is not one JSON object
   */
  static JsonFields parse(String place, String text) {
    JsonElement element;
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      element = ELEMENT.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JackpotException("%s: more follows the JSON object".formatted(place));
      }
    } catch (JsonParseException | IOException e) {
      throw new JackpotException(
          "%s: not JSON: %s".formatted(place, firstLine(String.valueOf(e.getMessage()))), e);
    }
    if (element instanceof JsonObject object) {
      return new JsonFields(place, object);
    }
    throw new JackpotException("%s: expected a JSON object".formatted(place));
  }

  static JsonFields read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }

  /** In one line, without its line end. */
  static String line(JsonObject object) {
    return LINE.toJson(object);
  }

  /** Replaces {@code file} with {@code object}, indented. */
  static void write(Path file, JsonObject object) {
    AtomicFiles.write(file, PRETTY.toJson(object) + "\n");
  }

  /** Adds a number that may be absent: NaN and infinities are left out. */
  static void add(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    }
  }

  String string(String name) {
    JsonPrimitive value = primitive(name);
    if (!value.isString()) {
      throw wrong(name, "a string", value);
    }
    return value.getAsString();
  }

  String string(String name, String absent) {
    return object.has(name) ? string(name) : absent;
  }

  /** One of a few values by its label; {@code absent} if the field is. */
  <T> T choice(String name, T[] values, Function<T, String> label, T absent) {
    if (!has(name)) {
      return absent;
    }
    String text = string(name);
    for (T value : values) {
      if (label.apply(value).equals(text)) {
        return value;
      }
    }
    throw wrong(
        name,
        "one of " + Arrays.stream(values).map(label).collect(Collectors.joining(", ")),
        object.get(name));
  }

  long integer(String name) {
    JsonPrimitive value = primitive(name);
    try {
      return value.getAsBigDecimal().longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(name, "an integer", value);
    }
  }

  long integer(String name, long absent) {
    return object.has(name) ? integer(name) : absent;
  }

  /** A count that fits an int. */
  int count(String name) {
    long value = integer(name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw wrong(name, "an integer from 0 to " + Integer.MAX_VALUE, object.get(name));
    }
    return (int) value;
  }

  /** A number, or NaN if it is absent. */
  double number(String name) {
    if (!object.has(name)) {
      return Double.NaN;
    }
    JsonPrimitive value = primitive(name);
    if (!value.isNumber()) {
      throw wrong(name, "a number", value);
    }
    return value.getAsDouble();
  }

  /** Number of elements of an array; 0 if it is absent. */
  int size(String name) {
    return array(name).size();
  }

  /** An object. */
  JsonFields object(String name) {
    JsonElement value = object.get(name);
    if (value instanceof JsonObject o) {
      return new JsonFields("%s: %s".formatted(place, name), o);
    }
    if (value == null) {
      throw new JackpotException("%s: field %s is missing".formatted(place, name));
    }
    throw wrong(name, "an object", value);
  }

  /** The elements of an array of integers, of which there must be as many. */
  List<Long> integers(String name, int count) {
    List<Long> values = integers(name);
    if (values.size() != count) {
      throw wrong(name, "%d integers".formatted(count), array(name));
    }
    return values;
  }

  boolean has(String name) {
    return object.has(name);
  }

  Instant time(String name) {
    return parseTime(name, string(name));
  }

  /** The elements of an array of times; none if it is absent. */
  List<Instant> times(String name) {
    return strings(name).stream().map(text -> parseTime(name, text)).toList();
  }

  private Instant parseTime(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong(name, "a time like 2026-01-31T12:00:00Z", new JsonPrimitive(text));
    }
  }

  /** The elements of an array of objects; none if it is absent. */
  List<JsonFields> objects(String name) {
    List<JsonFields> fields = new ArrayList<>();
    for (JsonElement element : array(name)) {
      if (!(element instanceof JsonObject o)) {
        throw wrong(name + "[" + fields.size() + "]", "an object", element);
      }
      fields.add(new JsonFields("%s: %s[%d]".formatted(place, name, fields.size()), o));
    }
    return fields;
  }

  /** The elements of an array of integers; none if it is absent. */
  List<Long> integers(String name) {
    List<Long> values = new ArrayList<>();
    for (JsonElement element : array(name)) {
      try {
        values.add(element.getAsBigDecimal().longValueExact());
      } catch (NumberFormatException
          | ArithmeticException
          | UnsupportedOperationException
          | IllegalStateException e) {
        throw wrong(name + "[" + values.size() + "]", "an integer", element);
      }
    }
    return values;
  }

  /** One of a few values by its label. */
  <T> T choice(String name, T[] values, Function<T, String> label) {
    primitive(name);
    return choice(name, values, label, values[0]);
  }

  /** A finite number. */
  double finite(String name) {
    primitive(name);
    double value = number(name);
    if (!Double.isFinite(value)) {
      throw wrong(name, "a finite number", object.get(name));
    }
    return value;
  }

  /** The elements of an array of counts of at least 1. */
  List<Integer> counts(String name) {
    List<Integer> counts = new ArrayList<>();
    for (long value : integers(name)) {
      if (value < 1 || value > Integer.MAX_VALUE) {
        throw wrong(
            name + "[" + counts.size() + "]",
            "an integer from 1 to " + Integer.MAX_VALUE,
            new JsonPrimitive(value));
      }
      counts.add((int) value);
    }
    return counts;
  }

  /** The elements of an array of finite numbers, of which there must be as many. */
  double[] numbers(String name, int count) {
    JsonArray array = array(name);
    if (array.size() != count) {
      throw wrong(name, "%d numbers".formatted(count), array);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      if (!(array.get(i) instanceof JsonPrimitive p && p.isNumber())
          || !Double.isFinite(array.get(i).getAsDouble())) {
        throw wrong(name + "[" + i + "]", "a finite number", array.get(i));
      }
      values[i] = array.get(i).getAsDouble();
    }
    return values;
  }

  /** The elements of an array of strings; none if it is absent. */
  List<String> strings(String name) {
    List<String> values = new ArrayList<>();
    for (JsonElement element : array(name)) {
      if (!(element instanceof JsonPrimitive p && p.isString())) {
        throw wrong(name + "[" + values.size() + "]", "a string", element);
      }
      values.add(element.getAsString());
    }
    return values;
  }

  private JsonArray array(String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      return new JsonArray();
    }
    if (value instanceof JsonArray array) {
      return array;
    }
    throw wrong(name, "an array", value);
  }

  private JsonPrimitive primitive(String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      throw new JackpotException("%s: field %s is missing".formatted(place, name));
    }
    if (value instanceof JsonPrimitive primitive) {
      return primitive;
    }
    throw wrong(name, "a single value", value);
  }

  private JackpotException wrong(String name, String expected, JsonElement found) {
    return new JackpotException(
        "%s: field %s: expected %s, found %s".formatted(place, name, expected, found));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
