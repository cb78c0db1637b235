package dev.jackpot.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.jackpot.config.Node.Block;
import dev.jackpot.config.Node.Items;
import dev.jackpot.config.Node.Kind;
import dev.jackpot.config.Node.Scalar;
import dev.jackpot.config.Scalars.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Applies {@code --set path=value}. A path is field names joined by dots; an element of a list is
 * addressed by its name, a stage without a name by its kind, any element by its index. A field that
 * a message does not have itself is looked up in the chosen member of its oneof: {@code
 * stages.search.sparsity} stands for {@code stages.search.search.sparsity}.
 */
final class Overrides {
  private final Problems problems;
  private final Binder binder;

  /** One argument: its place, the whole path and the value as given. */
  private record Set(Place place, List<String> path, String value) {
    String pathText() {
      return Show.oneLine(String.join(".", path));
    }

    String pathTo(int length, String next) {
      return String.join(".", Stream.concat(path.stream().limit(length), Stream.of(next)).toList());
    }
  }

  Overrides(Problems problems) {
    this.problems = problems;
    this.binder = new Binder(problems, Style.SET);
  }

  /** Applies the arguments in order; a later one wins. */
  void apply(Draft root, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      Place place = Place.ofSet(argument, i);
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        problems.add(
            place,
            () -> "",
            "found no path=value, expected for instance stages.search.sparsity=0.95");
        continue;
      }
      List<String> path = List.of(argument.substring(0, equals).strip().split("\\.", -1));
      resolve(root, new Set(place, path, argument.substring(equals + 1)), 0);
    }
  }

  private void resolve(Draft draft, Set set, int i) {
    String name = set.path().get(i);
    FieldDescriptor field = draft.type().findFieldByName(name);
    if (field == null) {
      Optional<Draft> chosen =
          chosenWith(draft, name).or(() -> NamedNetworks.chooseWith(draft, name));
      if (chosen.isPresent()) {
        resolve(chosen.get(), set, i);
      } else {
        unknown(draft, set, i);
      }
    } else if (i == set.path().size() - 1) {
      assign(draft, field, set);
    } else if (field.isMapField()) {
      entry(draft, field, set, i + 1);
    } else if (field.getJavaType() != JavaType.MESSAGE) {
      String whole = set.pathTo(i, name);
      problem(
          set,
          "%s is no message, expected %s=VALUE"
              .formatted(Show.oneLine(whole), Show.oneLine(whole)));
    } else if (field.isRepeated()) {
      element(draft, field, set, i + 1);
    } else {
      resolve(
          draft.message(field).orElseGet(() -> draft.addMessage(field, set.place())), set, i + 1);
    }
  }

  /** The chosen member of one of the draft's oneofs that has the field, itself or further down. */
  private static Optional<Draft> chosenWith(Draft draft, String name) {
    return chosenMembers(draft)
        .filter(m -> m.type().findFieldByName(name) != null || chosenWith(m, name).isPresent())
        .findFirst();
  }

  private static Stream<Draft> chosenMembers(Draft draft) {
    return draft.type().getOneofs().stream()
        .flatMap(oneof -> draft.chosen(oneof).stream())
        .filter(f -> f.getJavaType() == JavaType.MESSAGE)
        .flatMap(f -> draft.message(f).stream());
  }

  private void unknown(Draft draft, Set set, int i) {
    String name = set.path().get(i);
    List<String> known =
        Stream.concat(Stream.of(draft), chosenMembers(draft))
            .flatMap(d -> d.type().getFields().stream())
            .map(FieldDescriptor::getName)
            .toList();
    List<String> elsewhere =
        draft.type().getFields().stream()
            .filter(f -> f.getContainingOneof() != null && f.getJavaType() == JavaType.MESSAGE)
            .filter(f -> f.getMessageType().findFieldByName(name) != null)
            .map(f -> set.pathTo(i, f.getName() + "." + name))
            .toList();
    problem(
        set,
        "unknown field %s%s"
            .formatted(
                Show.quoted(name),
                elsewhere.isEmpty()
                    ? Names.hint(Scalars.cut(name), known)
                    : " of what is chosen there; nearest: " + String.join(", ", elsewhere)));
  }

  /** Sets one entry of a map; its key may hold dots. */
  private void entry(Draft draft, FieldDescriptor field, Set set, int i) {
    String key = String.join(".", set.path().subList(i, set.path().size()));
    Descriptor type = field.getMessageType();
    FieldDescriptor keyField = type.findFieldByName("key");
    Draft entry =
        draft.values(field).stream()
            .map(value -> (Draft) value.content())
            .filter(e -> e.values(keyField).stream().anyMatch(k -> k.content().equals(key)))
            .findFirst()
            .orElseGet(() -> draft.addMessage(field, set.place()));
    entry.restart(set.place());
    entry.add(keyField, key, set.place());
    assign(entry, type.findFieldByName("value"), set);
  }

  private void element(Draft draft, FieldDescriptor field, Set set, int i) {
    String name = set.path().get(i);
    List<Draft> elements =
        draft.values(field).stream().map(value -> (Draft) value.content()).toList();
    Optional<Draft> element =
        elements.stream().filter(e -> e.elementName().equals(name)).findFirst();
    if (element.isEmpty()
        && name.matches("[0-9]{1,6}")
        && Integer.parseInt(name) < elements.size()) {
      element = Optional.of(elements.get(Integer.parseInt(name)));
    }
    if (element.isEmpty()) {
      List<String> known = elements.stream().map(Draft::elementName).toList();
      problem(
          set,
          "%s has no element %s%s"
              .formatted(
                  field.getName(),
                  Show.quoted(name),
                  known.isEmpty() ? ", it is empty" : Names.hint(Scalars.cut(name), known)));
    } else if (i == set.path().size() - 1) {
      replace(element.get(), set);
    } else {
      resolve(element.get(), set, i + 1);
    }
  }

  private void assign(Draft draft, FieldDescriptor field, Set set) {
    if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
      replace(draft.message(field).orElseGet(() -> draft.addMessage(field, set.place())), set);
      return;
    }
    draft.clear(field);
    if (field.isRepeated()) {
      list(draft, field, set);
    } else {
      scalar(set, field, set.value())
          .ifPresent(node -> binder.one(draft, field, node, set.place()));
    }
  }

  /** A message in braces replaces the one before; a bare word chooses a member of its oneof. */
  private void replace(Draft message, Set set) {
    String value = set.value().strip();
    if (value.startsWith("{")) {
      parsed(set, value)
          .ifPresent(
              node -> {
                message.restart(set.place());
                binder.fill(message, (Block) node);
              });
      return;
    }
    List<FieldDescriptor> members =
        message.type().getFields().stream().filter(f -> f.getContainingOneof() != null).toList();
    List<String> names = members.stream().map(FieldDescriptor::getName).toList();
    Optional<FieldDescriptor> member =
        members.stream().filter(f -> f.getName().equals(value)).findFirst();
    if (member.isPresent() && member.get().getJavaType() == JavaType.MESSAGE) {
      message.clear(member.get());
      message.addMessage(member.get(), set.place());
      return;
    }
    String expected = "a message in braces";
    if (!names.isEmpty()) {
      expected += " or one of " + String.join(", ", names) + Names.hint(Scalars.cut(value), names);
    }
    problem(set, "found %s, expected %s".formatted(Show.quoted(value), expected));
  }

  /** {@code [a, b]} or {@code a,b} for scalars; messages in braces, one or a list in brackets. */
  private void list(Draft draft, FieldDescriptor field, Set set) {
    String value = set.value().strip();
    if (value.startsWith("[") && value.endsWith("]") || field.getJavaType() == JavaType.MESSAGE) {
      parsed(set, value)
          .ifPresent(
              node -> {
                List<Node> items = node instanceof Items list ? list.items() : List.of(node);
                items.forEach(item -> binder.one(draft, field, item, set.place()));
              });
    } else if (!value.isEmpty()) {
      List<Scalar> items = new ArrayList<>();
      for (String item : value.split(",", -1)) {
        scalar(set, field, item.strip()).ifPresent(items::add);
      }
      items.forEach(item -> binder.one(draft, field, item, set.place()));
    }
  }

  /** A string may stand in quotes, then with textproto's escapes. */
  private Optional<Scalar> scalar(Set set, FieldDescriptor field, String value) {
    if (value.startsWith("\"") || value.startsWith("'")) {
      return parsed(set, value).map(Scalar.class::cast);
    }
    if (field.getJavaType() == JavaType.STRING || value.isBlank()) {
      return Optional.of(new Scalar(set.place(), Kind.STRING, value));
    }
    boolean number = value.strip().matches("-?[0-9.].*");
    return Optional.of(new Scalar(set.place(), number ? Kind.NUMBER : Kind.WORD, value.strip()));
  }

  private Optional<Node> parsed(Set set, String value) {
    try {
      return Optional.of(TextSyntax.value(Cursor.ofFragment(value, set.place())));
    } catch (SyntaxException e) {
      problem(set, e.getMessage());
      return Optional.empty();
    }
  }

  private void problem(Set set, String text) {
    problems.add(set.place(), set::pathText, text);
  }
}
