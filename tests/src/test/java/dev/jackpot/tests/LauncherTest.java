package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher around a program that does as it is told (resources/…/launcher/Main.java). */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final long SECONDS = 60;

  @TempDir static Path classes;
  @TempDir Path folder;

  @BeforeAll
  static void compile() {
    LauncherProgram.compile(classes, "1");
  }

  private Launch launch(String... arguments) {
    Launch launch = new Launch(folder, arguments);
    launch
        .environment()
        .merge(
            "JACKPOT_CLASSPATH",
            classes.toString(),
            (path, own) -> own + File.pathSeparator + path);
    launch.environment().put("TMPDIR", folder.toString());
    return launch;
  }

  private long waiting(Launch launch) throws InterruptedException {
    await(() -> launch.out().endsWith("\n"));
    return Long.parseLong(launch.out().strip());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 42, 130})
  void passesTheExitCodeAndAddsNothing(int code) throws InterruptedException {
    Launch launch = launch("exit", String.valueOf(code));
    assertThat(launch.run(SECONDS)).isEqualTo(code);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err()).isEmpty();
    assertThat(folder).isDirectoryNotContaining("glob:**/jackpot-launch.*");
  }

  @Test
  void passesInputOutputAndArguments() throws IOException, InterruptedException {
    Launch launch =
        launch("echo", "two words", "", "*", "$HOME")
            .withInput(Files.writeString(folder.resolve("in"), "text"));
    assertThat(launch.run(SECONDS)).isZero();
    assertThat(launch.out()).isEqualTo("text");
    assertThat(launch.err()).isEqualTo("arguments:[echo][two words][][*][$HOME]\n");
  }

  @Test
  void nativeLinesGoToTheLogAndNotToTheTerminal() throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    Launch launch = launch("native", log.toString());
    assertThat(launch.run(SECONDS)).isZero();
    assertThat(launch.err()).isEqualTo("a line for the terminal\n");
    assertThat(Files.readString(log)).contains(" native - a native line\n");
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143", "HUP,129"})
  void passesSignals(String signal, int code) throws IOException, InterruptedException {
    assumeThat(signal.equals("HUP") && isHangUpIgnored()).as("HUP is ignored here").isFalse();
    Launch launch = launch("wait", folder.resolve("log.txt").toString());
    Process process = launch.start();
    long jvm = waiting(launch);
    signal(signal, process.pid());
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    assertThat(launch.out()).endsWith("saved\n");
    assertThat(launch.err()).isEmpty();
    assertThat(alive(jvm)).isFalse();
  }

  /** Under nohup, and then by every program that is started from here. */
  private static boolean isHangUpIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
  }

  @Test
  void killingTheLauncherKillsTheProgram() throws IOException, InterruptedException {
    Launch launch = launch("wait", folder.resolve("log.txt").toString());
    Process process = launch.start();
    long jvm = waiting(launch);
    signal("KILL", process.pid());
    await(() -> !alive(jvm));
    assertThat(launch.out()).doesNotContain("saved");
  }

  @Test
  void explainsAKilledJvm() throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    Launch launch = launch("wait", log.toString());
    Process process = launch.start();
    signal("KILL", waiting(launch));
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(137);
    assertThat(launch.err())
        .contains("a native line", "was killed (SIGKILL)", "memory", log.toString(), "--resume");
  }

  @Test
  void explainsAJvmThatDoesNotStart() throws InterruptedException {
    Launch launch = launch("exit", "0");
    launch.environment().put("JACKPOT_JAVA_OPTS", "-Xnonsense");
    assertThat(launch.run(SECONDS)).isEqualTo(1);
    assertThat(launch.err()).contains("Unrecognized option: -Xnonsense", "did not start");
  }

  @Test
  void namesAJavaHomeThatIsNone() throws InterruptedException {
    Launch launch = launch("exit", "0");
    launch.environment().put("JAVA_HOME", folder.toString());
    assertThat(launch.run(SECONDS)).isEqualTo(1);
    assertThat(launch.err()).contains(folder.toString(), "17 or newer").hasLineCount(1);
  }

  @Test
  void startsThroughALink() throws IOException, InterruptedException {
    Path link =
        Files.createSymbolicLink(folder.resolve("link"), Repository.root().resolve("jackpot"));
    Launch launch = new Launch(link, folder, "exit", "7");
    launch
        .environment()
        .put(
            "JACKPOT_CLASSPATH",
            classes + File.pathSeparator + System.getProperty("java.class.path"));
    assertThat(launch.run(SECONDS)).isEqualTo(7);
    Files.delete(link);
  }
}
