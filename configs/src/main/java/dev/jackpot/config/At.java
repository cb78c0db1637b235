package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A message under validation: states rules about its fields, and reports those that are broken at
 * the field's place.
 *
 * @param template true where the paths that a user has to give may be missing, as they are in
 *     presets
 */
record At(Draft draft, Problems problems, boolean template) {
  /** Reports the field unless {@code holds}, or unless it could not be read in the first place. */
  void require(boolean holds, String field, String expected) {
    FieldDescriptor f = field(field);
    if (!holds && !draft.isBroken(f)) {
      problems.add(
          draft.placeOf(f), () -> draft.path(f), "%s, expected %s".formatted(found(f), expected));
    }
  }

  /** The same for one value of a list. */
  void requireItem(boolean holds, String field, int i, String expected) {
    FieldDescriptor f = field(field);
    if (!holds && !draft.isBroken(f)) {
      Draft.Value value = draft.values(f).get(i);
      problems.add(
          value.place(),
          () -> draft.path(f) + "[" + i + "]",
          "found %s, expected %s".formatted(Show.scalar(value.content()), expected));
    }
  }

  /**
   * The field must be given; a template may leave it out. {@code --set PATH=VALUE} is offered for
   * it.
   */
  void requireGiven(String value, String field, String placeholder, String what) {
    if (!template) {
      String set = "--set %s=%s".formatted(draft.path(field(field)), placeholder);
      require(!value.isEmpty(), field, "%s: give it with %s".formatted(what, set));
    }
  }

  /** A member of the oneof must be chosen. */
  void requireChoice(String oneof, String what) {
    OneofDescriptor choice =
        draft.type().getOneofs().stream()
            .filter(o -> o.getName().equals(oneof))
            .findFirst()
            .orElseThrow();
    boolean given = draft.chosen(choice).isPresent() || draft.isBroken(choice.getField(0));
    if (!given) {
      String members =
          choice.getFields().stream()
              .map(FieldDescriptor::getName)
              .collect(Collectors.joining(", "));
      problems.add(
          draft.place(),
          draft::path,
          "no %s is chosen, expected one of %s".formatted(what, members));
    }
  }

  /** The message in the field, if it was given. */
  Optional<At> in(String field) {
    return draft.message(field(field)).map(inner -> new At(inner, problems, template));
  }

  /** The messages of the list. */
  List<At> all(String field) {
    return draft.values(field(field)).stream()
        .map(value -> new At((Draft) value.content(), problems, template))
        .toList();
  }

  private FieldDescriptor field(String name) {
    FieldDescriptor field = draft.type().findFieldByName(name);
    if (field == null) {
      throw new IllegalArgumentException(draft.type().getName() + " has no field " + name);
    }
    return field;
  }

  private String found(FieldDescriptor f) {
    List<Draft.Value> values = draft.values(f);
    if (f.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      return values.isEmpty() ? "missing" : "found";
    } else if (f.isRepeated()) {
      return values.isEmpty()
          ? "missing"
          : "found " + Show.oneLine(Show.list(values.stream().map(Draft.Value::content).toList()));
    } else if (!values.isEmpty()) {
      return "found " + Show.oneLine(Show.scalar(values.get(0).content()));
    }
    return f.hasDefaultValue()
        ? "found the default " + Show.scalar(f.getDefaultValue())
        : "missing";
  }
}
