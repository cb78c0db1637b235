package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * When and what the launcher builds, in a checkout of its own with a Maven that only notes that it
 * ran.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherBuildTest {
  private static final long SECONDS = 90;

  @TempDir Path folder;

  private Path checkout;
  private Path programs;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = folder.resolve("a checkout");
    programs = Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(checkout.resolve(".mvn"));
    Files.writeString(checkout.resolve("pom.xml"), "");
    for (String module : List.of("configs", "graphs", "pruning", "export", "training", "cli")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.writeString(checkout.resolve(module).resolve("pom.xml"), "");
    }
    Files.copy(Repository.root().resolve("jackpot"), checkout.resolve("jackpot"));
    assertThat(checkout.resolve("jackpot").toFile().setExecutable(true)).isTrue();
    try (Stream<Path> files = Files.walk(checkout)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
      }
    }
    maven("sleep 0.3; echo \"$CLASS_PATH\" > cli/target/classpath.txt");
    program("1");
  }

  /** What the next build's classes are. */
  private void program(String number) throws IOException {
    LauncherProgram.compile(
        Files.createDirectories(checkout.resolve("cli/target/classes")), number);
  }

  private void maven(String script) throws IOException {
    Path maven = programs.resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho ran >> \"$MAVEN_RUNS\"\n" + script + "\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  private Launch launch(String... arguments) {
    Launch launch = new Launch(checkout.resolve("jackpot"), folder, arguments);
    String jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> Files.exists(Path.of(entry)))
            .reduce((a, b) -> a + ":" + b)
            .orElseThrow();
    launch.environment().put("CLASS_PATH", jars);
    launch.environment().put("MAVEN_RUNS", folder.resolve("runs").toString());
    launch.environment().merge("PATH", programs.toString(), (path, own) -> own + ":" + path);
    return launch;
  }

  private long builds() throws IOException {
    Path runs = folder.resolve("runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  private void touchSource() throws IOException {
    Files.writeString(checkout.resolve("graphs/src/main/New.java"), "");
    Files.setLastModifiedTime(
        checkout.resolve("graphs/src/main/New.java"), FileTime.from(Instant.now().plusSeconds(1)));
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> entries = Files.list(checkout.resolve(".jackpot/cpu"))) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  @Test
  void buildsOnFirstUseAndWhenASourceIsNewer() throws IOException, InterruptedException {
    Launch first = launch("version");
    assertThat(first.run(SECONDS)).isZero();
    assertThat(first.out()).isEqualTo("version 1\n");
    assertThat(first.err()).startsWith("jackpot: building").hasLineCount(1);

    Launch second = launch("version");
    assertThat(second.run(SECONDS)).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);

    touchSource();
    program("2");
    Launch third = launch("version");
    assertThat(third.run(SECONDS)).isZero();
    assertThat(third.out()).isEqualTo("version 2\n");
    assertThat(builds()).isEqualTo(2);
    assertThat(kept()).hasSize(1);
  }

  @Test
  void launchesAtOnceBuildOnce() throws IOException, InterruptedException {
    List<Launch> launches = new ArrayList<>();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      launches.add(launch("version"));
      processes.add(launches.get(i).start());
    }
    for (int i = 0; i < 4; i++) {
      assertThat(processes.get(i).waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(processes.get(i).exitValue()).isZero();
      assertThat(launches.get(i).out()).isEqualTo("version 1\n");
    }
    assertThat(builds()).isEqualTo(1);
    assertThat(checkout.resolve(".jackpot/build.lock")).doesNotExist();
  }

  @Test
  void takesTheLockOfADeadLauncher() throws IOException, InterruptedException {
    Files.createDirectories(checkout.resolve(".jackpot"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createSymbolicLink(
        checkout.resolve(".jackpot/build.lock"), Path.of(String.valueOf(dead.pid())));
    assertThat(launch("version").run(SECONDS)).isZero();
  }

  @Test
  void aRunKeepsItsClassesWhileANewBuildIsMade() throws IOException, InterruptedException {
    Launch running = launch("wait", folder.resolve("log.txt").toString());
    Process process = running.start();
    while (running.out().isEmpty()) {
      Thread.sleep(20);
      assertThat(process.isAlive()).as(running.err()).isTrue();
    }
    List<Path> used = kept();
    touchSource();
    program("2");
    Launch next = launch("version");
    assertThat(next.run(SECONDS)).isZero();
    assertThat(next.out()).isEqualTo("version 2\n");
    assertThat(kept()).hasSize(2).containsAll(used);
    process.destroy();
    process.waitFor();
  }

  @Test
  void aFailedBuildSaysWhyAndLeavesNothingToRun() throws IOException, InterruptedException {
    maven("echo '[ERROR] Graph.java:[3,4] ; expected'; exit 1");
    for (int i = 1; i <= 2; i++) {
      Launch launch = launch("version");
      assertThat(launch.run(SECONDS)).isEqualTo(1);
      assertThat(launch.out()).isEmpty();
      assertThat(launch.err())
          .contains("Graph.java:[3,4]", checkout.resolve(".jackpot/build.log").toString());
      assertThat(builds()).isEqualTo(i);
    }
    assertThat(kept()).isEmpty();
  }

  @Test
  void saysThatMavenIsMissing() throws IOException, InterruptedException {
    Files.delete(programs.resolve("mvn"));
    for (String tool : List.of("bash", "dirname", "ln", "rm", "mkdir", "sed", "head", "readlink")) {
      Path forward = programs.resolve(tool);
      Path found =
          Files.exists(Path.of("/usr/bin", tool))
              ? Path.of("/usr/bin", tool)
              : Path.of("/bin", tool);
      Files.writeString(forward, "#!/bin/sh\nexec " + found + " \"$@\"\n");
      assertThat(forward.toFile().setExecutable(true)).isTrue();
    }
    Launch launch = launch("version");
    launch.environment().put("PATH", programs.toString());
    launch.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(launch.run(SECONDS)).isEqualTo(1);
    assertThat(launch.err())
        .isEqualTo("jackpot: no mvn found, which builds Jackpot; install Maven 3.8 or newer\n");
  }

  @Test
  void refusesAnOldJava() throws IOException, InterruptedException {
    Path java = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 11' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Launch launch = launch("version");
    launch.environment().put("JAVA_HOME", folder.resolve("old").toString());
    assertThat(launch.run(SECONDS)).isEqualTo(1);
    assertThat(launch.err()).contains("is Java 11; expected 17 or newer").hasLineCount(1);
    assertThat(builds()).isZero();
  }
}
