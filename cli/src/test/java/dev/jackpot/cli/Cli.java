package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * One command, run in this process.
 *
 * @param code its exit code
 * @param out what it wrote to stdout
 * @param err what it told the person on stderr
 */
record Cli(int code, String out, String err) {
  static Cli run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Commands.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Cli(code, out.toString(), err.toString());
  }

  /** The same, which must end well. */
  static Cli good(String... args) {
    Cli cli = run(args);
    assertThat(cli.code()).as("%s: %s", List.of(args), cli.err()).isZero();
    return cli;
  }

  /** Standard output, which must be one JSON document and nothing else. */
  JsonElement json() {
    return JsonParser.parseString(out);
  }

  JsonObject object() {
    return json().getAsJsonObject();
  }

  List<String> errors() {
    return err.lines().toList();
  }
}
