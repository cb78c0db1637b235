package dev.jackpot.cli;

import com.google.gson.JsonElement;
import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command's result goes, and {@code --json}. */
final class Output {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print the result as JSON, and nothing else on stdout.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Prints a result in the form that was asked for. */
  void print(Supplier<? extends JsonElement> asJson, Consumer<PrintWriter> asText) {
    if (json) {
      out().print(Json.text(asJson.get()));
    } else {
      asText.accept(out());
    }
    out().flush();
  }
}
