package dev.jackpot.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code --json} prints. Names are snake_case. A value that is not there is left out rather
 * than null: null, an empty {@link Optional}, and a number that is not finite, which JSON cannot
 * say.
 */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private Json() {}

  /**
   * An object of names and values in turn: {@code object("name", name, "shape", shape)}.
   *
   * @param namesAndValues values are strings, numbers, booleans, collections, maps, arrays, {@link
   *     Optional}s, elements made here; anything else by its {@code toString}
   */
  static JsonObject object(Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    JsonObject object = new JsonObject();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      add(object, (String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /** An array of values; what an object would leave out is null here, so that places are kept. */
  static JsonArray array(Iterable<?> values) {
    JsonArray array = new JsonArray();
    values.forEach(v -> array.add(element(v)));
    return array;
  }

  /** Indented text, ended by a line end. */
  static String text(JsonElement element) {
    return GSON.toJson(element) + "\n";
  }

  private static void add(JsonObject object, String name, Object value) {
    JsonElement element = element(value);
    if (!element.isJsonNull()) {
      object.add(name, element);
    }
  }

  private static JsonElement element(Object value) {
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    if (value instanceof JsonElement e) {
      return e;
    }
    if (value instanceof Optional<?> o) {
      return element(o.orElse(null));
    }
    if (value instanceof Number n) {
      return Double.isFinite(n.doubleValue()) ? new JsonPrimitive(n) : JsonNull.INSTANCE;
    }
    if (value instanceof Boolean b) {
      return new JsonPrimitive(b);
    }
    if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      map.forEach((k, v) -> add(object, String.valueOf(k), v));
      return object;
    }
    // A path is an Iterable of its parts; as a value it is a name.
    if (value instanceof Iterable<?> i && !(value instanceof Path)) {
      return array(i);
    }
    if (value.getClass().isArray()) {
      JsonArray array = new JsonArray();
      for (int i = 0; i < Array.getLength(value); i++) {
        array.add(element(Array.get(value, i)));
      }
      return array;
    }
    return new JsonPrimitive(value.toString());
  }
}
