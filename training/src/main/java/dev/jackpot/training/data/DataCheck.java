package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.List;
import java.util.Optional;

/**
 * What a data set holds, found by reading all of it once.
 *
 * @param description what people call it
 * @param fingerprint digest of its content, see {@link DataSet#fingerprint()}
 * @param shape shape in which every image is handed out
 * @param classNames a name per class
 * @param train the training split
 * @param validation the part of it that is set apart, if any
 * @param test the test split
 * @param overlaps images that are in two splits, byte for byte
 */
public record DataCheck(
    String description,
    String fingerprint,
    ImageShape shape,
    List<String> classNames,
    SplitCheck train,
    Optional<SplitCheck> validation,
    SplitCheck test,
    List<Overlap> overlaps) {
  public DataCheck {
    classNames = List.copyOf(classNames);
    overlaps = List.copyOf(overlaps);
  }

  /**
   * One image in two splits.
   *
   * @param held its name in the test or the validation split
   * @param train its name in the training split
   */
  public record Overlap(String held, String train) {}

  /**
   * Reads every image and label. Images that cannot be decoded are listed, also where others stand
   * in for them.
   *
   * @throws JackpotException if a label is out of range
   */
  public static DataCheck of(DataSet data) {
    SplitCheck train = SplitCheck.of(data.train(), data.classes(), "training");
    Optional<SplitCheck> validation =
        data.validation().map(split -> SplitCheck.of(split, data.classes(), "validation"));
    SplitCheck test = SplitCheck.of(data.test(), data.classes(), "test");
    Overlaps overlaps = new Overlaps(data.train(), train.contents());
    overlaps.find(data.test(), test.contents());
    validation.ifPresent(check -> overlaps.find(data.validation().orElseThrow(), check.contents()));
    return new DataCheck(
        data.description(),
        data.fingerprint(),
        data.shape(),
        data.classNames(),
        train,
        validation,
        test,
        overlaps.found());
  }

  /** Images of all splits. */
  public int images() {
    return train.images() + validation.map(SplitCheck::images).orElse(0) + test.images();
  }

  /** Images of all splits that cannot be decoded. */
  public List<Split.Skipped> unreadable() {
    return java.util.stream.Stream.of(Optional.of(train), validation, Optional.of(test))
        .flatMap(Optional::stream)
        .flatMap(check -> check.unreadable().stream())
        .distinct()
        .toList();
  }
}
