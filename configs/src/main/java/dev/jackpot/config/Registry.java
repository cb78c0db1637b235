package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import dev.jackpot.config.proto.Custom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The implementations of one concept by the name of their field in the schema's {@code oneof}.
 * Built-in ones are added with a line each; those of other jars are found by {@link ServiceLoader}
 * and addressed as {@code custom}.
 *
 * @param <H> the message that holds the oneof, for instance {@code Network}
 * @param <T> what is made
 */
public final class Registry<H extends Message, T> {
  private final String kind;
  private final Class<? extends Plugin<H, T>> plugins;
  private final Map<String, BiFunction<Message, H, T>> factories = new LinkedHashMap<>();
  private String fallback = "";

  /**
   * @param kind the concept's name in messages, for instance "network"
   * @param plugins the service interface of implementations from outside
   */
  public Registry(String kind, Class<? extends Plugin<H, T>> plugins) {
    this.kind = kind;
    this.plugins = plugins;
  }

  /**
   * Adds a built-in implementation.
   *
   * @param field the field's name in the oneof
   * @param options the field's message type
   * @param factory makes the implementation from the options and the message that holds them
   */
  public <O extends Message> Registry<H, T> add(
      String field, Class<O> options, BiFunction<O, H, ? extends T> factory) {
    factories.put(field, (o, h) -> factory.apply(options.cast(o), h));
    return this;
  }

  /** Names the implementation that is used, with its defaults, where the config chooses none. */
  public Registry<H, T> orElse(String field) {
    fallback = field;
    return this;
  }

  /** The names that a config may choose from: the built-in ones, then those of plug-ins. */
  public Set<String> names() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    factories.keySet().forEach(n -> names.put(n, true));
    plugins().keySet().forEach(n -> names.put(n, true));
    return names.keySet();
  }

  /**
   * Makes what {@code holder} chooses.
   *
   * @throws ConfigException if it chooses nothing and there is no default, or a plug-in that is not
   *     on the class path
   */
  public T create(H holder) {
    OneofDescriptor oneof = oneof(holder);
    FieldDescriptor field = holder.getOneofFieldDescriptor(oneof);
    if (field == null) {
      if (fallback.isEmpty()) {
        throw new ConfigException(
            "%s: none is chosen; expected one of %s".formatted(kind, String.join(", ", names())));
      }
      field = holder.getDescriptorForType().findFieldByName(fallback);
    }
    Message options = (Message) holder.getField(field);
    if (options instanceof Custom custom) {
      return plugin(custom).create(custom.getOptionsMap(), holder);
    }
    BiFunction<Message, H, T> factory = factories.get(field.getName());
    if (factory == null) {
      throw new IllegalStateException(
          kind + ": no implementation is registered for the schema's field " + field.getName());
    }
    return factory.apply(options, holder);
  }

  private Plugin<H, T> plugin(Custom custom) {
    Map<String, Plugin<H, T>> found = plugins();
    Plugin<H, T> plugin = found.get(custom.getName());
    if (plugin == null) {
      throw new ConfigException(
          "%s: custom name \"%s\" is not on the class path%s (a jar offers it as a service of %s)"
              .formatted(
                  kind,
                  custom.getName(),
                  Names.hint(custom.getName(), found.keySet()),
                  plugins.getName()));
    }
    return plugin;
  }

  private Map<String, Plugin<H, T>> plugins() {
    Map<String, Plugin<H, T>> found = new TreeMap<>();
    for (Plugin<H, T> plugin : ServiceLoader.load(plugins)) {
      found.put(plugin.name(), plugin);
    }
    return found;
  }

  private static OneofDescriptor oneof(Message holder) {
    FieldDescriptor custom = holder.getDescriptorForType().findFieldByName("custom");
    if (custom == null || custom.getContainingOneof() == null) {
      throw new IllegalArgumentException(
          holder.getDescriptorForType().getName() + " has no oneof with a field `custom`");
    }
    return custom.getContainingOneof();
  }
}
