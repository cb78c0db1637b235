package dev.jackpot.training.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run was made of and ran on: manifest.json. Written when the run begins, so that an
 * unfinished run has it too, again at each {@code --resume} and when it finishes. A text that does
 * not apply (no weights file) is empty, and absent from the file. Times are UTC, to the second.
 */
public final class Manifest {
  private static final List<String> TEXTS =
      List.of(
          "jackpot",
          "java",
          "tensorflow",
          "os",
          "device",
          "precision",
          "config_sha256",
          "data",
          "data_fingerprint",
          "weights",
          "weights_sha256");

  private final Builder values;

  private Manifest(Builder values) {
    this.values = new Builder(values);
  }

  public static Builder builder() {
    return new Builder();
  }

  public String jackpotVersion() {
    return values.text("jackpot");
  }

  public String javaVersion() {
    return values.text("java");
  }

  public String tensorflowVersion() {
    return values.text("tensorflow");
  }

  /** Name, version and architecture. */
  public String os() {
    return values.text("os");
  }

  /** Of the machine, as the JVM sees it. */
  public int cores() {
    return values.cores;
  }

  public String device() {
    return values.text("device");
  }

  public String precision() {
    return values.text("precision");
  }

  /** Of TensorFlow's intra-op pool, the default resolved. */
  public int threads() {
    return values.threads;
  }

  public long seed() {
    return values.seed;
  }

  /** See {@link RunDirectory#hash}. */
  public String configSha256() {
    return values.text("config_sha256");
  }

  /** The data set in words: name, image counts. */
  public String data() {
    return values.text("data");
  }

  public String dataFingerprint() {
    return values.text("data_fingerprint");
  }

  /** The file with the initial values; empty if there is none. */
  public String weights() {
    return values.text("weights");
  }

  public String weightsSha256() {
    return values.text("weights_sha256");
  }

  public Instant started() {
    return values.started;
  }

  /** When the run was continued, in order. */
  public List<Instant> resumed() {
    return List.copyOf(values.resumed);
  }

  public Optional<Instant> finished() {
    return Optional.ofNullable(values.finished);
  }

  /** The same, with one more time at which the run was continued. */
  public Manifest withResumed(Instant time) {
    Manifest copy = new Manifest(values);
    copy.values.resumed.add(seconds(time));
    return copy;
  }

  public Manifest withFinished(Instant time) {
    Manifest copy = new Manifest(values);
    copy.values.finished = seconds(time);
    return copy;
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Replaces {@code file}; see {@link RunDirectory#manifest}. */
  public void write(Path file) {
    JsonFields.write(file, toJson());
  }

  /** The file's content, also for a command's {@code --json}. */
  public JsonObject toJson() {
    JsonObject o = new JsonObject();
    values.texts.forEach(
        (name, text) -> {
          if (!text.isEmpty()) {
            o.addProperty(name, text);
          }
        });
    o.addProperty("cores", values.cores);
    o.addProperty("threads", values.threads);
    o.addProperty("seed", values.seed);
    o.addProperty("started", values.started.toString());
    if (!values.resumed.isEmpty()) {
      JsonArray times = new JsonArray();
      values.resumed.forEach(t -> times.add(t.toString()));
      o.add("resumed", times);
    }
    finished().ifPresent(t -> o.addProperty("finished", t.toString()));
    return o;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws dev.jackpot.config.JackpotException if the file is missing or a field is wrong; names
   *     file and field
   */
  public static Manifest read(Path file) {
    JsonFields f = JsonFields.read(file);
    Builder b =
        builder().cores(f.count("cores")).threads(f.count("threads")).seed(f.integer("seed"));
    TEXTS.forEach(name -> b.texts.put(name, f.string(name, "")));
    b.started = f.time("started");
    b.resumed.addAll(f.times("resumed"));
    b.finished = f.has("finished") ? f.time("finished") : null;
    return b.build();
  }

  /**
   * Collects a manifest; starts with this machine's Java, operating system and cores, and the
   * present time.
   */
  public static final class Builder {
    private final Map<String, String> texts = new LinkedHashMap<>();
    private int cores = Runtime.getRuntime().availableProcessors();
    private int threads;
    private long seed;
    private Instant started = seconds(Instant.now());
    private final List<Instant> resumed = new ArrayList<>();
    private Instant finished;

    private Builder() {
      TEXTS.forEach(name -> texts.put(name, ""));
      texts.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
      texts.put(
          "os",
          "%s %s %s"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.version"),
                  System.getProperty("os.arch")));
    }

    private Builder(Builder other) {
      texts.putAll(other.texts);
      cores = other.cores;
      threads = other.threads;
      seed = other.seed;
      started = other.started;
      resumed.addAll(other.resumed);
      finished = other.finished;
    }

    private String text(String name) {
      return texts.get(name);
    }

    private Builder set(String name, String value) {
      texts.put(name, value);
      return this;
    }

    public Builder jackpotVersion(String value) {
      return set("jackpot", value);
    }

    public Builder tensorflowVersion(String value) {
      return set("tensorflow", value);
    }

    public Builder device(String value) {
      return set("device", value);
    }

    public Builder precision(String value) {
      return set("precision", value);
    }

    public Builder cores(int value) {
      cores = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder configSha256(String value) {
      return set("config_sha256", value);
    }

    /** The data set in words, and a digest of its images and labels. */
    public Builder data(String words, String fingerprint) {
      return set("data", words).set("data_fingerprint", fingerprint);
    }

    /** The file with the initial values, and the SHA-256 of its bytes. */
    public Builder weights(String path, String sha256) {
      return set("weights", path).set("weights_sha256", sha256);
    }

    public Builder started(Instant time) {
      started = seconds(time);
      return this;
    }

    public Manifest build() {
      return new Manifest(this);
    }
  }
}
