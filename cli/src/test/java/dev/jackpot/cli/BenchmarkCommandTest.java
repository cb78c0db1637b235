package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class BenchmarkCommandTest {
  private static Cli benchmark(String mode, String... more) {
    String[] args = {
      "benchmark",
      "train",
      "--mode",
      mode,
      "--batch",
      "4",
      "--steps",
      "3",
      "--warmup",
      "1",
      "--set",
      "network.cifar_resnet.depth=8",
      "--set",
      "network.cifar_resnet.width=4"
    };
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Cli.good(all);
  }

  @Test
  void ofOneModeTheFiguresAreFlat() {
    JsonObject result = benchmark("search", "--json").object();
    assertThat(result.get("mode").getAsString()).isEqualTo("search");
    assertThat(result.get("batch").getAsInt()).isEqualTo(4);
    assertThat(result.get("precision").getAsString()).isEqualTo("float32");
    assertThat(result.get("threads").getAsInt()).isPositive();
    assertThat(result.get("rss_mb_start").getAsDouble()).isPositive();
    assertThat(result.get("rss_mb_end").getAsDouble()).isPositive();
    assertThat(result.get("images_per_second").getAsDouble())
        .isEqualTo(4000 / result.get("median_step_ms").getAsDouble(), within(1e-6));
  }

  @Test
  void ofBothEachIsGivenAndTheirRatio() {
    JsonObject result = benchmark("both", "--json").object();
    JsonArray each = result.getAsJsonArray("measurements");
    assertThat(each)
        .extracting(m -> m.getAsJsonObject().get("mode").getAsString())
        .containsExactly("train", "search");
    assertThat(each).allMatch(m -> m.getAsJsonObject().get("median_step_ms").getAsDouble() > 0);
    assertThat(result.get("search_over_train").getAsDouble()).isPositive();
    assertThat(result.has("median_step_ms")).isFalse();
    assertThat(benchmark("both").out()).contains("train", "search", "resident memory");
  }

  /** Of a config without ghosts: Swish and skips. */
  @Test
  void withGhostsWithoutAndAfterThem() {
    JsonObject result = benchmark("ghosts", "--json").object();
    assertThat(result.getAsJsonArray("measurements"))
        .extracting(m -> m.getAsJsonObject().get("mode").getAsString())
        .containsExactly("plain", "ghosts", "handed_over");
    assertThat(result.get("ghosts_over_plain").getAsDouble()).isPositive();
    assertThat(result.get("handed_over_over_plain").getAsDouble()).isPositive();
    assertThat(result.get("hand_over_seconds").getAsDouble()).isPositive();
    assertThat(result.has("search_over_train")).isFalse();
  }

  /** The masks of the stage before are there, at their sparsity; which weights is drawn. */
  @Test
  void aSparseConfigIsMeasuredUnderItsMasks() {
    String[] small = {
      "resnet20-cifar10-sparse95-short",
      "--batch",
      "4",
      "--steps",
      "2",
      "--warmup",
      "1",
      "--set",
      "network.cifar_resnet.depth=8",
      "--set",
      "network.cifar_resnet.width=4",
      "--set",
      "stages.mask.prune.criterion=snip"
    };
    JsonObject ghosts =
        Cli.good(joined(small, "benchmark", "train", "--mode", "ghosts", "--json")).object();
    assertThat(ghosts.get("sparsity").getAsDouble()).isCloseTo(.95, within(.002));
    assertThat(ghosts.get("ghosts_over_plain").getAsDouble()).isPositive();
    JsonObject rescale = Cli.good(joined(small, "benchmark", "rescale", "--json")).object();
    assertThat(rescale.get("sparsity").getAsDouble()).isCloseTo(.95, within(.002));
    assertThat(rescale.get("images").getAsInt()).isEqualTo(8);
    assertThat(rescale.getAsJsonArray("iterations"))
        .extracting(
            i -> i.getAsJsonObject().get("kind").getAsString(),
            i -> i.getAsJsonObject().get("gradients").getAsInt())
        .containsExactly(tuple("objective", 4), tuple("constraint", 3));
    assertThat(rescale.getAsJsonArray("iterations"))
        .allMatch(i -> i.getAsJsonObject().get("over_gradients").getAsDouble() > 0);
    assertThat(Cli.good(joined(small, "benchmark", "rescale")).out())
        .contains("a plain gradient", "an iteration on the constraint", "OVER THEM");
  }

  private static String[] joined(String[] last, String... first) {
    String[] all = java.util.Arrays.copyOf(first, first.length + last.length);
    System.arraycopy(last, 0, all, first.length, last.length);
    return all;
  }
}
