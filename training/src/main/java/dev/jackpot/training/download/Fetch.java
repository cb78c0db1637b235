package dev.jackpot.training.download;

import dev.jackpot.config.JackpotException;
import dev.jackpot.training.download.DownloadProgress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Fetches an archive into a part file, continuing where an earlier attempt was cut off if the
 * server gives ranges. Whether the bytes are the right ones is not looked at here.
 */
final class Fetch {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** The server's own trouble, which may pass: tried again as if the connection had been cut. */
  private static final int TOO_MANY_REQUESTS = 429;

  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;

  private static final int BUFFER = 1 << 16;

  /** Attempts in a row that bring nothing, and attempts altogether. */
  private static final int FRUITLESS = 3;

  private static final int ATTEMPTS = 20;

  /**
   * How long to wait.
   *
   * @param connect for a connection and an answer's beginning
   * @param stall for the next bytes
   * @param pause before another attempt
   */
  record Patience(Duration connect, Duration stall, Duration pause) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2));
  }

  /** No connection came about. */
  static final class NoConnection extends IOException {
    private static final long serialVersionUID = 1L;

    NoConnection(IOException cause) {
      super(cause.getMessage() == null ? "no connection" : cause.getMessage(), cause);
    }
  }

  /** The server refuses, or has something else: to ask again would not help. */
  static final class Refusal extends JackpotException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  private final OfficialArchive archive;
  private final Patience patience;
  private final DownloadProgress progress;
  private final HttpClient client;
  private final byte[] buffer = new byte[BUFFER];

  Fetch(OfficialArchive archive, Patience patience, DownloadProgress progress) {
    this.archive = archive;
    this.patience = patience;
    this.progress = progress;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connect())
            .build();
  }

  /**
   * Fetches what the part file lacks.
   *
   * @throws NoConnection if the server was not reached at all
   * @throws IOException if the connection broke too often, or the file cannot be written; what has
   *     come stays in the part file
   * @throws Refusal if the server has something else or refuses
   * @throws JackpotException if another process fetches to the same file
   */
  void into(Path part) throws IOException {
    try (FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (!lock(file)) {
        throw new JackpotException("%s is being written by another download".formatted(part));
      }
      if (file.size() > archive.bytes()) {
        file.truncate(0);
      }
      long best = file.size();
      int fruitless = 0;
      for (int attempt = 1; file.size() < archive.bytes(); attempt++) {
        IOException failure = null;
        try {
          request(file);
        } catch (NoConnection e) {
          if (attempt == 1) {
            throw e;
          }
          failure = e;
        } catch (IOException e) {
          failure = e;
        }
        fruitless = file.size() > best ? 0 : fruitless + 1;
        best = Math.max(best, file.size());
        if (file.size() < archive.bytes()) {
          if (fruitless >= FRUITLESS || attempt >= ATTEMPTS) {
            throw failure == null ? new IOException("the server ends too early") : failure;
          }
          pause();
        }
      }
      file.force(true);
    }
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock(Long.MAX_VALUE - 1, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void request(FileChannel file) throws IOException {
    long start = file.size();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(archive.address()).timeout(patience.connect()).GET();
    if (start > 0) {
      request.header("Range", "bytes=" + start + "-");
    }
    HttpResponse<InputStream> response = send(request.build());
    try (StallWatch body = new StallWatch(response.body(), patience.stall())) {
      switch (response.statusCode()) {
        case OK -> {
          requireLength(response, archive.bytes());
          file.truncate(0);
          append(body, file);
        }
        case PARTIAL -> {
          requireRange(response, start);
          append(body, file);
        }
        case RANGE_NOT_SATISFIABLE -> file.truncate(0);
        case TOO_MANY_REQUESTS, BAD_GATEWAY, UNAVAILABLE ->
            throw new IOException(
                "the server answers with status %d".formatted(response.statusCode()));
        default ->
            throw new Refusal(
                "%s answers with status %d; expected 200%s"
                    .formatted(
                        archive.address(), response.statusCode(), why(response.statusCode())));
      }
    }
  }

  private static String why(int status) {
    return switch (status) {
      case 403 -> " (the server, or something before it, does not allow it)";
      case 404 -> " (there is no such file)";
      case 407 -> " (the proxy wants a name and a password)";
      default -> "";
    };
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new NoConnection(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JackpotException("interrupted while fetching " + archive.address(), e);
    }
  }

  private void requireLength(HttpResponse<?> response, long expected) {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(expected);
    if (length != expected) {
      throw new Refusal(
          "%s has %d bytes; expected %d: it is not the archive that Jackpot knows"
              .formatted(archive.address(), length, expected));
    }
  }

  private void requireRange(HttpResponse<?> response, long start) throws IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.equals("bytes %d-%d/%d".formatted(start, archive.bytes() - 1, archive.bytes()))) {
      throw new Refusal(
          "%s answers with range \"%s\"; expected bytes %d to %d of %d: it is not the archive that Jackpot knows"
              .formatted(archive.address(), range, start, archive.bytes() - 1, archive.bytes()));
    }
  }

  private void append(StallWatch body, FileChannel file) throws IOException {
    file.position(file.size());
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      if (file.position() + n > archive.bytes()) {
        throw new Refusal(
            "%s sends more than the %d bytes of the archive that Jackpot knows"
                .formatted(archive.address(), archive.bytes()));
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      progress.at(Phase.FETCHING, file.position(), archive.bytes());
    }
  }

  private void pause() {
    try {
      Thread.sleep(patience.pause().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JackpotException("interrupted while fetching " + archive.address(), e);
    }
  }
}
