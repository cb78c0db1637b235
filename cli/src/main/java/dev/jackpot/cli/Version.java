package dev.jackpot.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  /** The program's version, as the build wrote it. */
  static String program() {
    return property("jackpot");
  }

  /** The version of TensorFlow Java that the program was built for. */
  static String tensorFlowJava() {
    return property("tensorflow-java");
  }

  private static String property(String name) {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty(name);
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "jackpot " + program(),
      "TensorFlow Java " + tensorFlowJava(),
      "Java " + System.getProperty("java.version")
    };
  }
}
