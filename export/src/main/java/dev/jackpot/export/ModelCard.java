package dev.jackpot.export;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a SavedModel cannot say in its own terms; lies beside it in {@code
 * assets.extra/jackpot.json}, which loaders leave alone.
 *
 * @param format version of this file, 1
 * @param network for people
 * @param classes names in the order of the labels
 * @param input what serving_default takes: "pixels" (0–255) or "normalized"
 * @param mean of the normalisation (pixel/255 − mean)/std per channel
 * @param std of the normalisation
 * @param foldedBatchNorms how many were folded into their convolutions
 * @param view how evaluation showed images of other sizes; null in cards that do not say
 */
public record ModelCard(
    int format,
    String network,
    List<String> classes,
    String input,
    List<Double> mean,
    List<Double> std,
    int foldedBatchNorms,
    EvaluationView view) {
  static final int FORMAT = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static Path file(Path savedModel) {
    return savedModel.resolve(SavedModelWriter.EXTRA).resolve("jackpot.json");
  }

  void write(Path savedModel) {
    AtomicFiles.write(file(savedModel), GSON.toJson(this) + "\n");
  }

  /**
   * The card of a SavedModel; none if Jackpot did not write it.
   *
   * @throws JackpotException if it is damaged or of a later format
   */
  public static Optional<ModelCard> read(Path savedModel) {
    Path file = file(savedModel);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      ModelCard card =
          GSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), ModelCard.class);
      if (card == null
          || card.format != FORMAT
          || card.classes == null
          || card.mean == null
          || card.std == null) {
        throw new JackpotException(
            "%s: expected a model card of format %d, found %s"
                .formatted(file, FORMAT, card == null ? "nothing" : card.format));
      }
      return Optional.of(card);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    } catch (JsonParseException e) {
      throw new JackpotException("%s: not a model card: %s".formatted(file, e.getMessage()), e);
    }
  }
}
