package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTest {
  static final Result RESULT =
      Result.builder()
          .accuracy(0.8712)
          .validationAccuracy(0.8765)
          .denseAccuracy(0.8842)
          .startAccuracy(0.71)
          .parameters(1200, 210)
          .flops(40_000_000_000L, 5_000_000_000L)
          .seconds(12.5)
          .bytes(123_456)
          .denseBytes(1_123_456)
          .skippedImages(3)
          .kernels(
              List.of(
                  new Result.Kernel("conv1/kernel", List.of(3L, 3L, 3L, 16L), 100, 432),
                  new Result.Kernel("conv2/kernel", List.of(1L, 1L, 8L, 71L), 0, 568)))
          .stages(
              List.of(
                  new Result.StageResult("train", 3, 0.8842, 7),
                  new Result.StageResult("search", 2, Double.NaN, 5.5)))
          .rescaled(
              Map.of(
                  "train",
                  new RescaleRecord(
                      "look_ahead",
                      List.of(
                          new RescaleRecord.Factor("conv1/kernel", 0.75),
                          new RescaleRecord.Factor("linear/bias", 1)),
                      180,
                      12,
                      2.5,
                      2.25,
                      1.5,
                      Double.NaN,
                      3)))
          .build();

  @TempDir Path temp;

  @Test
  void comesBackAsItWasWritten() {
    Path file = temp.resolve("result.json");
    RESULT.write(file);
    assertThat(Result.read(file)).isEqualTo(RESULT);
  }

  @Test
  void hasTheFieldsOfTheContract() throws IOException {
    Path file = temp.resolve("result.json");
    RESULT.write(file);
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    assertThat(json.keySet())
        .contains(
            "accuracy",
            "dense_accuracy",
            "sparsity",
            "parameters",
            "nonzero",
            "flops_dense",
            "flops_sparse",
            "seconds");
    assertThat(json.get("sparsity").getAsDouble()).isCloseTo(0.9, within(1e-12));
    assertThat(json.getAsJsonArray("kernels").get(0).getAsJsonObject().get("kept").getAsLong())
        .isEqualTo(100);
  }

  @Test
  void whatWasNotMeasuredIsAbsent() {
    Path file = temp.resolve("result.json");
    Result bare = Result.builder().build();
    bare.write(file);
    assertThat(file).content().doesNotContain("accuracy", "bytes");
    assertThat(Result.read(file)).isEqualTo(bare);
    assertThat(bare.sparsity()).isZero();
  }

  @Test
  void wrongFieldsAreNamedWithTheirPlace() throws IOException {
    Path file = temp.resolve("result.json");
    assertThatThrownBy(() -> Result.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("does not exist");
    RESULT.write(file);
    Files.writeString(file, Files.readString(file).replace("\"kept\": 0", "\"kept\": \"none\""));
    assertThatThrownBy(() -> Result.read(file))
        .isInstanceOf(JackpotException.class)
        .hasMessage(file + ": kernels[1]: field kept: expected an integer, found \"none\"");
  }
}
