package dev.jackpot.config;

import static dev.jackpot.config.Configs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Experiment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  @Test
  void theReaderAgreesWithProtobufsOwnAndJsonWithTextproto() throws Exception {
    Experiment text = Configs.text(resource("full.textproto"));
    assertThat(text).isEqualTo(TextFormat.parse(resource("full.textproto"), Experiment.class));
    assertThat(text).isEqualTo(Configs.json(resource("full.json")));
    assertThat(text.getSeed()).isEqualTo(42);
    assertThat(text.getData().getLimitTest()).isEqualTo(8);
    assertThat(text.getData().getCifar100().getPath()).isEqualTo("/data/cifar \"100\" é\n");
    assertThat(text.getWeights().getPath()).isEqualTo("dense.npz");
    assertThat(text.getStages(2).getCustom().getOptionsMap()).hasSize(2).containsEntry("a.b", "");
  }

  @Test
  void whatIsPrintedReadsBackEqual() {
    Experiment experiment = Configs.text(resource("full.textproto"));
    String printed = ExperimentText.print(experiment);
    assertThat(Configs.text(printed)).isEqualTo(experiment);
    assertThat(ExperimentText.print(Configs.text(printed))).isEqualTo(printed);
    assertThat(printed)
        .contains("  normalization {\n    mean: [0.5, 0.25, 0.5]\n    std: [0.2, 0.3, 1.0]\n  }\n");
  }

  /** Random messages, sound or not: printed by us and by protobuf, read by us and by protobuf. */
  @Test
  void randomMessagesSurviveEveryPairOfWriterAndReader() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Message message = draw(Experiment.newBuilder(), random);
      String ours = ExperimentText.print((Experiment) message);
      assertThat(read(ours)).isEqualTo(message);
      assertThat(TextFormat.parse(ours, Experiment.class)).isEqualTo(message);
      assertThat(read(TextFormat.printer().printToString(message))).isEqualTo(message);
      assertThat(Draft.of(message).build(Experiment.newBuilder())).isEqualTo(message);
    }
  }

  private static Message read(String text) throws SyntaxException {
    Problems problems = new Problems();
    Draft draft = Draft.root(Experiment.getDescriptor(), Place.NOWHERE);
    new Binder(problems, Scalars.Style.TEXT).fill(draft, TextSyntax.file(Cursor.ofFile(text, "")));
    problems.throwIfAny();
    return draft.build(Experiment.newBuilder());
  }

  private static Message draw(Message.Builder builder, Random random) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      int count = random.nextInt(field.isRepeated() ? 4 : 2);
      for (int i = 0; i < count; i++) {
        Object value = value(builder, field, random);
        if (field.isMapField()) {
          Message entry = (Message) value;
          FieldDescriptor key = field.getMessageType().findFieldByName("key");
          value =
              entry.toBuilder()
                  .setField(key, "k" + i)
                  .setField(field.getMessageType().findFieldByName("value"), "v")
                  .build();
        }
        if (field.isRepeated()) {
          builder.addRepeatedField(field, value);
        } else {
          builder.setField(field, value);
        }
      }
    }
    return builder.build();
  }

  private static Object value(Message.Builder builder, FieldDescriptor field, Random random) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt() >> random.nextInt(32);
      case LONG -> random.nextLong() >> random.nextInt(64);
      case DOUBLE -> random.nextBoolean() ? random.nextInt(100) / 100.0 : finite(random);
      case BOOLEAN -> random.nextBoolean();
      case STRING -> string(random);
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      default -> draw(builder.newBuilderForField(field), random);
    };
  }

  private static double finite(Random random) {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : -0.0;
  }

  private static String string(Random random) {
    List<String> parts =
        List.of(
            "a", "\"", "\\", "\n", "\t", "\u0000", "\u001b", "é", "😀", "\u200e", "\u2028", "'",
            " ", "\\n");
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  @Test
  void whatDiffersFromTheDefaultsIsListedByPath() {
    Experiment experiment =
        Configs.text(
            """
            seed: 3
            data { drawn { test_images: 2000 } }
            network { cifar_resnet { depth: 20 width: 8 } }
            stages { search { restriction { none {} } } epochs: 5 learning_rate { per: STEP initial: 1e-7 } }
            """);
    assertThat(ExperimentText.differences(experiment))
        .extracting(ExperimentText.Difference::toString)
        .containsExactly(
            "name=\"c\"",
            "seed=3 (default 1)",
            "network.width=8 (default 16)",
            "stages.search.restriction.none={}",
            "stages.search.epochs=5",
            "stages.search.learning_rate.initial=1E-7 (default 0.1)",
            "stages.search.learning_rate.per=STEP (default EPOCH)");
  }

  /** Every difference can be given back by --set: that is what its path is for. */
  @Test
  void differencesAreSetArguments() {
    Experiment experiment = Configs.text(resource("full.textproto"));
    String[] sets =
        ExperimentText.differences(experiment).stream()
            .map(d -> d.path() + "=" + d.value())
            .toArray(String[]::new);
    assertThat(sets).hasSizeGreaterThan(40);
    assertThat(Configs.text(resource("full.textproto"), sets)).isEqualTo(experiment);
  }

  @Test
  void theHashSeesValuesAndNotHowTheyWereWritten() {
    Experiment text = Configs.text(resource("full.textproto"));
    String hash = ExperimentText.hash(text);
    assertThat(hash)
        .matches("[0-9a-f]{64}")
        .isEqualTo(ExperimentText.hash(Configs.json(resource("full.json"))));
    Experiment explicit = text.toBuilder().setExport(text.getExport()).build();
    assertThat(ExperimentText.hash(explicit)).isEqualTo(hash);
    Experiment.Builder longer = text.toBuilder();
    longer.getStagesBuilder(1).setBatchSize(128).getWeightDecayBuilder();
    assertThat(ExperimentText.hash(text.toBuilder().setSeed(43).build())).isNotEqualTo(hash);
    Experiment batch = Configs.text(resource("full.textproto"), "stages.first.batch_size=128");
    assertThat(batch).isNotEqualTo(text);
    assertThat(ExperimentText.hash(batch)).as("128 is the default").isEqualTo(hash);
  }

  /** A changed hash makes runs of an older release look like others: change it knowingly. */
  @Test
  void theHashOfAKnownConfigStays() {
    Experiment experiment =
        Configs.text(
            "name: \"h\" data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 1 }");
    assertThat(ExperimentText.hash(experiment))
        .isEqualTo("2b6993d40f12898680d251799380d06f1ddfa6b7eefd7af23f86bcc704bd4fe6");
  }
}
