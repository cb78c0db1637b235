package dev.jackpot.tests;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What some tests need of the machine, and where it is. */
public final class Needs {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  private Needs() {}

  /** Python with the packages of tests/peers/requirements.txt. */
  public static Path peerPython() {
    return peerPython(System.getenv(), Repository.peers())
        .orElseThrow(() -> new IllegalStateException("annotate the test with @RequiresPeer"));
  }

  /** A browser that prints and renders without a display. */
  public static Path browser() {
    return browser(System.getenv())
        .orElseThrow(() -> new IllegalStateException("annotate the test with @RequiresBrowser"));
  }

  static Optional<Path> peerPython(Map<String, String> environment, Path peers) {
    String named = environment.get("JACKPOT_PEER_PYTHON");
    Path python = named != null ? Path.of(named) : peers.resolve(".venv/bin/python");
    return Files.isExecutable(python) ? Optional.of(python) : Optional.empty();
  }

  static Optional<Path> browser(Map<String, String> environment) {
    String named = environment.get("JACKPOT_BROWSER");
    if (named != null) {
      return Files.isExecutable(Path.of(named)) ? Optional.of(Path.of(named)) : Optional.empty();
    }
    return List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator)).stream()
        .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static ConditionEvaluationResult result(boolean met, String need) {
    return met
        ? ConditionEvaluationResult.enabled("found")
        : ConditionEvaluationResult.disabled(need);
  }

  static final class PeerCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return result(
          peerPython(System.getenv(), Repository.peers()).isPresent(),
          "needs Python with PyTorch and TensorFlow: run tests/peers/make-venv, or set JACKPOT_PEER_PYTHON");
    }
  }

  static final class BrowserCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return result(
          browser(System.getenv()).isPresent(),
          "needs a browser: install chromium, or set JACKPOT_BROWSER");
    }
  }

  static final class LongCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return result(
          "1".equals(System.getenv("JACKPOT_LONG_TESTS")), "takes long: set JACKPOT_LONG_TESTS=1");
    }
  }
}
