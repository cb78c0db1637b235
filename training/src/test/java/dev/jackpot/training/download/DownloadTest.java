package dev.jackpot.training.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.training.download.DownloadProgress.Phase;
import dev.jackpot.training.download.OfficialArchive.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final Fetch.Patience SHORT =
      new Fetch.Patience(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofMillis(5));

  @TempDir Path to;
  private byte[] bytes;
  private FileServer server;
  private OfficialArchive archive;
  private Path part;
  private final Map<Phase, List<Long>> told = new EnumMap<>(Phase.class);

  @BeforeEach
  void serve() throws IOException {
    bytes = Archives.tarGz(Archives.good(300_000));
    server = new FileServer(bytes);
    archive = Archives.official(bytes, Format.TAR_GZ, server.address());
    part = to.resolve("set.tar.gz.part");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Download download(OfficialArchive of) {
    return new Download(
        of,
        to,
        SHORT,
        (phase, done, total) -> told.computeIfAbsent(phase, p -> new ArrayList<>()).add(done));
  }

  private void assertUnpacked() throws IOException {
    assertThat(to.resolve("set/a.bin")).hasSize(300_000);
    try (Stream<Path> files = Files.list(to)) {
      assertThat(files).containsExactly(to.resolve("set"));
    }
  }

  private void assertFails(Download download, String... words) {
    assertThatThrownBy(download::fetch)
        .isInstanceOfSatisfying(JackpotException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageContainingAll(words)
        .message()
        .satisfies(m -> assertThat(m.lines()).hasSize(1));
    assertThat(to.resolve("set")).doesNotExist();
  }

  @Test
  void fetchesChecksAndUnpacks() throws IOException {
    Download download = download(archive);
    assertThat(download.isDone()).isFalse();
    download.fetch();
    assertUnpacked();
    assertThat(download.isDone()).isTrue();
    assertThat(server.ranges).containsExactly("");
    for (Phase phase : List.of(Phase.FETCHING, Phase.CHECKING)) {
      assertThat(told.get(phase)).isSorted().endsWith((long) bytes.length);
    }
    assertThat(told.get(Phase.UNPACKING)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void continuesACutConnection() throws IOException {
    server.cuts.addAll(List.of(100_000, 50_000));
    download(archive).fetch();
    assertUnpacked();
    assertThat(server.ranges).hasSize(3).startsWith("");
    assertThat(server.ranges.get(1)).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void aLaterRunContinuesWhatIsThere() throws IOException {
    server.cuts.addAll(List.of(100_000, 0, 0, 0));
    assertFails(download(archive), "cannot fetch " + archive.address(), "continues it", "--from");
    long kept = Files.size(part);
    assertThat(kept).isPositive();
    server.cuts.clear();
    server.ranges.clear();
    download(archive).fetch();
    assertUnpacked();
    assertThat(server.ranges).containsExactly("bytes=%d-".formatted(kept));
  }

  @Test
  void aServerWithoutRangesStartsAnew() throws IOException {
    Files.write(part, new byte[1000]);
    server.ignoresRanges = true;
    download(archive).fetch();
    assertUnpacked();
  }

  @Test
  void aPartOfSomethingElseIsFoundAndTheNextRunIsWell() throws IOException {
    Files.write(part, new byte[1000]);
    assertFails(download(archive), "has MD5", archive.md5(), "it is deleted", "--from set.tar.gz");
    assertThat(part).doesNotExist();
    download(archive).fetch();
    assertUnpacked();
  }

  @Test
  void aPartThatIsTooLongStartsAnewAndAWholeOneNeedsNoServer() throws IOException {
    Files.write(part, new byte[bytes.length + 1]);
    download(archive).fetch();
    assertUnpacked();
    dev.jackpot.config.AtomicFiles.delete(to.resolve("set"));
    Files.write(part, bytes);
    server.close();
    download(archive).fetch();
    assertUnpacked();
  }

  @Test
  void aForgedArchiveWithTheRightMd5IsFound() {
    OfficialArchive other =
        new OfficialArchive(
            archive.name(),
            archive.title(),
            archive.address(),
            archive.file(),
            archive.bytes(),
            archive.md5(),
            "0".repeat(64),
            archive.format(),
            archive.folder(),
            archive.contents(),
            archive.limits(),
            archive.setting());
    assertFails(download(other), "has SHA-256", "0".repeat(64));
  }

  @Test
  void anotherSizeIsFoundBeforeItIsFetched() {
    OfficialArchive longer =
        Archives.official(new byte[bytes.length + 1], Format.TAR_GZ, server.address());
    assertFails(
        download(longer),
        "has %d bytes; expected %d".formatted(bytes.length, bytes.length + 1),
        "--from set.tar.gz");
    assertThat(part).isEmptyFile();
  }

  @Test
  void statusesAreToldWithWhatToDo() {
    String advice = "--from set.tar.gz";
    server.status = 404;
    assertFails(download(archive), archive.address().toString(), "404", "no such file", advice);
    server.status = 403;
    assertFails(download(archive), "403", "does not allow it", advice);
    server.status = 407;
    assertFails(download(archive), "407", advice);
    server.ranges.clear();
    server.status = 500;
    assertFails(download(archive), "500", advice);
    assertThat(server.ranges).hasSize(1);
  }

  @Test
  void aServerInPassingTroubleIsAskedAgain() throws IOException {
    for (int status : new int[] {429, 502, 503}) {
      server.ranges.clear();
      server.status = status;
      assertFails(download(archive), "status " + status, "--from set.tar.gz");
      assertThat(server.ranges).hasSize(3);
    }
    server.troubles.set(2);
    download(archive).fetch();
    assertUnpacked();
  }

  @Test
  void followsRedirects() throws IOException {
    server.redirect = "/elsewhere";
    download(archive).fetch();
    assertUnpacked();
  }

  @Test
  void aStalledServerIsGivenUp() {
    server.stalls = true;
    assertFails(download(archive), "nothing came for 0 s");
  }

  @Test
  void withNoNetworkItSaysWhatToDo() throws IOException {
    URI closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = URI.create("http://localhost:%d/set".formatted(socket.getLocalPort()));
    }
    for (URI nowhere : List.of(closed, URI.create("http://nowhere.invalid/set"))) {
      assertFails(
          download(archive.at(nowhere)),
          "cannot reach " + nowhere.getHost(),
          "--from set.tar.gz",
          to.resolve("set").toString(),
          "a.bin, inner/b.txt");
      assertThat(to).isEmptyDirectory();
    }
  }

  @Test
  void onlyOneAtATime() throws IOException {
    server.stalls = true;
    Thread first =
        new Thread(
            () ->
                assertThatThrownBy(
                        () ->
                            new Download(
                                    archive,
                                    to,
                                    new Fetch.Patience(
                                        SHORT.connect(), Duration.ofSeconds(1), SHORT.pause()),
                                    DownloadProgress.SILENT)
                                .fetch())
                    .isInstanceOf(JackpotException.class));
    first.start();
    while (server.ranges.isEmpty()) {
      Thread.onSpinWait();
    }
    assertFails(download(archive), "another download");
    try {
      first.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesAnArchiveThatIsHere(@TempDir Path elsewhere) throws IOException {
    Path file = Archives.write(elsewhere, archive, bytes);
    download(archive).from(file);
    assertUnpacked();
    assertThat(file).exists();
    assertThat(server.ranges).isEmpty();
  }

  @Test
  void anotherFileIsNotTheArchive(@TempDir Path elsewhere) throws IOException {
    Path file = Archives.write(elsewhere, archive, new byte[12]);
    assertThatThrownBy(() -> download(archive).from(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("--from", file.toString(), "has 12 bytes");
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> download(archive).from(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("MD5", archive.md5());
    assertThatThrownBy(() -> download(archive).from(elsewhere.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none");
    assertThat(to.resolve("set")).doesNotExist();
  }

  @Test
  void aFolderThatIsNotWholeIsLeftAlone() throws IOException {
    Files.createDirectories(to.resolve("set/inner"));
    assertThatThrownBy(() -> download(archive).isDone())
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("a.bin, inner/b.txt", "--to");
  }

  @Test
  void namesAreKnown() {
    assertThat(OfficialArchives.named("cifar10").bytes()).isEqualTo(170_052_171);
    assertThatThrownBy(() -> OfficialArchives.named("cifar1000"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("nearest: cifar100", "tiny-imagenet");
    assertThat(OfficialArchives.all())
        .allSatisfy(
            a -> {
              assertThat(a.md5()).matches("[0-9a-f]{32}");
              assertThat(a.sha256()).matches("[0-9a-f]{64}");
              assertThat(a.address()).hasScheme("https").asString().endsWith("/" + a.file());
            });
  }
}
