package dev.jackpot.training.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of one file on the loopback address, which can be told to misbehave. */
final class FileServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final byte[] content;

  /** The Range headers that were sent, "" where there was none. */
  final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

  /** Bytes after which the connection is cut; as many times as there are numbers. */
  final List<Integer> cuts = Collections.synchronizedList(new ArrayList<>());

  volatile boolean ignoresRanges;
  volatile boolean stalls;
  volatile int status;
  volatile String redirect;

  /** Answers with {@link #status} before it is well again; 0: for ever. */
  final AtomicInteger troubles = new AtomicInteger();

  FileServer(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:%d/set".formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "" : range);
    if (redirect != null && exchange.getRequestURI().getPath().equals("/set")) {
      exchange.getResponseHeaders().set("Location", redirect);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
      return;
    }
    if (status != 0) {
      int answer = status;
      if (troubles.get() > 0 && troubles.decrementAndGet() == 0) {
        status = 0;
      }
      exchange.sendResponseHeaders(answer, -1);
      exchange.close();
      return;
    }
    boolean partial = range != null && !ignoresRanges;
    int start = partial ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
    if (partial) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(partial ? 206 : 200, content.length - start);
    OutputStream out = exchange.getResponseBody();
    if (stalls || !cuts.isEmpty()) {
      int bytes = stalls ? 1000 : Math.min(cuts.remove(0), content.length - start);
      out.write(content, start, bytes);
      out.flush();
      if (stalls) {
        sleep();
      }
      throw new IOException("cut"); // the server closes the connection
    }
    out.write(content, start, content.length - start);
    exchange.close();
  }

  private static void sleep() {
    try {
      Thread.sleep(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
