package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.data.CorruptImageException;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.SkippedFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a folder of image files, two of them damaged. */
class SkippedImagesTest {
  private static final String STAGE =
      "stages { train {} epochs: 1 batch_size: 5 learning_rate { initial: 0.01 } }";

  @TempDir private Path temp;

  @BeforeEach
  void write() throws IOException {
    for (String split : new String[] {"train", "val"}) {
      for (int i = 0; i < 10; i++) {
        Path file = temp.resolve("set/%s/%s/%d.png".formatted(split, i < 5 ? "a" : "b", i));
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i, i, 0xFFFFFF);
        ImageIO.write(image, "png", file.toFile());
      }
    }
    Files.write(temp.resolve("set/train/b/7.png"), new byte[0]);
    Files.write(temp.resolve("set/val/a/2.png"), new byte[] {1, 2, 3, 4, 5});
  }

  private Experiment experiment(String onCorrupt) {
    return Tiny.experiment(
        STAGE,
        "data={folder { path: \"%s\" } image_size: 16 evaluation_batch_size: 4 on_corrupt: %s"
                .formatted(temp.resolve("set"), onCorrupt)
            + " augmentation { random_resized_crop {} } }",
        "export={verify_images: 6}");
  }

  private Result run(String onCorrupt) {
    return ExperimentService.run(
        experiment(onCorrupt), temp.resolve("run"), false, List.of(), new StopSignal());
  }

  @Test
  void areCountedInTheResultAndTheReport() {
    Result result = run("SKIP");
    assertThat(result.skippedImages()).isEqualTo(2);
    assertThat(Result.read(temp.resolve("run/result.json"))).isEqualTo(result);
    assertThat(temp.resolve("run/report.html"))
        .content()
        .contains("2 images could not be decoded; others stood in for them");
    assertThat(temp.resolve("run/saved_model/1/assets.extra/jackpot.json"))
        .content()
        .contains("\"resize\": 18");
  }

  @Test
  void areCountedOnceWhenTheRunIsContinued() {
    // the stop comes at the last step: the rest of the run meets no training image any more
    Path run = temp.resolve("run");
    StopSignal stop = new StopSignal();
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    experiment("SKIP"), run, false, List.of(Runs.stopAfter(2, stop)), stop))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(SkippedFile.read(run.resolve("skipped_images.json")))
        .extracting(image -> image.name())
        .containsExactly("train/b/7.png", "val/a/2.png");
    Result result =
        ExperimentService.run(experiment("SKIP"), run, true, List.of(), new StopSignal());
    assertThat(result.skippedImages()).isEqualTo(2);
    assertThat(SkippedFile.read(run.resolve("skipped_images.json")))
        .extracting(image -> image.name())
        .containsExactly("train/b/7.png", "val/a/2.png");
  }

  @Test
  void endTheRunByDefault() {
    assertThatThrownBy(() -> run("FAIL"))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("the file is empty (0 bytes)");
  }
}
