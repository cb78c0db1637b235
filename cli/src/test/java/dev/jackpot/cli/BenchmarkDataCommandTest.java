package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchmarkDataCommandTest {
  private static final String[] SHORT = {
    "--seconds", "0.05",
    "--rounds", "2",
    "--set", "stages.train.batch_size=8",
    "--set", "data.drawn.train_images=130",
    "--set", "data.drawn.test_images=20",
    "--set", "network.cifar_resnet.width=4"
  };

  private static Cli benchmark(String... more) {
    List<String> args = new ArrayList<>(List.of("benchmark", "data"));
    args.addAll(List.of(SHORT));
    args.addAll(List.of(more));
    return Cli.good(args.toArray(String[]::new));
  }

  @Test
  void storedPixelsAreOnlyCopiedAndNeedNoBareDecoding() {
    JsonObject result = benchmark("--json", "--with-training").object();
    assertThat(result.get("images_per_second").getAsDouble()).isPositive();
    assertThat(result.get("cpu_ms_per_image").getAsDouble()).isPositive();
    assertThat(result.get("batch").getAsInt()).isEqualTo(8);
    assertThat(result.getAsJsonArray("image").toString()).isEqualTo("[32,32,3]");
    assertThat(result.has("bare_decoding")).isFalse();
    JsonObject training = result.getAsJsonObject("training");
    assertThat(training.get("images_per_second").getAsDouble()).isPositive();
    assertThat(training.get("input_path_ratio").getAsDouble()).isPositive().isFinite();
  }

  @Test
  void photosAreMadeMeasuredAndRemoved() throws IOException {
    List<Path> before = folders();
    JsonObject result = benchmark("--json", "--synthetic", "12").object();
    assertThat(result.getAsJsonArray("image").toString()).isEqualTo("[224,224,3]");
    JsonObject bare = result.getAsJsonObject("bare_decoding");
    assertThat(bare.get("images_per_second").getAsDouble()).isPositive();
    assertThat(bare.get("input_path_ratio").getAsDouble()).isPositive().isFinite();
    assertThat(result.has("training")).isFalse();
    assertThat(folders()).isEqualTo(before);
    assertThat(benchmark("--synthetic", "10").out())
        .contains("input path", "bare decode and resize", "×", "ms");
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("jackpot-photos-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void numbersOutOfRangeAreUsage() {
    for (String[] option :
        new String[][] {{"--seconds", "0"}, {"--rounds", "0"}, {"--synthetic", "9"}}) {
      Cli cli = Cli.run("benchmark", "data", option[0], option[1]);
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.errors()).singleElement().asString().contains(option[0], "found " + option[1]);
    }
  }
}
