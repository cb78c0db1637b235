package dev.jackpot.cli;

import dev.jackpot.training.download.Download;
import dev.jackpot.training.download.OfficialArchive;
import dev.jackpot.training.download.OfficialArchives;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jackpot data download}: fetches, checks and unpacks an official archive. */
@Command(
    name = "download",
    description = {
      "Fetches a data set from its official address, checks it and unpacks it.",
      "An interrupted download is continued by the same command."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  jackpot data download cifar10",
      "  jackpot run resnet20-cifar10-jackpot90 \\",
      "      --set data.cifar10.path=data/cifar-10-batches-bin"
    })
final class DownloadCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(paramLabel = "NAME", description = "cifar10, cifar100 or tiny-imagenet.")
  private String name;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Where the data set's folder goes (default: ${DEFAULT-VALUE}).")
  private Path to;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Unpack this archive, fetched by other means, instead of fetching it.")
  private Optional<Path> from = Optional.empty();

  @Override
  public void run() {
    OfficialArchive archive = OfficialArchives.named(name);
    boolean there;
    try (DownloadLine line = DownloadLine.of(archive.file())) {
      Download download = new Download(archive, to, line);
      there = download.isDone();
      if (!there && from.isPresent()) {
        download.from(from.get());
      } else if (!there) {
        download.fetch();
      }
    }
    Path folder = to.resolve(archive.folder());
    output.print(
        () ->
            Json.object(
                "data",
                archive.title(),
                "folder",
                folder,
                "setting",
                archive.setting(),
                "was_there",
                there),
        out ->
            out.printf(
                "%s: %s %s; use it with --set %s=%s%n",
                folder,
                archive.title(),
                there ? "is there already" : "is ready",
                archive.setting(),
                folder));
  }
}
