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

  private static void image(Path file, int rgb) throws IOException {
    java.nio.file.Files.createDirectories(file.getParent());
    var image = new java.awt.image.BufferedImage(9, 7, java.awt.image.BufferedImage.TYPE_INT_RGB);
    image.setRGB(4, 3, rgb);
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void checkListsDamagedImagesAndFailsUnlessTheyAreSkipped(@TempDir Path folder)
      throws IOException {
    for (String split : new String[] {"train", "val"}) {
      image(folder.resolve(split + "/cat/1.png"), split.hashCode());
      image(folder.resolve(split + "/dog/1.png"), 0x0A0B0C);
    }
    java.nio.file.Files.write(folder.resolve("train/cat/2.jpg"), new byte[0]);
    String set = "data={folder { path: \"" + folder + "\" } image_size: 8}";
    Cli cli = Cli.run("data", "check", "quickstart", "--set", set);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out())
        .contains(
            "height: 7",
            "width: 9",
            "1 images that cannot be decoded:",
            "train/cat/2.jpg: the file is empty (0 bytes)",
            "val/dog/1.png is train/dog/1.png");
    assertThat(cli.errors()).singleElement().asString().contains("1 of 5 images cannot be decoded");
    String[] skip = {
      "data", "check", "quickstart", "--set", set, "--set", "data.on_corrupt=SKIP", "--json"
    };
    cli = Cli.run(skip);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.errors())
        .singleElement()
        .asString()
        .contains(
            "1 of 5 images are in two splits, byte for byte",
            "the first: val/dog/1.png is train/dog/1.png")
        .doesNotContain("cannot be decoded");
    image(folder.resolve("val/dog/1.png"), 0x0C0B0A);
    JsonObject json = Cli.good(skip).object();
    JsonObject train = json.getAsJsonObject("train");
    assertThat(train.get("unreadable_count").getAsInt()).isEqualTo(1);
    assertThat(train.getAsJsonObject("width").get("median").getAsInt()).isEqualTo(9);
    assertThat(json.getAsJsonArray("overlaps")).isEmpty();
    assertThat(json.getAsJsonArray("classes_without_training_images")).isEmpty();
  }
}
