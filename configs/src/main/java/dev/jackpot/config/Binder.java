package dev.jackpot.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.jackpot.config.Node.Block;
import dev.jackpot.config.Node.Entry;
import dev.jackpot.config.Node.Items;
import dev.jackpot.config.Node.Kind;
import dev.jackpot.config.Node.Scalar;
import dev.jackpot.config.Scalars.Style;
import java.util.List;
import java.util.Optional;

/** Matches what was written with the schema. Goes on after a problem, so that all are found. */
final class Binder {
  private final Problems problems;
  private final Style style;

  Binder(Problems problems, Style style) {
    this.problems = problems;
    this.style = style;
  }

  /** The field of that name, or of that JSON name where JSON is read. */
  static Optional<FieldDescriptor> field(Descriptor type, String name, Style style) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field == null && style == Style.JSON) {
      return type.getFields().stream().filter(f -> f.getJsonName().equals(name)).findFirst();
    }
    return Optional.ofNullable(field);
  }

  /** Reads the block's fields into the draft. */
  void fill(Draft draft, Block block) {
    for (Entry entry : block.entries()) {
      Optional<FieldDescriptor> field = field(draft.type(), entry.name(), style);
      if (field.isPresent()) {
        bind(draft, field.get(), entry);
      } else {
        unknown(draft, entry);
      }
    }
  }

  private void unknown(Draft draft, Entry entry) {
    List<String> known = draft.type().getFields().stream().map(FieldDescriptor::getName).toList();
    String wanted = Scalars.cut(entry.name());
    String text =
        "unknown field %s%s".formatted(Show.quoted(entry.name()), Names.hint(wanted, known));
    if (known.isEmpty()) {
      text += ", expected none: %s has no fields".formatted(draft.type().getName());
    }
    problems.add(entry.place(), draft::path, text);
    Names.nearest(wanted, known, 1).stream()
        .filter(nearest -> Names.isNear(wanted, nearest))
        .forEach(nearest -> draft.markMisspelt(draft.type().findFieldByName(nearest)));
  }

  private void bind(Draft draft, FieldDescriptor field, Entry entry) {
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      return;
    }
    if (field.isRepeated()) {
      repeated(draft, field, entry);
    } else if (isFree(draft, field, entry.place())) {
      one(draft, field, entry.value(), entry.place());
    }
  }

  /** A single field may be given once, and of a oneof only one member. */
  private boolean isFree(Draft draft, FieldDescriptor field, Place place) {
    Optional<FieldDescriptor> chosen =
        field.getContainingOneof() == null
            ? Optional.empty()
            : draft.chosen(field.getContainingOneof());
    if (draft.has(field)) {
      problems.add(
          place,
          () -> draft.path(field),
          "given a second time, the first is at " + draft.placeOf(field).within());
      return false;
    } else if (chosen.isPresent()) {
      Place first = draft.placeOf(chosen.get());
      problems.add(
          place,
          () -> draft.path(field),
          "excludes %s, which is chosen at %s; expected one of them"
              .formatted(chosen.get().getName(), first.within()));
      return false;
    }
    return true;
  }

  private void repeated(Draft draft, FieldDescriptor field, Entry entry) {
    Node value = entry.value();
    if (field.isMapField() && style == Style.JSON && value instanceof Block block) {
      jsonMap(draft, field, block);
    } else if (value instanceof Items items) {
      for (Node item : items.items()) {
        one(draft, field, item, item.place());
      }
    } else if (style == Style.JSON) {
      wrong(
          draft,
          field,
          entry.place(),
          value,
          field.isMapField() ? "an object" : "a list in brackets");
    } else {
      one(draft, field, value, entry.place());
    }
  }

  /**
   * JSON writes a map as an object; in the schema it is a list of entries with a key and a value.
   */
  private void jsonMap(Draft draft, FieldDescriptor field, Block block) {
    Descriptor type = field.getMessageType();
    for (Entry entry : block.entries()) {
      Draft element = draft.addMessage(field, entry.place());
      element.add(type.findFieldByName("key"), entry.name(), entry.place());
      one(element, type.findFieldByName("value"), entry.value(), entry.place());
    }
  }

  /**
   * Reads one value of the field.
   *
   * @param place where the field, or the element of a list, begins
   */
  void one(Draft draft, FieldDescriptor field, Node value, Place place) {
    if (field.getJavaType() == JavaType.MESSAGE) {
      if (value instanceof Block block) {
        fill(draft.addMessage(field, place), block);
      } else {
        wrong(draft, field, place, value, "a message in braces");
      }
    } else if (value instanceof Scalar scalar) {
      try {
        draft.add(field, Scalars.read(field, scalar, style), scalar.place());
      } catch (Scalars.WrongType e) {
        draft.markBroken(field);
        problems.add(scalar.place(), () -> draft.path(field), e.getMessage());
      }
    } else {
      wrong(draft, field, place, value, "a single value");
    }
  }

  private void wrong(Draft draft, FieldDescriptor field, Place place, Node value, String expected) {
    draft.markBroken(field);
    problems.add(
        place, () -> draft.path(field), "found %s, expected %s".formatted(value.shown(), expected));
  }
}
