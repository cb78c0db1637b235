package dev.jackpot.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A message while it is put together: typed like the schema, and every value knows where it was
 * written.
 */
final class Draft {
  private final Descriptor type;
  private Place place;
  private final Draft parent;
  private final FieldDescriptor field;
  private final int index;
  private final Map<FieldDescriptor, List<Value>> values = new LinkedHashMap<>();
  private final Set<FieldDescriptor> broken = new HashSet<>();
  private final Set<FieldDescriptor> misspelt = new HashSet<>();

  /**
   * A {@link Draft}, or a scalar as protobuf's reflection takes it; the place is that of the
   * field's name.
   */
  record Value(Object content, Place place) {}

  private Draft(Descriptor type, Place place, Draft parent, FieldDescriptor field, int index) {
    this.type = type;
    this.place = place;
    this.parent = parent;
    this.field = field;
    this.index = index;
  }

  static Draft root(Descriptor type, Place place) {
    return new Draft(type, place, null, null, 0);
  }

  /** A message that no text was read for: its values have no place. */
  static Draft of(Message message) {
    Draft draft = root(message.getDescriptorForType(), Place.NOWHERE);
    draft.copy(message);
    return draft;
  }

  private void copy(Message message) {
    message.getAllFields().forEach(this::copy);
  }

  private void copy(FieldDescriptor f, Object content) {
    for (Object item : f.isRepeated() ? (List<?>) content : List.of(content)) {
      if (item instanceof Message inner) {
        addMessage(f, place).copy(inner);
      } else {
        add(f, item, place);
      }
    }
  }

  Descriptor type() {
    return type;
  }

  /** Where the message begins. */
  Place place() {
    return place;
  }

  /** What was given for the field, in order; one at most unless it is repeated. */
  List<Value> values(FieldDescriptor f) {
    return values.getOrDefault(f, List.of());
  }

  boolean has(FieldDescriptor f) {
    return values.containsKey(f);
  }

  Optional<Draft> message(FieldDescriptor f) {
    return values(f).stream().findFirst().map(v -> (Draft) v.content());
  }

  /** True if nothing was given. */
  boolean isEmpty() {
    return values.isEmpty();
  }

  /** The member of the oneof that is set. */
  Optional<FieldDescriptor> chosen(OneofDescriptor oneof) {
    return oneof.getFields().stream().filter(this::has).findFirst();
  }

  /** The place of the field's value; the message's own where there is none. */
  Place placeOf(FieldDescriptor f) {
    return has(f) ? values(f).get(0).place() : place;
  }

  /** Adds a value; a member of a oneof takes the place of the other members. */
  void add(FieldDescriptor f, Object content, Place at) {
    if (f.getContainingOneof() != null) {
      f.getContainingOneof().getFields().stream().filter(other -> other != f).forEach(this::clear);
    }
    values.computeIfAbsent(f, key -> new ArrayList<>()).add(new Value(content, at));
  }

  /** Adds an empty message. */
  Draft addMessage(FieldDescriptor f, Place at) {
    Draft child = new Draft(f.getMessageType(), at, this, f, values(f).size());
    add(f, child, at);
    return child;
  }

  /**
   * Takes over what the message says and this one does not; a oneof of which a member is set keeps
   * it. What is taken over has this message's place.
   */
  void fill(Message defaults) {
    defaults
        .getAllFields()
        .forEach(
            (f, content) -> {
              if (!has(f) && isFreeFor(f)) {
                copy(f, content);
              } else if (content instanceof Message inner && isFreeFor(f)) {
                message(f).orElseThrow().fill(inner);
              }
            });
  }

  private boolean isFreeFor(FieldDescriptor f) {
    return f.getContainingOneof() == null
        || chosen(f.getContainingOneof()).map(f::equals).orElse(true);
  }

  /** Empties the message, which is now written at another place. */
  void restart(Place at) {
    values.clear();
    broken.clear();
    misspelt.clear();
    place = at;
  }

  void clear(FieldDescriptor f) {
    values.remove(f);
    broken.remove(f);
  }

  /**
   * Notes that what was written for the field could not be read: its value is not judged as well.
   */
  void markBroken(FieldDescriptor f) {
    broken.add(f);
  }

  /**
   * Notes that an unknown name was probably this field's: it is not reported as missing as well.
   */
  void markMisspelt(FieldDescriptor f) {
    misspelt.add(f);
  }

  /**
   * True if nothing more can be said about the field, or about the choice that it is a member of.
   */
  boolean isBroken(FieldDescriptor f) {
    List<FieldDescriptor> group =
        f.getContainingOneof() == null ? List.of(f) : f.getContainingOneof().getFields();
    return group.stream().anyMatch(broken::contains)
        || group.stream().anyMatch(misspelt::contains) && group.stream().noneMatch(this::has);
  }

  /**
   * The name by which a path addresses this element of a list: its name, else what it chooses, else
   * its index.
   */
  String elementName() {
    FieldDescriptor name = type.findFieldByName(type.getOptions().getMapEntry() ? "key" : "name");
    if (name != null && has(name) && !values(name).get(0).content().equals("")) {
      return (String) values(name).get(0).content();
    }
    return type.getOneofs().stream()
        .flatMap(oneof -> chosen(oneof).stream())
        .findFirst()
        .map(FieldDescriptor::getName)
        .orElse(String.valueOf(index));
  }

  /** The path of the message itself, such as {@code data.cifar10}; empty for the experiment. */
  String path() {
    if (parent == null) {
      return "";
    }
    String base = parent.isShort(field) ? parent.shortPath() : parent.path();
    if (field.isRepeated()) {
      return join(base, field.getName() + "." + Show.oneLine(elementName()));
    }
    return join(base, field.getName());
  }

  /**
   * The shortest path that {@code --set} takes for a field: the chosen member of a oneof is left
   * out.
   */
  String path(FieldDescriptor f) {
    return join(isShort(f) ? shortPath() : path(), f.getName());
  }

  private String shortPath() {
    if (parent == null || field.isRepeated() || field.getContainingOneof() == null) {
      return path();
    }
    return parent.shortPath();
  }

  /**
   * True if the name of this message may be left out before the field's: the message around has no
   * such field. A plug-in's fields always follow their {@code custom}: it has a name like others.
   */
  private boolean isShort(FieldDescriptor f) {
    Draft around = parent;
    FieldDescriptor via = field;
    while (around != null && !via.isRepeated() && via.getContainingOneof() != null) {
      if (via.getName().equals("custom") || around.type.findFieldByName(f.getName()) != null) {
        return false;
      }
      via = around.field;
      around = around.parent;
    }
    return true;
  }

  private static String join(String base, String name) {
    return base.isEmpty() ? name : base + "." + name;
  }

  /** The message, complete. */
  Message build(Message.Builder builder) {
    values.forEach(
        (f, given) -> {
          for (Value value : given) {
            Object content = value.content();
            if (content instanceof Draft inner) {
              content = inner.build(builder.newBuilderForField(f));
            }
            if (f.isRepeated()) {
              builder.addRepeatedField(f, content);
            } else {
              builder.setField(f, content);
            }
          }
        });
    return builder.build();
  }
}
