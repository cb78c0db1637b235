package dev.jackpot.cli;

import dev.jackpot.training.report.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tensorflow.TensorFlow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jackpot doctor}: whether this machine has what the program needs. */
@Command(
    name = "doctor",
    description = {
      "Checks this machine.",
      "Versions, the native library, devices, memory, write access.",
      "Exits with 1 if something is missing."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot doctor")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  /** One thing that was looked at. */
  private record Check(String name, boolean ok, String found) {}

  @FunctionalInterface
  private interface Look {
    String look() throws IOException;
  }

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    checks.add(check("jackpot", Version::program));
    checks.add(check("java", () -> System.getProperty("java.vm.name") + " " + Runtime.version()));
    checks.add(
        check(
            "system",
            () ->
                "%s %s, %s"
                    .formatted(
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"))));
    checks.add(check("cores", () -> String.valueOf(Runtime.getRuntime().availableProcessors())));
    checks.add(check("memory", DoctorCommand::memory));
    checks.add(
        check(
            "native library",
            () ->
                "TensorFlow %s, by TensorFlow Java %s"
                    .formatted(TensorFlow.version(), Version.tensorFlowJava())));
    checks.add(check("devices", () -> String.join(", ", Devices.names())));
    checks.add(check("writing here", () -> writable(Path.of("").toAbsolutePath())));
    checks.add(
        check("temporary files", () -> writable(Path.of(System.getProperty("java.io.tmpdir")))));
    output.print(
        () ->
            Json.array(
                checks.stream()
                    .map(c -> Json.object("name", c.name(), "ok", c.ok(), "found", c.found()))
                    .toList()),
        out -> {
          Table table = new Table().text("CHECK").text("").text("FOUND");
          checks.forEach(c -> table.row(c.name(), c.ok() ? "ok" : "FAILED", c.found()));
          out.print(table);
        });
    return checks.stream().allMatch(Check::ok) ? 0 : 1;
  }

  private static Check check(String name, Look look) {
    try {
      return new Check(name, true, look.look());
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Check(name, false, String.join(" ", Failures.lines(e)));
    }
  }

  private static String memory() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return "%s, of it free %s; heap at most %s"
        .formatted(
            Figures.bytes(system.getTotalMemorySize()),
            Figures.bytes(system.getFreeMemorySize()),
            Figures.bytes(Runtime.getRuntime().maxMemory()));
  }

  private static String writable(Path folder) throws IOException {
    Files.delete(Files.createTempFile(folder, ".jackpot-", ".tmp"));
    return "%s, %s free"
        .formatted(folder, Figures.bytes(Files.getFileStore(folder).getUsableSpace()));
  }
}
