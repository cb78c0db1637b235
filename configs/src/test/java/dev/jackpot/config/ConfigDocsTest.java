package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/config.md in step with the schema. After a change of experiment.proto, {@code mvn -pl
 * configs test -Dtest=ConfigDocsTest -Djackpot.docs.write=true} writes the reference anew.
 */
class ConfigDocsTest {
  private static final Path DOCS = Path.of("../docs/config.md");
  private static final Path SCHEMA = Path.of("src/main/proto/jackpot/experiment.proto");
  private static final String START =
      "<!-- reference: written by ConfigDocsTest from experiment.proto -->\n";

  @Test
  void theReferenceIsTheSchemas() throws IOException {
    String docs = Files.readString(DOCS);
    String written = docs.substring(0, docs.indexOf(START) + START.length());
    String expected = written + SchemaReference.markdown(Files.readString(SCHEMA));
    if (Boolean.getBoolean("jackpot.docs.write")) {
      Files.writeString(DOCS, expected);
    } else {
      assertThat(docs)
          .as("docs/config.md; -Djackpot.docs.write=true writes it anew")
          .isEqualTo(expected);
    }
  }

  /**
   * The schema is read from its text for the reference: nothing of the compiled one may be missing
   * there.
   */
  @Test
  void everyMessageFieldAndDefaultAppears() throws IOException {
    String docs = Files.readString(DOCS);
    for (Descriptor message : Experiment.getDescriptor().getFile().getMessageTypes()) {
      int start = docs.indexOf("### " + message.getName() + "\n");
      assertThat(start).as(message.getName()).isPositive();
      int end = docs.indexOf("\n### ", start);
      String section = docs.substring(start, end < 0 ? docs.length() : end);
      for (FieldDescriptor field : message.getFields()) {
        String row =
            section
                .lines()
                .filter(l -> l.startsWith("| `" + field.getName() + "` |"))
                .findFirst()
                .orElse("");
        assertThat(row).as(message.getName() + "." + field.getName()).isNotEmpty();
        String cell = row.split("(?<!\\\\)\\|")[3].strip().replace("`", "");
        assertThat(cell.isEmpty()).as(row).isEqualTo(!field.hasDefaultValue());
        if (field.hasDefaultValue() && field.getDefaultValue() instanceof Double value) {
          assertThat(Double.parseDouble(cell)).isEqualTo(value);
        } else if (field.hasDefaultValue()) {
          assertThat(cell).isEqualTo(Show.scalar(field.getDefaultValue()));
        }
      }
    }
  }

  @Test
  void theExamplesLoadAndSayTheSame() throws IOException {
    String docs = Files.readString(DOCS);
    List<Experiment> examples = new ArrayList<>();
    Matcher block = Pattern.compile("```(textproto|json)\n(.*?)```", Pattern.DOTALL).matcher(docs);
    while (block.find()) {
      Format format = block.group(1).equals("json") ? Format.JSON : Format.TEXTPROTO;
      examples.add(ExperimentLoader.parse(block.group(2), format, "docs/config.md", List.of()));
    }
    assertThat(examples).hasSize(2);
    assertThat(examples.get(0)).isEqualTo(examples.get(1));
    String overrides = docs.substring(docs.indexOf("## Overrides"), docs.indexOf("## Errors"));
    int sets = 0;
    for (String line : overrides.lines().filter(l -> l.startsWith("--set ")).toList()) {
      String argument = line.substring(6).replaceFirst("  +#.*", "").replaceFirst("^'(.*)'$", "$1");
      List<String> one = List.of(argument);
      Experiment changed =
          ExperimentLoader.parse(
              ExperimentText.print(examples.get(0)), Format.TEXTPROTO, "docs/config.md", one);
      assertThat(changed).as(line).isNotEqualTo(examples.get(0));
      sets++;
    }
    assertThat(sets).isGreaterThan(5);
  }
}
