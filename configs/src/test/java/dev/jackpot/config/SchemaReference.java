package dev.jackpot.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The reference part of docs/config.md, made from experiment.proto: its comments are the
 * documentation, and descriptors do not keep them.
 */
final class SchemaReference {
  private static final Pattern OPEN = Pattern.compile("(message|enum|oneof) (\\w+) \\{(})?");
  private static final Pattern FIELD =
      Pattern.compile("(optional |repeated )?([\\w<>, .]+) (\\w+) = \\d+(?: \\[default = (.*)])?;");
  private static final Pattern VALUE = Pattern.compile("(\\w+) = \\d+;");

  private final List<Message> messages = new ArrayList<>();

  /** Those that several messages use. */
  private final List<Choice> enums = new ArrayList<>();

  private final Deque<Object> open = new ArrayDeque<>();
  private final List<String> comment = new ArrayList<>();

  private static final class Message {
    final String name;
    final String comment;
    final List<Field> fields = new ArrayList<>();
    final List<Choice> enums = new ArrayList<>();

    Message(String name, String comment) {
      this.name = name;
      this.comment = comment;
    }
  }

  /** A oneof, or an enum with its values as {@code NAME: comment}. */
  private record Choice(String kind, String name, String comment, List<String> values) {}

  private record Field(
      String label, String type, String name, String standard, String comment, Choice oneof) {}

  private SchemaReference() {}

  /**
   * @param proto the schema's text
   * @return Markdown: a section and a table for each message
   */
  static String markdown(String proto) {
    SchemaReference reference = new SchemaReference();
    proto.lines().map(String::strip).forEach(reference::line);
    if (!reference.open.isEmpty()) {
      throw new IllegalStateException("experiment.proto: unclosed " + reference.open);
    }
    StringBuilder text = new StringBuilder();
    reference.messages.forEach(message -> reference.section(message, text));
    return text.toString();
  }

  private void line(String line) {
    if (line.startsWith("//")) {
      comment.add(line.substring(2).strip());
      return;
    }
    Matcher opening = OPEN.matcher(line);
    if (opening.matches()) {
      open(opening.group(1), opening.group(2));
      if (opening.group(3) != null) {
        open.pop();
      }
    } else if (line.equals("}")) {
      open.pop();
    } else if (!open.isEmpty() && !line.isEmpty()) {
      statement(line);
    }
    comment.clear();
  }

  private void open(String kind, String name) {
    if (kind.equals("message")) {
      Message message = new Message(name, String.join(" ", comment));
      messages.add(message);
      open.push(message);
    } else {
      Choice choice = new Choice(kind, name, String.join(" ", comment), new ArrayList<>());
      if (kind.equals("enum")) {
        (open.isEmpty() ? enums : ((Message) open.peek()).enums).add(choice);
      }
      open.push(choice);
    }
  }

  private void statement(String line) {
    Choice choice = open.peek() instanceof Choice c ? c : null;
    Matcher value = VALUE.matcher(line);
    Matcher field = FIELD.matcher(line);
    if (choice != null && choice.kind.equals("enum") && value.matches()) {
      String text = String.join(" ", comment).replaceFirst("\\.$", "");
      choice.values.add("`" + value.group(1) + "`" + (text.isEmpty() ? "" : ": " + text));
    } else if (field.matches()) {
      String label = field.group(1) == null ? "" : field.group(1).strip();
      String standard = field.group(4) == null ? "" : field.group(4);
      Message message =
          (Message) open.stream().filter(Message.class::isInstance).findFirst().orElseThrow();
      message.fields.add(
          new Field(
              label, field.group(2), field.group(3), standard, String.join(" ", comment), choice));
    } else {
      throw new IllegalStateException("experiment.proto: cannot read: " + line);
    }
  }

  private void section(Message message, StringBuilder text) {
    text.append("\n### ").append(message.name).append("\n\n");
    if (!message.comment.isEmpty()) {
      text.append(message.comment).append("\n\n");
    }
    if (message.fields.isEmpty()) {
      text.append("No fields: `{}`.\n");
      return;
    }
    text.append("| field | type | default | meaning |\n|---|---|---|---|\n");
    for (Field field : message.fields) {
      String standard = field.standard.isEmpty() ? "" : "`" + field.standard + "`";
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(field.name, type(field), standard, cell(meaning(message, field))));
    }
  }

  private String type(Field field) {
    String type = cell(field.type);
    boolean message = messages.stream().anyMatch(m -> m.name.equals(field.type));
    type = message ? "[%s](#%s)".formatted(type, type.toLowerCase(Locale.ROOT)) : type;
    return field.label.equals("repeated") ? "list of " + type : type;
  }

  private String meaning(Message message, Field field) {
    List<String> parts = new ArrayList<>();
    if (field.oneof != null) {
      parts.add("*one of `%s`.* %s".formatted(field.oneof.name, field.oneof.comment).strip());
    }
    if (!field.comment.isEmpty()) {
      parts.add(field.comment);
    }
    Stream.concat(message.enums.stream(), enums.stream())
        .filter(e -> e.name.equals(field.type))
        .forEach(e -> parts.add(String.join("; ", e.values)));
    return String.join(" ", parts);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;");
  }
}
