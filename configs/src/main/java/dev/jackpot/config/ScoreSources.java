package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The searched scores that a stage's criteria go by, wherever in the stage they stand. */
public final class ScoreSources {
  private ScoreSources() {}

  /** All of them; none for a repeat, whose stages have their own. */
  public static List<ScoresCriterion> of(Stage stage) {
    List<ScoresCriterion> sources = new ArrayList<>();
    mapped(
        stage,
        source -> {
          sources.add(source);
          return source;
        });
    return sources;
  }

  /** The same stage with other sources. */
  static Stage mapped(Stage stage, UnaryOperator<ScoresCriterion> to) {
    return (Stage) mapped((Message) stage, to);
  }

  private static Message mapped(Message message, UnaryOperator<ScoresCriterion> to) {
    if (message instanceof ScoresCriterion source) {
      return to.apply(source);
    }
    Message.Builder builder = message.toBuilder();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
                builder.setField(field, mapped((Message) value, to));
              }
            });
    return builder.build();
  }
}
