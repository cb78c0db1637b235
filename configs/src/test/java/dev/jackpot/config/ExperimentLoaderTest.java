package dev.jackpot.config;

import static dev.jackpot.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentLoaderTest {
  private static final String SOUND =
      "data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 2 }";

  @TempDir Path folder;

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void aFileIsReadByItsExtensionAndNamesTheRun() throws IOException {
    for (String name : List.of("run 1.textproto", "run 1.TXTPB", "run 1.pbtxt")) {
      assertThat(ExperimentLoader.load(write(name, SOUND), List.of()).getName()).isEqualTo("run-1");
    }
    String json =
        "{\"data\": {\"drawn\": {}}, \"network\": {\"cifar_resnet\": {}}, \"stages\": [{\"train\": {}, \"epochs\": 2}]}";
    assertThat(ExperimentLoader.load(write("..json", json), List.of("seed=5")).getSeed())
        .isEqualTo(5);
    assertThat(ExperimentLoader.load(write("a.textproto", SOUND), List.of("name=b")).getName())
        .isEqualTo("b");
  }

  @Test
  void whatIsNoConfigFileIsNamed() throws IOException {
    assertThat(problems(() -> ExperimentLoader.load("quikstart", List.of())))
        .singleElement()
        .asString()
        .startsWith("quikstart: no such file or preset; nearest: quickstart");
    assertThat(problems(() -> ExperimentLoader.load("", List.of()))).hasSize(1);
    assertThat(problems(() -> ExperimentLoader.load("a\u0000b", List.of()))).hasSize(1);
    assertThat(problems(() -> ExperimentLoader.load("../presets/quickstart", List.of())))
        .hasSize(1);
    assertThat(problems(() -> ExperimentLoader.load(folder.toString(), List.of())))
        .containsExactly(folder + ": found a directory, expected a config file or a preset's name");
    Files.writeString(folder.resolve("config.textproto"), SOUND);
    assertThat(problems(() -> ExperimentLoader.load(folder.toString(), List.of())).get(0))
        .endsWith("; nearest: " + folder.resolve("config.textproto"));
    String yaml = write("a.yaml", SOUND);
    assertThat(problems(() -> ExperimentLoader.load(yaml, List.of())))
        .containsExactly(
            yaml + ": unknown extension, expected .textproto, .txtpb, .pbtxt or .json");
    String bad = write("bad.textproto", "seed: x");
    assertThat(problems(() -> ExperimentLoader.load(bad, List.of())).get(0))
        .startsWith(bad + ":1:1: data: missing");
  }

  @Test
  void everyPresetIsSoundOnceItsPathsAreGiven() {
    assertThat(Presets.names()).contains("quickstart", "resnet20-cifar10-jackpot90").isSorted();
    for (Presets.Preset preset : Presets.list()) {
      assertThat(preset.description()).as(preset.name()).isNotBlank();
      Experiment template = ExperimentLoader.loadTemplate(preset.name(), List.of());
      assertThat(template.getName()).isEqualTo(preset.name());
      assertThat(template.hasExport()).isTrue();
    }
    ExperimentLoader.load("quickstart", List.of());
    ExperimentLoader.load(
        "resnet20-cifar10-jackpot90", List.of("data.path=d", "weights.path=w.npz"));
  }

  @Test
  void aPresetWithoutItsPathsSaysWhatToGive() {
    assertThat(problems(() -> ExperimentLoader.load("resnet20-cifar10-jackpot90", List.of())))
        .hasSize(2)
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("preset resnet20-cifar10-jackpot90:")
                    .endsWith("--set data.path=DIR"))
        .anySatisfy(p -> assertThat(p).endsWith("--set weights.path=FILE"));
  }

  @Test
  void presetsAreFoundInAJarToo() throws IOException {
    Path jar = folder.resolve("configs.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String entry :
          List.of(
              "a.textproto",
              "presets/",
              "presets/b.textproto",
              "presets/a.textproto",
              "presets/x")) {
        out.putNextEntry(new JarEntry(entry));
      }
    }
    assertThat(Presets.names(jar)).containsExactly("a", "b");
  }

  /** A template forgives missing paths only. */
  @Test
  void aTemplateIsValidatedToo() {
    assertThat(
            problems(
                () ->
                    ExperimentLoader.loadTemplate(
                        "quickstart", List.of("stages.search.sparsity=1"))))
        .hasSize(1);
  }
}
