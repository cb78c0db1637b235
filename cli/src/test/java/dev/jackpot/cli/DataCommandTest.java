package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
  private static final String[] SMALL = {
    "--set", "data.drawn.train_images=130", "--set", "data.drawn.test_images=20"
  };

  private static String[] args(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + SMALL.length);
    System.arraycopy(SMALL, 0, all, args.length, SMALL.length);
    return all;
  }

  @Test
  void checkCountsEveryImage() {
    JsonObject check = Cli.good(args("data", "check", "quickstart", "--json")).object();
    int sum = 0;
    for (var count : check.getAsJsonObject("train").getAsJsonArray("per_class")) {
      sum += count.getAsInt();
    }
    assertThat(sum).isEqualTo(130);
    assertThat(check.getAsJsonObject("test").get("images").getAsInt()).isEqualTo(20);
    assertThat(check.getAsJsonObject("train").getAsJsonArray("mean")).hasSize(3);
    assertThat(check.get("fingerprint").getAsString()).hasSize(64);
    assertThat(Cli.good(args("data", "check", "quickstart")).out())
        .contains("130 training and 20 test images", "mean: [0.");
  }

  @Test
  void checkNeedsNoWeightsButTheData(@TempDir Path folder) {
    Cli cli =
        Cli.run(
            "data",
            "check",
            "resnet20-cifar10-jackpot90",
            "--set",
            "data.cifar10.path=" + folder.resolve("none"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errors()).singleElement().asString().contains("none");
  }

  @Test
  void showDrawsARowAClass(@TempDir Path folder) throws IOException {
    Path sheet = folder.resolve("sheet.png");
    Cli.good(args("data", "show", "quickstart", "--images", "3", "--out", sheet.toString()));
    var image = ImageIO.read(sheet.toFile());
    assertThat(image.getWidth()).isEqualTo(3 * 34 - 2);
    assertThat(image.getHeight()).isEqualTo(10 * 34 - 2);
  }
}
