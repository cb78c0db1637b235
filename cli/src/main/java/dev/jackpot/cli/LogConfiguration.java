package dev.jackpot.cli;

import java.net.URI;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Filter.Result;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.builder.api.ComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Log4j2's configuration: INFO and above to stderr, the message alone. {@link Logging#openRunLog}
 * adds the file. Made in code and named in log4j2.component.properties, so that it holds from the
 * first logger on and needs no XML parser.
 */
public final class LogConfiguration extends ConfigurationFactory {
  static final String TERMINAL = "terminal";

  @Override
  protected String[] getSupportedTypes() {
    return new String[] {"*"};
  }

  @Override
  public Configuration getConfiguration(LoggerContext context, String name, URI location) {
    return configuration(context);
  }

  @Override
  public Configuration getConfiguration(LoggerContext context, ConfigurationSource source) {
    return configuration(context);
  }

  private static Configuration configuration(LoggerContext context) {
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setConfigurationName("jackpot").setStatusLevel(Level.ERROR).setLoggerContext(context);
    // Saving after control-C happens in a shutdown hook and is logged: no other hook may end
    // logging before.
    builder.setShutdownHook("disable");
    ComponentBuilder<?> lines =
        builder
            .newComponent("LevelPatternSelector")
            .addAttribute("defaultPattern", "%level{lowerCase=true}: %msg%n")
            .addAttribute("alwaysWriteExceptions", false)
            .addComponent(
                builder
                    .newComponent("PatternMatch")
                    .addAttribute("key", "INFO")
                    .addAttribute("pattern", "%msg%n"));
    builder.add(
        builder
            .newAppender(TERMINAL, "Console")
            .addAttribute("target", ConsoleAppender.Target.SYSTEM_ERR)
            .addAttribute("follow", true)
            .add(
                builder
                    .newLayout("PatternLayout")
                    .addAttribute("alwaysWriteExceptions", false)
                    .addComponent(lines))
            .add(
                builder
                    .newFilter("MarkerFilter", Result.DENY, Result.NEUTRAL)
                    .addAttribute("marker", NativeLog.MARKER_NAME)));
    builder.add(
        builder
            .newRootLogger(Level.DEBUG)
            .add(builder.newAppenderRef(TERMINAL).addAttribute("level", Level.INFO)));
    builder.add(builder.newLogger("dev.jackpot", Level.TRACE));
    for (String chatty : new String[] {"java", "javax", "jdk", "sun", "org.jline"}) {
      builder.add(builder.newLogger(chatty, Level.INFO));
    }
    return builder.build(false);
  }
}
