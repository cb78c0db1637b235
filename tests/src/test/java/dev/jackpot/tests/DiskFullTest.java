package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.Sample;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.training.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system that fills up while a checkpoint or a SavedModel is written. Needs the right
 * to mount a tmpfs.
 */
class DiskFullTest {
  private static final String CONFIG =
      """
      name: "full"
      runtime { threads: 1 device: CPU }
      data { drawn { train_images: 64 test_images: 20 } evaluation_batch_size: 20 }
      network { cifar_resnet { depth: 8 width: 16 } }
      stages { train {} epochs: 5 batch_size: 32 learning_rate { initial: 0.01 } }
      checkpoints { keep_last: 2 keep_best: false }
      """;

  @TempDir Path temp;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(temp.resolve("disk"));
    // a checkpoint takes 0.6 MB: two fit, a third beside them does not
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1700k", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "needs the right to mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", disk.toString());
    }
  }

  @Test
  void aRunStopsCleanlyAndContinuesOnceThereIsRoom() throws Exception {
    Path config = Files.writeString(temp.resolve("full.textproto"), CONFIG);
    Path output = temp.resolve("output.txt");
    Path run = disk.resolve("run");
    String[] command = {"run", config.toString(), "--out", run.toString(), "--resume"};
    assertThat(JackpotProcess.start(output, command).waitFor()).isEqualTo(1);
    assertThat(errors(output))
        .hasSize(1)
        .first()
        .asString()
        .contains("checkpoint")
        .contains("No space left on device");
    List<Path> checkpoints = checkpoints(run);
    assertThat(checkpoints).hasSizeBetween(1, 2);
    for (Path checkpoint : checkpoints) {
      assertThat(Checkpoint.open(checkpoint).state().values()).isNotEmpty();
    }
    assertThat(run.resolve("result.json")).doesNotExist();

    assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isZero();
    assertThat(JackpotProcess.start(output, command).waitFor()).isZero();
    assertThat(run.resolve("result.json")).exists();
  }

  @Test
  void anExportLeavesNothing() throws Exception {
    Path filler = Files.write(disk.resolve("filler"), new byte[1_690_000]);
    ServableModel model = ExportedModel.make(EvaluationView.square(32));
    Sample sample = ExportedModel.sample(model, ExportedModel.pixels(2), 2);
    SavedModelWriter writer = new SavedModelWriter(Export.getDefaultInstance());
    assertThatThrownBy(() -> writer.write(disk.resolve("model/1"), model, sample))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("No space left on device");
    try (Stream<Path> left = Files.list(disk)) {
      assertThat(left).containsExactly(filler);
    }
  }

  private static List<String> errors(Path output) throws IOException {
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(l -> l.startsWith("jackpot: ")).toList();
    }
  }

  /** All of them; what is unfinished counts too, and would fail to open. */
  private static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> entries = Files.list(run.resolve("checkpoints"))) {
      return entries.toList();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
