package dev.jackpot.config;

import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Sweep;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a sweep from textproto or JSON, as strictly as experiments are read. */
final class SweepLoader {
  private SweepLoader() {}

  /**
   * Reads and checks it; its cells are not made yet.
   *
   * @return with a name: its own or the file's
   * @throws ConfigException with every problem
   */
  static Sweep load(String file) {
    String source = Show.oneLine(file);
    Path path = path(file, source);
    Format format =
        Format.of(file)
            .orElseThrow(
                () ->
                    new ConfigException(
                        source
                            + ": unknown extension, expected .textproto, .txtpb, .pbtxt or .json"));
    return parse(ExperimentLoader.read(path, source), format, source);
  }

  private static Path path(String file, String source) {
    Path path = ExperimentLoader.existing(file).orElse(null);
    if (path == null || !Files.isRegularFile(path)) {
      throw new ConfigException(
          "%s: %s; expected a file that describes a sweep"
              .formatted(source, path == null ? "no such file" : "not a file"));
    }
    return path;
  }

  static Sweep parse(String text, Format format, String source) {
    Problems problems = new Problems();
    Draft draft = ExperimentLoader.draft(Sweep.getDescriptor(), text, format, source, problems);
    var name = Sweep.getDescriptor().findFieldByNumber(Sweep.NAME_FIELD_NUMBER);
    if (!draft.has(name) && !draft.isBroken(name)) {
      String stem = ExperimentLoader.nameFrom(source);
      draft.add(name, stem.substring(0, Math.min(stem.length(), 40)), draft.place());
    }
    Sweep sweep = (Sweep) draft.build(Sweep.newBuilder());
    SweepRules.check(sweep, new At(draft, problems, false));
    problems.throwIfAny();
    return sweep;
  }
}
