package dev.jackpot.config;

import com.google.protobuf.Message;
import java.util.Map;

/**
 * Makes a {@code T} from outside this project. A jar declares an implementation of the registry's
 * own sub-interface in META-INF/services; a config then addresses it as {@code custom { name: "…"
 * options { key: "…" value: "…" } }}.
 *
 * @param <H> the message that holds the choice, for instance {@code Network}
 * @param <T> what is made
 */
public interface Plugin<H extends Message, T> {
  /** The name by which a config asks for it. */
  String name();

  /**
   * @param options the config's options
   * @param holder the message the choice stands in, with the settings all choices share
   * @throws ConfigException if the options are wrong
   */
  T create(Map<String, String> options, H holder);
}
