package dev.jackpot.training.report;

import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Path;

/** The commands that repeat a run, continue it, and serve its model. */
final class Commands {
  private Commands() {}

  static void write(Html html, RunDirectory run, String name, boolean exported) {
    html.section("Do it again").element("p", "Repeat the run:").pre(repeat(run));
    if (exported) {
      String model = name.replaceAll("[^A-Za-z0-9_.-]", "_");
      html.element("p", "Serve the model with TensorFlow Serving, from the same directory:")
          .pre(
              "docker run --rm -p 8501:8501 -e MODEL_NAME=%s -v %s tensorflow/serving"
                  .formatted(quote(model), mount(run.savedModels(), "/models/" + model)))
          .element("p", "Ask whether it is ready:")
          .pre("curl http://localhost:8501/v1/models/" + model);
    }
    html.raw("</section>");
  }

  static String resume(Path root) {
    return "./jackpot run %s --out %s --resume"
        .formatted(quote(root.resolve("config.textproto").toString()), quote(root.toString()));
  }

  private static String repeat(RunDirectory run) {
    return "./jackpot run %s --out %s"
        .formatted(quote(run.config().toString()), quote(run.root() + "-again"));
  }

  /** A volume's argument: docker needs an absolute path on the left. */
  private static String mount(Path directory, String target) {
    return directory.isAbsolute()
        ? quote(directory + ":" + target)
        : "\"$PWD\"/" + quote(directory + ":" + target);
  }

  /** As one word of a POSIX shell. */
  static String quote(String text) {
    return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
